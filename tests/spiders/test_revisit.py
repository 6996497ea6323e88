"""Known pages are looked at again: what was taken away is noticed, a failing fetch is no deletion, counts that grow are heard."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from spiders.revisit import is_missing
from spiders.saved import Saved
from store.stages import Engagement, Harvest, HarvestState
from tests.spiders.conftest import NOW, Crawl
from tests.spiders.site import Answer, Site
from tests.spiders.test_boards import Microblog, board, timeline
from tests.spiders.test_news import publish

GONE = Answer("页面不存在", 404)


def after(crawl: Crawl, site: Site, before: Harvest, hours: float, **values: object) -> Harvest:
    now = NOW + timedelta(hours=hours)
    return crawl("news", f"{site.base}/list/1.html", cursor=before.cursor, now=now, **values)


def test_a_page_that_its_site_says_is_gone_for_good_is_gone_at_once(site: Site, crawl: Crawl) -> None:
    publish(site, 6)
    first = crawl("news", f"{site.base}/list/1.html")
    site.pages["/2026/01/n001.html"] = Answer("", 410)
    harvest = after(crawl, site, first, 10)
    assert harvest.vanished == (f"{site.base}/2026/01/n001.html",)
    assert harvest.state is HarvestState.NOT_MODIFIED  # and no trouble of the source
    assert after(crawl, site, harvest, 60).vanished == ()


def test_a_page_missing_in_two_looks_an_hour_apart_is_gone(site: Site, crawl: Crawl) -> None:
    publish(site, 6)
    first = crawl("news", f"{site.base}/list/1.html")
    site.pages["/2026/01/n001.html"] = GONE
    once = after(crawl, site, first, 10)
    assert once.vanished == ()
    soon = after(crawl, site, once, 10.5)
    assert (soon.vanished, soon.requests) == ((), 2)  # robots.txt and the list: the second look waits
    assert after(crawl, site, soon, 11.5).vanished == (f"{site.base}/2026/01/n001.html",)


def test_a_lone_failing_look_is_no_deletion(site: Site, crawl: Crawl) -> None:
    publish(site, 6)
    page = site.pages["/2026/01/n001.html"]
    harvest = crawl("news", f"{site.base}/list/1.html")
    for hours, answer in ((10, GONE), (12, page), (28, Answer("x", 403)), (40, GONE), (42, page)):
        site.pages["/2026/01/n001.html"] = answer
        harvest = after(crawl, site, harvest, hours)
        assert harvest.vanished == ()


def test_a_site_that_misses_most_of_its_pages_is_not_believed(site: Site, crawl: Crawl) -> None:
    publish(site, 6)
    harvest = crawl("news", f"{site.base}/list/1.html", pages=2)
    for n in range(6):
        site.pages[f"/2026/01/n{n:03}.html"] = Answer("", 410)
    for hours in (10, 30, 60):
        harvest = after(crawl, site, harvest, hours)
        assert harvest.vanished == ()


def test_a_thread_its_board_says_is_deleted_is_gone_after_two_looks(site: Site, crawl: Crawl) -> None:
    url = board(site)
    first = crawl("discuz", url)
    words = '<meta charset="gbk"><div class="alert_error">抱歉，指定的主题不存在或已被删除或正在被审核</div>'
    site.pages["/thread-20-1-1.html"] = Answer(words.encode("gb18030"), type="text/html; charset=gbk")
    once = crawl("discuz", url, cursor=first.cursor, now=NOW + timedelta(hours=25))
    twice = crawl("discuz", url, cursor=once.cursor, now=NOW + timedelta(hours=49))
    assert once.vanished == ()
    assert twice.vanished == (f"{site.base}/forum.php?goto=findpost&mod=redirect&pid=2001&ptid=20",)


def test_a_status_missing_from_its_timeline_is_asked_for_and_then_gone(site: Site, crawl: Crawl) -> None:
    class Censored(Microblog):
        def status(self, n: int) -> dict[str, object]:
            return super().status(n) | {"favourites_count": n}

        def timeline(self, query: Mapping[str, list[str]]) -> Answer:
            answer = super().timeline(query)
            rows = [row for row in json.loads(answer.bytes) if row["id"] != self.edited.get(0)]
            return Answer(json.dumps(rows), type="application/json")

    microblog = Censored(site, 20)
    first = crawl("mastodon", timeline(site))
    microblog.edited[0] = "7"  # deleted
    once = crawl("mastodon", timeline(site), cursor=first.cursor, now=NOW + timedelta(hours=4))
    assert once.vanished == ()
    twice = crawl("mastodon", timeline(site), cursor=once.cursor, now=NOW + timedelta(hours=6))
    assert twice.vanished == (f"{site.base}/@u/7",)


def test_known_statuses_hand_over_their_counts(site: Site, crawl: Crawl) -> None:
    class Liked(Microblog):
        likes = 1

        def status(self, n: int) -> dict[str, object]:
            return super().status(n) | {"favourites_count": self.likes, "replies_count": 0, "reblogs_count": 0}

    microblog = Liked(site, 3)
    first = crawl("mastodon", timeline(site))
    microblog.likes = 40
    later = crawl("mastodon", timeline(site), cursor=first.cursor, now=NOW + timedelta(hours=4))
    assert (later.entries, later.state) == ((), HarvestState.NOTHING_NEW)
    assert {s.engagement for s in later.sightings} == {Engagement(reposts=0, replies=0, likes=40)}
    assert len(later.sightings) == 3


def test_what_counts_as_missing() -> None:
    page = "http://e.com/2026/1.html"
    long = "<p>" + "海上今天有大浪，" * 80 + "帖子已被删除</p>"
    assert is_missing(Saved(url=page, body=b"", status=404))
    assert is_missing(Saved(url="http://e.com/", asked=page, body=b"<p>home</p>"))
    assert is_missing(
        Saved(url=page, body=b'{"type": "Tombstone", "id": "x"}', headers={"content-type": "application/json"})
    )
    assert is_missing(Saved(url=page, body="<p>该内容已被删除</p>".encode()))
    assert not is_missing(Saved(url=page, body=long.encode()))
    assert not is_missing(Saved(url=page, body=b"", status=503))
    assert not is_missing(Saved(url="http://e.com/", asked="http://e.com/", body=b"<p>home</p>"))
