"""News lists, bulletin pages and CAP feeds: paging, edits, what is not fetched again."""

from __future__ import annotations

from datetime import timedelta

from store.stages import HarvestState
from tests.spiders.conftest import NOW, Crawl
from tests.spiders.site import Answer, Site

PAGE = "<html><head><title>{title}-报</title></head><body><h1>{title}</h1><p>2026-01-22 08:00</p><div><p>天津近岸海域{n}号断面，监测到夜光藻赤潮。</p><p>专家提醒，近期不要采食贝类，{more}。</p></div></body></html>"


def title(n: int) -> str:
    return f"滨海新区发布第{n}期海洋简报"


def listing(numbers: range, *, following: str = "") -> str:
    rows = "".join(f'<li><a href="/2026/01/n{n:03}.html">{title(n)}</a></li>' for n in numbers)
    return f"<ul>{rows}</ul>" + (f'<a href="{following}">下一页</a>' if following else "")


def publish(site: Site, count: int, *, has_etag: bool = True) -> None:
    for n in range(count):
        body = PAGE.format(title=title(n), n=n, more="养殖户应暂停换水")
        site.pages[f"/2026/01/n{n:03}.html"] = Answer(body, has_etag=has_etag)
    site.pages["/list/1.html"] = Answer(listing(range(3), following="/list/2.html"), has_etag=has_etag)
    site.pages["/list/2.html"] = Answer(listing(range(3, 6)), has_etag=has_etag)


def test_list_pages_are_followed_as_far_as_the_source_says(site: Site, crawl: Crawl) -> None:
    publish(site, 6)
    assert len(crawl("news", f"{site.base}/list/1.html", pages=1).entries) == 3
    harvest = crawl("news", f"{site.base}/list/1.html", pages=5)
    assert sorted(e.title for e in harvest.entries) == [title(n) for n in range(6)]
    assert all(e.published_at and e.published_at.isoformat() == "2026-01-22T00:00:00+00:00" for e in harvest.entries)


def test_unchanged_articles_are_not_transferred_again(site: Site, crawl: Crawl) -> None:
    publish(site, 6)
    first = crawl("news", f"{site.base}/list/1.html", pages=5)
    before = len(site.bodies())
    again = crawl("news", f"{site.base}/list/1.html", pages=5, cursor=first.cursor, now=NOW + timedelta(hours=1))
    assert (again.state, again.entries) == (HarvestState.NOT_MODIFIED, ())
    assert len(site.bodies()) == before


def test_an_edit_of_a_young_article_is_seen_and_of_an_old_one_not_asked(site: Site, crawl: Crawl) -> None:
    publish(site, 6)
    first = crawl("news", f"{site.base}/list/1.html")
    site.pages["/2026/01/n001.html"] = Answer(PAGE.format(title=title(1), n=1, more="更正面积"), has_etag=True)
    edited = crawl("news", f"{site.base}/list/1.html", cursor=first.cursor, now=NOW + timedelta(hours=10))
    assert [("更正" in e.text, e.title) for e in edited.entries] == [(True, title(1))]
    asked = len(site.seen)
    old = crawl("news", f"{site.base}/list/1.html", cursor=edited.cursor, now=NOW + timedelta(days=9))
    assert old.state is HarvestState.NOT_MODIFIED
    assert len(site.seen) == asked + 2  # robots.txt and the list


def test_a_site_without_validators_is_read_again_once_a_day(site: Site, crawl: Crawl) -> None:
    publish(site, 6, has_etag=False)
    first = crawl("news", f"{site.base}/list/1.html")
    soon = crawl("news", f"{site.base}/list/1.html", cursor=first.cursor, now=NOW + timedelta(hours=1))
    assert (soon.state, len(site.bodies(of="/2026"))) == (HarvestState.NOTHING_NEW, 3)
    crawl("news", f"{site.base}/list/1.html", cursor=soon.cursor, now=NOW + timedelta(hours=25))
    assert len(site.bodies(of="/2026")) == 6


def test_only_new_articles_of_a_changed_list_are_fetched(site: Site, crawl: Crawl) -> None:
    publish(site, 6)
    first = crawl("news", f"{site.base}/list/1.html")
    site.pages["/list/1.html"] = Answer(listing(range(4)), has_etag=True)
    again = crawl("news", f"{site.base}/list/1.html", cursor=first.cursor)
    assert [e.title for e in again.entries] == [title(3)]


