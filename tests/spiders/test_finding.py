"""From what a site answers to the best way to hear it: chosen purely, asked politely, written to be reviewed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.finding.asking import Ask, Probe, Purpose, first_asks, further_asks, known_host, platform_of
from spiders.finding.choose import BOARD_NEEDS, choose, remarks
from spiders.finding.platforms import Proposal
from spiders.finding.scout import Manners, in_order, scout
from spiders.finding.writing import Review, file_text, slug_of, values_of
from spiders.saved import Saved
from spiders.sources import read_source, read_values, source_text
from store.errors import BadInput
from store.settings import Settings
from tests.spiders.site import Answer, Site

NOW = datetime(2026, 1, 22, 18, 0, tzinfo=UTC)
HOME = "https://tj.example.cn/"
ALL = ("feed", "news", "mastodon", "discuz", "board", "sitemap", "wordpress", "discourse", "nodebb", "tieba", "weibo")
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>渤海快讯</title>
<item><title>今冬海冰偏轻</title><link>https://tj.example.cn/a/1</link><description>摘要。</description></item>
<item><title>东疆栈道检修</title><link>https://tj.example.cn/a/2</link><description>摘要。</description></item></channel></rss>"""
POST = {"id": 1, "date_gmt": "2026-01-21T00:00:00", "title": {"rendered": "海冰"}}
STATUS = {"id": "9", "account": {"acct": "a"}, "created_at": "2026-01-21T00:00:00Z", "content": "<p>潮真大</p>"}
TITLES = ["渤海湾今冬海冰偏轻", "独流减河口清淤收尾", "南港码头夜间施工答复", "东疆公园栈道检修", "海上风电运维船返港"]


def page(body: str, **headers: str) -> Saved:
    return Saved(HOME, body.encode(), 200, {"content-type": "text/html; charset=utf-8", **headers}, asked=HOME)


def html(head: str = "", body: str = "") -> Saved:
    return page(f"<html><head><title>津门海事</title>{head}</head><body>{body}</body></html>")


def listing(pattern: str = "/a/2026{}.html", words: str = "") -> Saved:
    links = "".join(f'<li><a href="{pattern.format(1000 + i)}">{t}</a></li>' for i, t in enumerate(TITLES))
    return html(body=f"<ul>{links}</ul>{words}")


def probe(purpose: Purpose, url: str, body: object) -> Probe:
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return Probe(Ask(purpose, url), Saved(url, data, 200, {}, asked=url))


def chosen(*probes: Probe, kinds: tuple[str, ...] = ALL, url: str = HOME) -> list[str]:
    return [one.kind for one in choose(url, probes, kinds=kinds, now=NOW)]


def home(saved: Saved) -> Probe:
    return Probe(Ask(Purpose.PAGE, HOME), saved)


