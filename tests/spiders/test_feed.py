"""Feeds: conditional, followed to their articles where they hold only summaries, broken ones read as far as they go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from store.stages import HarvestState
from tests.spiders.conftest import NOW, Crawl
from tests.spiders.site import Answer, Site

RSS = "application/rss+xml; charset=utf-8"


def rss(*items: str, self_link: str = "") -> str:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        f' xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>报</title>{self_link}{inner}</channel></rss>'
    )


ITEM = (
    "<title>渤海湾发现赤潮 &amp;amp; 面积</title><link>/海洋/1.html?utm_source=rss</link><author>a@b.cn (张三)</author>"
    "<pubDate>Tue, 20 Jan 2026 09:00:00 +0800</pubDate>"
)
ARTICLE = (
    "<html><head><title>渤海湾发现赤潮-报</title></head><body><h1>渤海湾发现赤潮</h1>"
    "<p>天津近岸海域监测到夜光藻赤潮，最大面积约一百二十平方公里。</p><p>专家提醒，近期不要采食该海域贝类。{more}</p></body></html>"
)


def test_an_item_is_heard_with_title_text_time_and_canonical_address(site: Site, crawl: Crawl) -> None:
    text = "<content:encoded><![CDATA[<p>第一段，电话13800138000。</p><p>第二段。</p>]]></content:encoded>"
    site.pages["/rss"] = Answer(
        rss(ITEM + text, self_link='<atom:link rel="self" href="http://127.0.0.1/rss"/>'), type=RSS
    )
    entry = crawl("feed", f"{site.base}/rss").entries[0]
    assert entry.url == f"{site.base}/%E6%B5%B7%E6%B4%8B/1.html"
    assert entry.title == "渤海湾发现赤潮 & 面积"
    assert entry.text == "第一段，电话[电话]。\n第二段。"
    assert entry.published_at == datetime(2026, 1, 20, 1, 0, tzinfo=UTC)
    assert len(entry.author_key) == 64


def test_a_second_crawl_of_an_unchanged_feed_transfers_nothing(site: Site, crawl: Crawl) -> None:
    site.pages["/rss"] = Answer(rss(ITEM), type=RSS, has_etag=True)
    first = crawl("feed", f"{site.base}/rss")
    again = crawl("feed", f"{site.base}/rss", cursor=first.cursor)
    assert (again.state, again.entries) == (HarvestState.NOT_MODIFIED, ())
    assert len(site.bodies()) == 1


def test_a_feed_without_validators_brings_only_what_is_new_or_changed(site: Site, crawl: Crawl) -> None:
    other = "<title>第二条</title><link>/2</link><description>旧</description>"
    site.pages["/rss"] = Answer(rss(ITEM, other), type=RSS)
    first = crawl("feed", f"{site.base}/rss")
    again = crawl("feed", f"{site.base}/rss", cursor=first.cursor)
    assert again.state is HarvestState.NOTHING_NEW
    site.pages["/rss"] = Answer(rss(ITEM, other.replace("旧", "新")), type=RSS)
    changed = crawl("feed", f"{site.base}/rss", cursor=again.cursor)
    assert [e.text for e in changed.entries] == ["新"]


def test_a_summary_is_followed_to_its_article_and_edits_are_seen(site: Site, crawl: Crawl) -> None:
    path = "/%E6%B5%B7%E6%B4%8B/1.html"
    site.pages["/rss"] = Answer(rss(ITEM + "<description>摘要…</description>"), type=RSS, has_etag=True)
    site.pages[path] = Answer(ARTICLE.format(more=""), has_etag=True)
    first = crawl("feed", f"{site.base}/rss", follow=True)
    assert first.entries[0].text.startswith("天津近岸海域")
    again = crawl("feed", f"{site.base}/rss", follow=True, cursor=first.cursor)
    assert (again.state, len(site.bodies())) == (HarvestState.NOT_MODIFIED, 2)
    site.pages[path] = Answer(ARTICLE.format(more="更正：面积为八十平方公里。"), has_etag=True)
    edited = crawl("feed", f"{site.base}/rss", follow=True, cursor=again.cursor, now=NOW + timedelta(hours=25))
    assert "更正" in edited.entries[0].text
    assert edited.entries[0].url == first.entries[0].url


def test_an_article_that_cannot_be_had_leaves_its_summary_and_is_tried_again(site: Site, crawl: Crawl) -> None:
    site.pages["/rss"] = Answer(rss(ITEM + "<description>摘要。</description>"), type=RSS, has_etag=True)
    first = crawl("feed", f"{site.base}/rss", follow=True)
    assert (first.state, first.entries[0].text) == (HarvestState.PARTIAL, "摘要。")
    site.pages["/%E6%B5%B7%E6%B4%8B/1.html"] = Answer(ARTICLE.format(more=""))
    second = crawl("feed", f"{site.base}/rss", follow=True, cursor=first.cursor)
    assert second.entries[0].text.startswith("天津近岸海域")


def test_titles_cut_inside_a_character_are_partial_not_lost(site: Site, crawl: Crawl) -> None:
    cut = "风暴潮橙色".encode()[:-1].decode("utf-8", "surrogateescape")
    body = rss(
        f"<title>{cut}</title><link>/1</link><description>正文。</description>", "<title>好的</title><link>/2</link>"
    )
    site.pages["/rss"] = Answer(body.encode("utf-8", "surrogateescape"), type=RSS)
    harvest = crawl("feed", f"{site.base}/rss")
    assert harvest.state is HarvestState.PARTIAL
    assert [e.title for e in harvest.entries] == ["风暴潮橙", "好的"]


def test_a_page_that_is_no_feed_is_a_parse_failure(site: Site, crawl: Crawl) -> None:
    site.pages["/rss"] = Answer("<html><body><h1>欢迎</h1><p>这里没有订阅源。</p></body></html>")
    assert crawl("feed", f"{site.base}/rss").state is HarvestState.PARSE_FAILED


def test_an_empty_feed_is_empty_where_something_was_expected(site: Site, crawl: Crawl) -> None:
    site.pages["/rss"] = Answer(rss(), type=RSS)
    assert crawl("feed", f"{site.base}/rss", expect={"min": 1, "max": 9}).state is HarvestState.EMPTY
    assert crawl("feed", f"{site.base}/rss").state is HarvestState.NOTHING_NEW


def test_a_gb18030_feed_that_declares_nothing_is_read(site: Site, crawl: Crawl) -> None:
    body = rss(ITEM).replace('<?xml version="1.0" encoding="UTF-8"?>', "").encode("gb18030")
    site.pages["/rss"] = Answer(body, type="text/xml")
    assert crawl("feed", f"{site.base}/rss").entries[0].title.startswith("渤海湾")