def test_an_article_behind_a_wall_makes_the_run_partial_and_is_tried_again(site: Site, crawl: Crawl) -> None:
    publish(site, 6)
    good = site.pages["/2026/01/n002.html"]
    site.pages["/2026/01/n002.html"] = Answer("no", 500)
    first = crawl("news", f"{site.base}/list/1.html")
    assert (first.state, len(first.entries)) == (HarvestState.PARTIAL, 2)
    assert "n002" in first.message
    site.pages["/2026/01/n002.html"] = good
    again = crawl("news", f"{site.base}/list/1.html", cursor=first.cursor)
    assert [e.title for e in again.entries] == [title(2)]


def test_repeated_refusals_stop_the_run(site: Site, crawl: Crawl) -> None:
    site.pages["/list/1.html"] = Answer(listing(range(30)))
    for n in range(30):
        site.pages[f"/2026/01/n{n:03}.html"] = Answer("no", 403)
    harvest = crawl("news", f"{site.base}/list/1.html")
    assert harvest.state is HarvestState.BLOCKED
    assert len(site.seen) < 12


def test_a_gb18030_page_mislabelled_as_utf8_is_read(site: Site, crawl: Crawl) -> None:
    publish(site, 1)
    site.pages["/list/1.html"] = Answer(listing(range(1)).encode("gb18030"), type="text/html; charset=utf-8")
    body = PAGE.format(title=title(0), n=0, more="东疆湾㛃字").encode("gb18030")
    site.pages["/2026/01/n000.html"] = Answer(body, type="text/html; charset=iso-8859-1")
    entry = crawl("news", f"{site.base}/list/1.html").entries[0]
    assert entry.title == title(0)
    assert "㛃" in entry.text


def test_a_moved_article_keeps_the_address_that_answers(site: Site, crawl: Crawl) -> None:
    publish(site, 1)
    site.pages["/list/1.html"] = Answer(listing(range(1)))
    site.pages["/new/n000.html"] = site.pages["/2026/01/n000.html"]
    site.pages["/2026/01/n000.html"] = Answer("", 301, {"Location": "/new/n000.html"})
    assert [e.url for e in crawl("news", f"{site.base}/list/1.html").entries] == [f"{site.base}/new/n000.html"]


CAP = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{n}</identifier><sent>2026-01-21T20:00:00+08:00</sent>'
    "<info><language>zh-CN</language><event>风暴潮</event><senderName>预报中心</senderName><headline>第{n}号</headline>"
    "<description>天津沿海将出现风暴增水。</description></info></alert>"
)


def cap_feed(count: int) -> Answer:
    entries = "".join(
        f'<entry><id>urn:{n}</id><title>{n}</title><updated>2026-01-2{n}T00:00:00Z</updated><link href="/cap/{n}.xml"/></entry>'
        for n in range(count)
    )
    return Answer(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>c</title>{entries}</feed>', has_etag=True)


def test_each_cap_message_is_read_once_and_kept_whole(site: Site, crawl: Crawl) -> None:
    site.pages.update({f"/cap/{n}.xml": Answer(CAP.format(n=n), type="application/cap+xml") for n in range(3)})
    site.pages["/feed"] = cap_feed(2)
    first = crawl("cap", f"{site.base}/feed", official=True)
    assert {(e.title, e.publisher, e.official) for e in first.entries} == {
        ("第0号", "预报中心", True),
        ("第1号", "预报中心", True),
    }
    assert {e.raw for e in first.entries} == {CAP.format(n=0), CAP.format(n=1)}
    site.pages["/feed"] = cap_feed(3)
    again = crawl("cap", f"{site.base}/feed", official=True, cursor=first.cursor)
    assert [e.title for e in again.entries] == ["第2号"]


def test_a_bulletin_is_heard_as_published(site: Site, crawl: Crawl) -> None:
    lines = ["风暴潮蓝色警报", "编号：津海预警〔2026〕第3号", "发布时间：2026年1月20日10时00分", "值班022-66370000"]
    site.pages["/b/"] = Answer('<ul><li><a href="/b/2026-01-20-surge.html">风暴潮蓝色警报</a></li></ul>')
    site.pages["/b/2026-01-20-surge.html"] = Answer(
        "<div id=bulletin>" + "".join(f"<p>{x}</p>" for x in lines) + "</div>"
    )
    entry = crawl("bulletin", f"{site.base}/b/", official=True).entries[0]
    assert entry.raw == "\n".join(lines)
    assert entry.text.endswith("值班[电话]")
    assert entry.published_at is not None
    assert entry.published_at.isoformat() == "2026-01-20T02:00:00+00:00"