class TestAsking:
    def test_feeds_the_page_links_are_asked_articles_before_comments(self) -> None:
        head = (
            '<link rel="alternate" type="application/rss+xml" href="/comments/feed">'
            '<link rel="alternate" type="application/rss+xml" href="/feed">'
            '<link rel="alternate" hreflang="en" href="/en/">'
        )
        asked = [a.url for a in further_asks(HOME, [home(html(head))]) if a.purpose is Purpose.FEED]
        assert asked == [f"{HOME}feed", f"{HOME}comments/feed"]

    def test_without_a_linked_feed_the_usual_addresses_are_tried(self) -> None:
        asked = [a.url for a in further_asks(HOME, [home(html())]) if a.purpose is Purpose.FEED]
        assert asked == [f"{HOME}feed", f"{HOME}rss.xml"]

    def test_sitemaps_of_robots_txt_are_asked_the_news_one_first(self) -> None:
        lines = "Sitemap: https://tj.example.cn/sitemap.xml\nsitemap: https://tj.example.cn/news-map.xml\n"
        robots = probe(Purpose.ROBOTS, f"{HOME}robots.txt", lines)
        asked = [a.url for a in further_asks(HOME, [home(html()), robots]) if a.purpose is Purpose.SITEMAP]
        assert asked == [f"{HOME}news-map.xml", f"{HOME}sitemap.xml"]

    @pytest.mark.parametrize(
        ("saved", "platform"),
        [
            (html('<meta name="generator" content="WordPress 6.1">'), "wordpress"),
            (html('<link rel="https://api.w.org/" href="/wp-json/">'), "wordpress"),
            (html('<meta name="Generator" content="Discuz! X3.4">'), "discuz"),
            (html(body='<tbody id="normalthread_12"></tbody>'), "discuz"),
            (html('<meta name="generator" content="snac/2.75">'), "mastodon"),
            (html('<meta name="generator" content="Discourse 3.2">'), "discourse"),
            (page("<html><body>x</body></html>", **{"x-powered-by": "NodeBB"}), "nodebb"),
            (html(), ""),
        ],
    )
    def test_a_platform_is_known_by_its_marks_and_only_it_is_asked(self, saved: Saved, platform: str) -> None:
        assert platform_of(saved) == platform
        purposes = {a.purpose.value for a in further_asks(HOME, [home(saved)])} - {"feed", "sitemap"}
        everything = {"wordpress", "mastodon", "discourse", "nodebb"}
        assert purposes == ({platform} & everything if platform else everything)

    def test_a_hashtag_page_leads_to_the_timeline_of_the_hashtag(self) -> None:
        url = "https://m.example.cn/tags/赤潮"
        asks = further_asks(url, [Probe(Ask(Purpose.PAGE, url), html())])
        assert any(a.url.endswith("/api/v1/timelines/tag/赤潮") for a in asks)

    @pytest.mark.parametrize("url", ["https://tieba.baidu.com/f?kw=天津", "https://m.weibo.cn/u/1", HOME])
    def test_a_site_that_refuses_or_is_known_by_name_is_asked_nothing_more(self, url: str) -> None:
        assert further_asks(url, [Probe(Ask(Purpose.PAGE, url), Saved(url, b"no", 403))]) == []
        assert further_asks(url, [Probe(Ask(Purpose.PAGE, url), None, "没有回答")]) == []
        assert known_host("https://nottieba.baidu.com.example.cn/") == ""

    @given(st.text(max_size=300))
    def test_no_page_makes_us_ask_more_than_a_dozen_addresses(self, body: str) -> None:
        asks = [*first_asks(HOME), *further_asks(HOME, [home(html(body, body))])]
        assert len({a.url for a in asks}) == len(asks) <= 12


