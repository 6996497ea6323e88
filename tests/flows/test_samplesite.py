"""The sample sites speak as real ones: paging, conditional GET, charsets, clocks, and five ways to fail."""

from __future__ import annotations

import json
import re
import threading
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from flows.samplesite import beside, board, broken, institution, microblog, news
from flows.samplesite.content import SAMPLE, addresses, articles, notices, statuses, threads
from flows.samplesite.reply import Reply, Request, Site
from flows.samplesite.server import SITES, SampleSites
from store.clock import SAMPLE_NIGHT
from store.errors import ServiceDown
from tests.flows.houses import free_ports


def ask(
    site: Site, path: str, *, now: datetime = SAMPLE_NIGHT, query: dict[str, str] | None = None, **headers: str
) -> Reply:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return site(Request(path=path, query=query or {}, headers=names, now=now, base="http://127.0.0.1:1"))


def test_the_sample_day_holds_at_least_six_hundred_documents_over_three_days() -> None:
    posts = [post for thread in threads() for post in thread.posts]
    times = [a.published for a in articles()] + [p.at for p in posts] + [s.at for s in statuses()]
    assert len(times) >= 600
    assert {moment.astimezone(UTC).date() for moment in times} <= {
        (SAMPLE_NIGHT - timedelta(days=d)).date() for d in range(4)
    }


def test_every_truth_row_names_a_document_that_is_served() -> None:
    served = addresses(1)
    rows = [json.loads(line) for line in (SAMPLE / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["id"] for row in rows} == set(served)
    assert {row["duplicate_of"] for row in rows if row["duplicate_of"]} <= set(served)


def test_at_least_half_of_the_sample_day_is_unrelated_talk() -> None:
    rows = [json.loads(line) for line in (SAMPLE / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sum(not row["relevant"] for row in rows) * 2 >= len(rows)
    assert sum(row.get("hard_negative", False) for row in rows) >= 50
    assert len({row["story"] for row in rows} - {None}) >= 8


def test_following_the_next_links_of_the_portal_meets_every_article() -> None:
    met, path = set(), "/list/1.html"
    while path:
        page = ask(news.site, path).body.decode()
        met |= set(re.findall(r'href="(/2026/[^"]+)"', page))
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = following[1] if following else ""
    assert met == {a.path for a in articles()}


def test_an_unchanged_page_is_not_sent_twice() -> None:
    first = ask(news.site, "/rss.xml")
    again = ask(news.site, "/rss.xml", if_none_match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")


def test_an_article_edited_after_publication_changes_its_etag() -> None:
    edited = next(a for a in articles() if a.edited_at)
    assert edited.edited_at
    before = ask(news.site, edited.path, now=edited.edited_at - timedelta(minutes=1))
    after = ask(news.site, edited.path, now=edited.edited_at)
    assert before.headers["ETag"] != after.headers["ETag"]
    assert edited.edited_paragraphs[-1] in after.body.decode()


def test_the_board_speaks_gb18030_under_the_label_gbk() -> None:
    reply = ask(board.site, "/forum-36-1.html")
    assert reply.content_type.endswith("charset=gbk")
    assert "塘沽茶馆" in reply.body.decode("gb18030")


def test_the_board_hides_full_dates_behind_spoken_ones() -> None:
    now = datetime(2026, 1, 22, 18, tzinfo=UTC)
    assert board.spoken_time(now - timedelta(minutes=30), now) == "30 分钟前"
    page = ask(board.site, "/forum-36-1.html").body.decode("gb18030")
    assert re.search(r'<span title="2026-1-2\d \d\d:\d\d:00">(昨天|前天)', page)


def test_a_long_thread_has_several_reply_pages_and_every_floor_once() -> None:
    longest = max(threads(), key=lambda t: len(t.posts))
    met, path = [], f"/thread-{longest.tid}-1-1.html"
    while path:
        page = ask(board.site, path).body.decode("gb18030")
        met += re.findall(r'id="postmessage_(\d+)"', page)
        following = re.search(r'<a href="(thread-[^"]+)" class="nxt">', page)
        path = f"/{following[1]}" if following else ""
    assert met == [str(p.pid) for p in longest.posts]


def test_paging_the_timeline_by_max_id_meets_every_status_once() -> None:
    met: list[str] = []
    query = {"limit": "40"}
    while part := json.loads(ask(microblog.site, "/api/v1/timelines/public", query=query).body):
        met += [s["id"] for s in part]
        query = {"limit": "40", "max_id": part[-1]["id"]}
    assert met == [s.id for s in reversed(statuses())]


def test_min_id_gives_the_page_just_above_and_since_id_the_newest() -> None:
    oldest = statuses()[0].id
    above = json.loads(ask(microblog.site, "/api/v1/timelines/public", query={"limit": "2", "min_id": oldest}).body)
    newest = json.loads(ask(microblog.site, "/api/v1/timelines/public", query={"limit": "2", "since_id": oldest}).body)
    assert [s["id"] for s in above] == [statuses()[2].id, statuses()[1].id]
    assert [s["id"] for s in newest] == [statuses()[-1].id, statuses()[-2].id]


def test_nothing_is_shown_before_it_was_published() -> None:
    early = statuses()[0].at
    assert len(json.loads(ask(microblog.site, "/api/v1/timelines/public", now=early).body)) == 1


def test_a_bulletin_appears_when_it_is_issued() -> None:
    issued = [n for n in notices((SAMPLE / "institution",)) if n.text]
    first = min(n.issued for n in issued if n.issued)
    before = ask(institution.site, "/bulletins/", now=first - timedelta(minutes=1)).body.decode()
    after = ask(institution.site, "/bulletins/", now=first).body.decode()
    assert before.count("<li>") == 0
    assert after.count("<li>") == 1


def test_the_cap_feed_links_to_whole_messages() -> None:
    feed = ask(institution.site, "/cap/feed.xml").body.decode()
    links = re.findall(r'href="http://127.0.0.1:1(/cap/[^"]+)"', feed)
    assert len(links) >= 5
    assert all(b"<identifier>" in ask(institution.site, link).body for link in links)


def test_the_cut_feed_ends_inside_a_character() -> None:
    with pytest.raises(UnicodeDecodeError):
        ask(broken.cut_feed, "/rss.xml").body.decode()


@pytest.mark.parametrize(
    ("site", "status", "size"), [(broken.forbidden, 403, None), (broken.empty, 200, 0), (broken.login_wall, 302, 0)]
)
def test_the_broken_sites_fail_as_they_should(site: Site, status: int, size: int | None) -> None:
    reply = ask(site, "/rss.xml")
    assert reply.status == status
    assert size is None or len(reply.body) == size


def test_the_stalling_site_promises_more_than_it_sends() -> None:
    assert ask(broken.stall, "/rss.xml").stall_seconds > 60


def test_a_stranger_on_the_port_is_not_taken_for_the_sample_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = free_ports(len(SITES))
    house = type("House", (), {"sample": True, "sample_port": ports})
    monkeypatch.setattr(beside, "settings", lambda: house)
    assert not beside.are_up()
    with SampleSites(ports, now=lambda: SAMPLE_NIGHT):
        assert beside.are_up()
        assert not isinstance(beside.sample_sites(), SampleSites)
    with ThreadingHTTPServer(("127.0.0.1", ports), SimpleHTTPRequestHandler) as stranger:
        threading.Thread(target=stranger.serve_forever, daemon=True).start()
        assert not beside.are_up()
        with pytest.raises(ServiceDown, match="CHAOXIN_SAMPLE_PORT"):
            beside.sample_sites()
        stranger.shutdown()
