"""Public, tag and account timelines: one reader for the three, engagement kept, nothing that is not public heard."""

from __future__ import annotations

import json

import pytest

from spiders.parse.mastodon import paged, parameter, reaches
from store.stages import HarvestState
from tests.spiders.conftest import Crawl
from tests.spiders.site import Answer, Site

PUBLIC = "/api/v1/timelines/public?local=true"
TAG = "/api/v1/timelines/tag/%E8%B5%A4%E6%BD%AE"
ACCOUNT = "/api/v1/accounts/42/statuses?exclude_reblogs=true"


def status(n: int, base: str, *, visibility: str = "public", **more: object) -> dict[str, object]:
    return {
        "id": str(n),
        "url": f"{base}/@u/{n}",
        "created_at": "2026-01-22T10:00:00Z",
        "content": f"<p>第{n}条，<a href='/tags/x'>#赤潮</a></p>",
        "visibility": visibility,
        "account": {"acct": "fisher"},
        "reblogs_count": n,
        "replies_count": 2 * n,
        "favourites_count": 3 * n,
        **more,
    }


def serve(site: Site, path: str, *statuses: dict[str, object]) -> str:
    """A timeline of one page, as a server answers whatever the bounds."""
    whole = Answer(json.dumps(list(statuses)), type="application/json")
    empty = Answer("[]", type="application/json")
    below = paged(f"{site.base}{path}", max_id=str(statuses[-1]["id"]))
    site.pages[paged(f"{site.base}{path}").removeprefix(site.base)] = whole
    site.pages[below.removeprefix(site.base)] = empty
    newest = paged(f"{site.base}{path}", since_id=str(statuses[0]["id"]))
    site.pages[newest.removeprefix(site.base)] = empty
    return site.base + path


@pytest.mark.parametrize("path", [PUBLIC, TAG, ACCOUNT])
def test_every_timeline_brings_its_statuses_with_engagement(site: Site, crawl: Crawl, path: str) -> None:
    url = serve(site, path, status(9, site.base), status(7, site.base), status(5, site.base, visibility="private"))
    harvest = crawl("mastodon", url, pages=2)
    assert harvest.state is HarvestState.OK, harvest.message
    assert [e.url.rpartition("/")[2] for e in harvest.entries] == ["9", "7"]
    assert [(e.engagement.reposts, e.engagement.replies, e.engagement.likes) for e in harvest.entries] == [
        (9, 18, 27),
        (7, 14, 21),
    ]
    assert {e.text for e in harvest.entries} == {"第9条，#赤潮", "第7条，#赤潮"}
    assert all(len(e.author_key) == 64 for e in harvest.entries)
    assert harvest.skipped == 1
    again = crawl("mastodon", url, pages=2, cursor=harvest.cursor)
    assert (again.state, again.entries) == (HarvestState.NOTHING_NEW, ())


def test_an_account_timeline_keeps_its_own_parameters_on_every_page(site: Site, crawl: Crawl) -> None:
    url = serve(site, ACCOUNT, status(9, site.base))
    crawl("mastodon", url, pages=2)
    asked = [seen.path for seen in site.seen if seen.path != "/robots.txt"]
    assert asked
    assert all("exclude_reblogs=true" in path and "limit=40" in path for path in asked)


def test_a_timeline_that_wants_a_login_says_so(site: Site, crawl: Crawl) -> None:
    for code in (401, 422):
        site.pages["/api/v1/timelines/public"] = Answer('{"error":"This method requires an authenticated user"}', code)
        harvest = crawl("mastodon", site.base + PUBLIC)
        assert not harvest.state.is_good
    assert crawl("mastodon", f"{site.base}/api/v1/none").state is HarvestState.UNREACHABLE


def test_an_address_is_bounded_without_losing_what_it_says() -> None:
    url = paged("https://e.com/api?local=true&limit=5", max_id="7", since_id="")
    assert url == "https://e.com/api?local=true&limit=40&max_id=7"
    assert (parameter(url, "max_id"), parameter(url, "since_id")) == ("7", "")


def test_a_page_reaches_the_newest_known_by_number_or_by_name() -> None:
    assert reaches(("9", "7"), "8")
    assert not reaches(("9", "7"), "6")
    assert reaches(("b", "a"), "a")
    assert not reaches(("b", "a"), "c")