class TestChoosing:
    def test_a_platform_s_interface_comes_before_its_feed_and_its_pages(self) -> None:
        posts = probe(Purpose.WORDPRESS, f"{HOME}wp-json/wp/v2/posts?per_page=1", [POST])
        feed = probe(Purpose.FEED, f"{HOME}feed", RSS)
        assert chosen(home(listing()), feed, posts) == ["wordpress", "feed", "news"]
        first = choose(HOME, [home(listing()), posts], kinds=ALL, now=NOW)[0]
        assert (first.url, first.title) == (HOME, "津门海事")

    def test_a_kind_this_version_does_not_know_is_not_proposed(self) -> None:
        posts = probe(Purpose.WORDPRESS, f"{HOME}wp-json/wp/v2/posts?per_page=1", [POST])
        assert chosen(home(listing()), posts, kinds=("feed", "news")) == ["news"]

    @pytest.mark.parametrize(
        ("purpose", "path", "answer", "kind"),
        [
            (Purpose.MASTODON, "api/v1/timelines/public?local=true", [STATUS], "mastodon"),
            (Purpose.DISCOURSE, "site.json", {"categories": []}, "discourse"),
            (Purpose.NODEBB, "api/config", {"relative_path": "", "topicsPerPage": 20}, "nodebb"),
        ],
    )
    def test_an_interface_that_answers_as_it_should_is_the_way(
        self, purpose: Purpose, path: str, answer: object, kind: str
    ) -> None:
        assert chosen(home(html()), probe(purpose, HOME + path, answer)) == [kind]
        assert chosen(home(html()), probe(purpose, HOME + path, {"error": "no"})) == []
        assert chosen(home(html()), probe(purpose, HOME + path, "<html>404</html>")) == []

    def test_a_feed_of_summaries_follows_its_articles(self) -> None:
        found = choose(f"{HOME}rss", [probe(Purpose.PAGE, f"{HOME}rss", RSS)], kinds=ALL, now=NOW)
        assert [(one.kind, one.keys, one.title) for one in found] == [("feed", {"follow": True}, "渤海快讯")]

    def test_an_empty_feed_is_no_way(self) -> None:
        assert chosen(home(html()), probe(Purpose.FEED, f"{HOME}feed", '<rss version="2.0"><channel/></rss>')) == []

    def test_a_news_sitemap_comes_before_a_plain_one_and_after_a_feed(self) -> None:
        plain = probe(Purpose.SITEMAP, f"{HOME}sitemap.xml", "<urlset></urlset>")
        news = probe(Purpose.SITEMAP, f"{HOME}news.xml", '<urlset xmlns:news="x"><news:news/></urlset>')
        found = choose(HOME, [home(html()), plain, news], kinds=ALL, now=NOW)
        assert [one.url for one in found] == [f"{HOME}news.xml", f"{HOME}sitemap.xml"]
        assert chosen(home(html()), plain, probe(Purpose.FEED, f"{HOME}feed", RSS)) == ["feed", "sitemap"]

    def test_a_plain_list_of_articles_is_heard_as_one(self) -> None:
        assert chosen(home(listing())) == ["news"]

    def test_a_board_of_unknown_make_names_the_selectors_it_needs(self) -> None:
        found = choose(HOME, [home(listing("/thread/{}", "回复 楼主 最后发表"))], kinds=ALL, now=NOW)
        assert (found[0].kind, found[0].needs) == ("board", BOARD_NEEDS)

    def test_a_discuz_board_comes_before_its_feed(self) -> None:
        board = html('<meta name="generator" content="Discuz! X3.4">', '<a href="forum-36-1.html">海洋</a>')
        found = choose(HOME, [home(board), probe(Purpose.FEED, f"{HOME}feed", RSS)], kinds=ALL, now=NOW)
        assert [one.kind for one in found] == ["discuz", "feed"]

    def test_tieba_and_weibo_are_known_by_their_hosts(self) -> None:
        for url, kind in (("https://tieba.baidu.com/f?kw=塘沽", "tieba"), ("https://m.weibo.cn/u/1", "weibo")):
            assert chosen(Probe(Ask(Purpose.PAGE, url), None, "没有回答"), url=url) == [kind]

    def test_nothing_is_proposed_for_an_empty_page_and_the_answers_are_told(self) -> None:
        probes = [home(html()), Probe(Ask(Purpose.FEED, f"{HOME}feed"), None, "robots.txt 不允许")]
        assert chosen(*probes) == []
        assert remarks(probes)[1] == f"{HOME}feed：robots.txt 不允许"

    @given(st.binary(max_size=200), st.sampled_from(list(Purpose)))
    def test_no_answer_breaks_the_choice_and_equal_answers_choose_equally(self, body: bytes, purpose: Purpose) -> None:
        probes = [home(listing()), Probe(Ask(purpose, f"{HOME}x"), Saved(f"{HOME}x", body, 200))]
        assert choose(HOME, probes, kinds=ALL, now=NOW) == choose(HOME, probes, kinds=ALL, now=NOW)


