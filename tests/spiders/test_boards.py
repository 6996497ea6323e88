"""Boards and microblogs: every post once, replies with what they answer, nothing lost between two runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from store.stages import HarvestState
from tests.spiders.conftest import NOW, Crawl
from tests.spiders.site import Answer, Site


def thread_page(tid: int, posts: range, *, following: str = "", edited: str = "") -> Answer:
    floors = "".join(
        f'<div id="post_{tid}{n:02}"><a class="xw1" href="space-uid-{n}.html">网友{n}</a><a id="postnum{tid}{n:02}">'
        f'{"楼主" if n == 1 else f"{n}#"}</a><em id="authorposton{tid}{n:02}">发表于 2026-1-22 09:{n:02}</em>'
        f'<table><td class="t_f" id="postmessage_{tid}{n:02}">第{n}楼：东疆海边的水变红了。{edited if n == 1 else ""}</td></table></div>'
        for n in posts
    )
    pager = f'<div class="pg"><a class="nxt" href="{following}">下一页</a></div>' if following else ""
    body = f'<meta charset="gbk"><span id="thread_subject">主题{tid}</span>{floors}{pager}'
    return Answer(body.encode("gb18030"), type="text/html; charset=gbk")


def forum_page(*threads: tuple[int, int]) -> Answer:
    rows = "".join(
        f'<tbody id="normalthread_{tid}"><tr><th><a class="s xst" href="thread-{tid}-1-1.html">主题{tid}</a></th>'
        f'<td class="num"><a>{replies}</a></td><td class="by"><em><a>2026-1-22 09:{replies}</a></em></td></tr></tbody>'
        for tid, replies in threads
    )
    return Answer(f"<table>{rows}</table>".encode("gb18030"), type="text/html; charset=gbk")


def board(site: Site) -> str:
    site.pages["/forum-1-1.html"] = forum_page((10, 6), (20, 0))
    site.pages["/thread-10-1-1.html"] = thread_page(10, range(1, 6), following="thread-10-2-1.html")
    site.pages["/thread-10-2-1.html"] = thread_page(10, range(6, 8))
    site.pages["/thread-20-1-1.html"] = thread_page(20, range(1, 2))
    return f"{site.base}/forum-1-1.html"


def test_every_post_of_every_page_is_an_entry_that_answers_the_first(site: Site, crawl: Crawl) -> None:
    harvest = crawl("discuz", board(site))
    assert harvest.state is HarvestState.OK
    posts = {e.url: e for e in harvest.entries}
    first = f"{site.base}/forum.php?goto=findpost&mod=redirect&pid=1001&ptid=10"
    assert len(posts) == len(harvest.entries) == 8
    assert posts[first].reply_to == ""
    assert {e.reply_to for u, e in posts.items() if "ptid=10" in u and u != first} == {first}
    assert {e.title for e in harvest.entries} == {"主题10", "主题20"}
    assert all(len(e.author_key) == 64 and "网友" not in e.text for e in harvest.entries)


def test_a_thread_with_new_replies_is_read_on_from_its_last_page(site: Site, crawl: Crawl) -> None:
    url = board(site)
    first = crawl("discuz", url)
    quiet = crawl("discuz", url, cursor=first.cursor)
    assert (quiet.state, quiet.requests) == (HarvestState.NOTHING_NEW, 1)  # the list; robots.txt is kept
    site.pages["/forum-1-1.html"] = forum_page((10, 7), (20, 0))
    site.pages["/thread-10-2-1.html"] = thread_page(10, range(6, 9))
    again = crawl("discuz", url, cursor=quiet.cursor)
    assert [e.text[:3] for e in again.entries] == ["第8楼"]
    assert again.entries[0].reply_to.endswith("pid=1001&ptid=10")
    assert len(site.asked("/thread-10-1-1.html")) == 1


def test_an_edited_post_of_a_young_thread_is_seen_within_a_day(site: Site, crawl: Crawl) -> None:
    url = board(site)
    first = crawl("discuz", url)
    site.pages["/thread-20-1-1.html"] = thread_page(20, range(1, 2), edited="补充：已打12345。")
    again = crawl("discuz", url, cursor=first.cursor, now=NOW + timedelta(hours=25))
    assert ["补充" in e.text for e in again.entries] == [True]


def test_a_board_index_leads_to_its_forums(site: Site, crawl: Crawl) -> None:
    board(site)
    site.pages["/forum.php"] = Answer('<a href="forum-1-1.html">滨海生活</a><a href="forum-2-1.html">钓鱼</a>')
    site.pages["/forum-2-1.html"] = forum_page((30, 0))
    site.pages["/thread-30-1-1.html"] = thread_page(30, range(1, 3))
    assert len(crawl("discuz", f"{site.base}/forum.php").entries) == 10


class Microblog:
    """The Mastodon API over a list of ids, oldest first."""

    def __init__(self, site: Site, count: int) -> None:
        self.base, self.count, self.replies = site.base, count, {5: 3, 6: 9999}
        self.edited: dict[int, str] = {}
        self.asked: list[Mapping[str, list[str]]] = []
        for tag in ("/api/v1/timelines/public", "/api/v1/timelines/tag/%E6%BD%AE"):
            site.pages[tag] = lambda _: Answer("")
        self.site = site
        site.pages = _Paged(self)  # type: ignore[assignment]

    def timeline(self, query: Mapping[str, list[str]]) -> Answer:
        self.asked.append(query)
        high = int(query.get("max_id", ["999999"])[0])
        low = int(query.get("since_id", ["0"])[0])
        ids = [n for n in range(self.count, 0, -1) if low < n < high][: int(query["limit"][0])]
        return Answer(json.dumps([self.status(n) for n in ids]), type="application/json")

    def status(self, n: int) -> dict[str, object]:
        return {
            "id": str(n),
            "url": f"{self.base}/@u/{n}",
            "created_at": "2026-01-22T10:00:00Z",
            "content": f"<p>第{n}条{self.edited.get(n, '')}</p>",
            "edited_at": "2026-01-22T11:00:00Z" if n in self.edited else None,
            "in_reply_to_id": str(self.replies[n]) if n in self.replies else None,
            "visibility": "public",
            "account": {"acct": "u"},
        }


class _Paged(dict[str, Answer]):
    def __init__(self, microblog: Microblog) -> None:
        super().__init__()
        self.microblog = microblog
        self.failing = ""

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        parts = urlsplit(key)
        if not parts.path.startswith("/api/v1/timelines/") or not parts.query:
            return default
        if self.failing and self.failing in key:
            return Answer("down", 500)
        return self.microblog.timeline(parse_qs(parts.query))


def timeline(site: Site) -> str:
    return f"{site.base}/api/v1/timelines/public?local=true"


def numbers(harvest: object) -> list[int]:
    return sorted(int(e.url.rpartition("/")[2]) for e in harvest.entries)  # type: ignore[attr-defined]


def test_a_timeline_is_read_back_page_by_page_and_then_only_above_what_is_known(site: Site, crawl: Crawl) -> None:
    microblog = Microblog(site, 100)
    first = crawl("mastodon", timeline(site), pages=10)
    assert numbers(first) == list(range(1, 101))
    assert all(q["local"] == ["true"] and q["limit"] == ["40"] for q in microblog.asked)
    quiet = crawl("mastodon", timeline(site), pages=10, cursor=first.cursor)
    assert (quiet.state, quiet.entries) == (HarvestState.NOTHING_NEW, ())
    microblog.count = 230  # more than three pages since
    again = crawl("mastodon", timeline(site), pages=1, cursor=quiet.cursor)
    assert numbers(again) == list(range(101, 231))


def test_the_first_run_reads_no_deeper_than_the_source_says(site: Site, crawl: Crawl) -> None:
    Microblog(site, 100)
    assert numbers(crawl("mastodon", timeline(site), pages=1)) == list(range(61, 101))


def test_a_reply_names_what_it_answers_where_that_is_known(site: Site, crawl: Crawl) -> None:
    Microblog(site, 10)
    harvest = crawl("mastodon", timeline(site), pages=2)
    answers = {e.url: e.reply_to for e in harvest.entries if e.url.endswith(("/5", "/6"))}
    assert answers == {f"{site.base}/@u/5": f"{site.base}/@u/3", f"{site.base}/@u/6": ""}
    assert harvest.state is HarvestState.OK


def test_a_page_that_fails_in_the_middle_is_made_up_for_in_the_next_run(site: Site, crawl: Crawl) -> None:
    microblog = Microblog(site, 100)
    first = crawl("mastodon", timeline(site), pages=10)
    microblog.count = 230
    site.pages.failing = "max_id=151"  # type: ignore[attr-defined]
    broken = crawl("mastodon", timeline(site), pages=10, cursor=first.cursor)
    assert (broken.state, numbers(broken)) == (HarvestState.PARTIAL, list(range(151, 231)))
    site.pages.failing = ""  # type: ignore[attr-defined]
    mended = crawl("mastodon", timeline(site), pages=10, cursor=broken.cursor)
    assert numbers(mended) == list(range(101, 151))


def test_an_edited_status_is_seen_within_a_day(site: Site, crawl: Crawl) -> None:
    microblog = Microblog(site, 50)
    first = crawl("mastodon", timeline(site), pages=10)
    microblog.edited[7] = "（更正）"
    soon = crawl("mastodon", timeline(site), pages=10, cursor=first.cursor, now=NOW + timedelta(hours=1))
    assert soon.entries == ()
    later = crawl("mastodon", timeline(site), pages=10, cursor=soon.cursor, now=NOW + timedelta(hours=25))
    assert [e.text for e in later.entries] == ["第7条（更正）"]


def test_tag_timelines_are_read_beside_the_first(site: Site, crawl: Crawl) -> None:
    microblog = Microblog(site, 5)
    harvest = crawl("mastodon", timeline(site), tags=["潮"])
    assert numbers(harvest) == [1, 2, 3, 4, 5]  # each status once
    assert any("local" not in q for q in microblog.asked)


def test_an_answer_that_is_no_timeline_is_a_parse_failure(site: Site, crawl: Crawl) -> None:
    site.pages["/api/v1/timelines/public"] = Answer('{"error": "x"}', type="application/json")
    assert crawl("mastodon", timeline(site)).state is HarvestState.PARSE_FAILED