class TestWriting:
    def test_the_file_is_off_unverified_readable_and_says_what_to_check(self) -> None:
        one = Proposal(kind="feed", url=f"{HOME}feed", why="订阅源", title="津门: 海事 #1", keys={"follow": True})
        values = values_of(one, title="", more={"allow_private": True}, listed=12)
        text = file_text(values, one, Review(now=NOW, tried="收到 12 条", others=[one]))
        read = read_values(text, where="x")
        assert read == values
        source = read_source("x", read, where="x")
        assert (source.on, source.verified, source.title, source.follow) == (False, False, "津门: 海事 #1", True)
        assert "# 试听：收到 12 条" in text and "核对：读过对方的使用条款" in text and "也可以用：feed" in text

    def test_a_board_s_file_names_each_selector_to_fill_in(self) -> None:
        one = Proposal(kind="board", url=HOME, why="像论坛", needs=BOARD_NEEDS)
        text = file_text(values_of(one, title="", more={}), one, Review(now=NOW, tried=""))
        assert all(f'#   {name}: ""' in text for name in BOARD_NEEDS)

    def test_text_from_a_page_cannot_leave_its_line(self) -> None:
        one = Proposal(kind="feed", url=HOME, why="订阅源\non: true", title="海\non: true")
        read = read_values(
            file_text(values_of(one, title="", more={}), one, Review(now=NOW, tried="a\nb: c")), where="x"
        )
        assert isinstance(read, dict) and read["on"] is False and "b" not in read

    @given(st.text(st.characters(exclude_characters="[]/?#@:\\", exclude_categories=["Cs"]), max_size=80))
    def test_a_file_name_is_always_one_that_is_read(self, host: str) -> None:
        slug = slug_of(f"http://{host}/", "feed")
        source = {"title": "x", "publisher": "x", "kind": "feed", "url": HOME, "terms": "x", "cadence": "1d"}
        assert read_source(slug, source, where="x").slug == slug

    @given(st.dictionaries(st.sampled_from(["title", "note", "on", "terms"]), st.one_of(st.text(), st.booleans())))
    def test_what_is_written_is_read_again(self, values: dict[str, object]) -> None:
        plain = {key: value for key, value in values.items() if not isinstance(value, str) or value.isprintable()}
        assert (read_values(source_text(plain), where="x") or {}) == plain


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    given = {"state": tmp_path / "var", "sample": False, "request_timeout_seconds": 3.0, "host_delay_seconds": 0.0}
    monkeypatch.setattr("spiders.finding.scout.settings", lambda: Settings.model_validate(given))
    return tmp_path


class TestScouting:
    def test_a_site_is_asked_in_few_requests_as_ourselves_and_in_a_known_order(self, site: Site, state: Path) -> None:
        site.pages["/"] = Answer(listing().body)
        site.pages["/rss.xml"] = Answer(RSS.encode(), type="application/rss+xml")
        probes = scout(f"{site.base}/", Manners(allow_private=True), now=NOW, spool=state)
        assert [p.ask.purpose for p in probes[:2]] == [Purpose.PAGE, Purpose.ROBOTS]
        assert probes == in_order(f"{site.base}/", list(reversed(probes)))
        assert len(site.seen) <= 12
        assert all(seen.headers["user-agent"].startswith("Chaoxin/") for seen in site.seen)
        assert [one.kind for one in choose(f"{site.base}/", probes, kinds=ALL, now=NOW)] == ["feed", "news"]

    def test_robots_txt_is_obeyed_unless_somebody_gave_leave(self, site: Site, state: Path) -> None:
        site.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n", type="text/plain")
        site.pages["/"] = Answer(listing().body)
        refused = scout(f"{site.base}/", Manners(allow_private=True), now=NOW, spool=state)
        assert refused[0].is_forbidden and {seen.path for seen in site.seen} == {"/robots.txt"}
        leave = Manners(allow_private=True, permission="站长 2026-01-20 书面同意")
        assert scout(f"{site.base}/", leave, now=NOW, spool=state)[0].is_good

    def test_our_own_network_is_not_looked_at_without_leave(self, site: Site, state: Path) -> None:
        probes = scout(f"{site.base}/", Manners(), now=NOW, spool=state)
        assert site.seen == []
        assert "allow_private" in probes[0].refused

    def test_what_is_no_address_is_refused(self, state: Path) -> None:
        with pytest.raises((BadInput, Exception), match="http"):
            scout("ftp://x/", Manners(), now=NOW, spool=state)
