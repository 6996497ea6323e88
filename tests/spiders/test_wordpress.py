"""WordPress by its REST API: every change once, whichever way the site is addressed; a replay here, the real one in test_real_servers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from store.stages import HarvestState
from tests.spiders.conftest import Crawl
from tests.spiders.site import Answer, Site


class Blog(dict[str, Any]):
    """wp/v2 over lists of posts and comments, as WordPress 6 answers; `base` is the path the site lies under."""

    def __init__(self, site: Site, base: str = "", *, pretty: bool = True) -> None:
        super().__init__()
        self.site, self.base, self.pretty = site, base, pretty
        self.posts: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.asked: list[tuple[str, Mapping[str, list[str]]]] = []
        self.knows_modified_after = True
        site.pages = self

    def get(self, key: str, default: object = None) -> object:
        parts = urlsplit(key)
        query = parse_qs(parts.query)
        route = query.get("rest_route", [""])[0] if parts.path == f"{self.base}/" else ""
        if self.pretty and parts.path.startswith(f"{self.base}/wp-json"):
            route = parts.path.removeprefix(f"{self.base}/wp-json")
        if not route or not parts.query:
            return super().get(key, default)
        self.asked.append((route, query))
        return self.answer(route, query)

    def answer(self, route: str, query: Mapping[str, list[str]]) -> Answer:
        rows, field, bound = (
            (self.posts, "modified", "modified_after") if route.endswith("posts") else (self.comments, "date", "after")
        )
        rows = sorted(rows, key=lambda r: r[field], reverse=True)
        if bound in query and (bound == "after" or self.knows_modified_after):
            rows = [r for r in rows if r[field] > query[bound][0]]
        size, page = int(query["per_page"][0]), int(query["page"][0])
        pages = -(-len(rows) // size)
        if page > max(pages, 1):
            return Answer('{"code":"rest_post_invalid_page_number"}', 400, type="application/json")
        body = json.dumps(rows[(page - 1) * size : page * size])
        return Answer(
            body, headers={"X-WP-TotalPages": str(pages), "X-WP-Total": str(len(rows))}, type="application/json"
        )

    def post(self, n: int, text: str = "", *, modified: str = "", protected: bool = False) -> None:
        made = f"2026-01-20T{n // 60 + 8:02}:{n % 60:02}:00"
        self.posts = [p for p in self.posts if p["id"] != n]
        self.posts.append(
            {
                "id": n,
                "date_gmt": made,
                "modified": modified or made,
                "link": f"{self.site.base}{self.base}/?p={n}",
                "title": {"rendered": f"海洋消息 &#8211; 第{n}号"},
                "content": {"rendered": f"<p>第一段{n}。</p>\n<p>第二段{text}。</p>", "protected": protected},
                "author": 3,
                "_embedded": {"author": [{"id": 3, "name": "记者甲", "slug": "reporter"}]},
            }
        )

    def comment(self, n: int, post: int, *, parent: int = 0) -> None:
        self.comments.append(
            {
                "id": n,
                "post": post,
                "parent": parent,
                "date": f"2026-01-21T08:{n:02}:00",
                "date_gmt": f"2026-01-21T00:{n:02}:00",
                "link": f"{self.site.base}/2026/{post}.html/comment-page-2/#comment-{n}",
                "content": {"rendered": "<p>海边味道很大，电话13800138000。</p>"},
                "author": 0,
                "author_name": "网友乙",
            }
        )


def test_posts_are_heard_whole_with_time_and_author_key(site: Site, crawl: Crawl) -> None:
    blog = Blog(site)
    for n in (1, 2):
        blog.post(n)
    blog.post(3, protected=True)
    harvest = crawl("wordpress", site.base)
    assert harvest.state is HarvestState.OK, harvest.message
    assert [(e.title, e.text) for e in harvest.entries] == [
        (f"海洋消息 – 第{n}号", f"第一段{n}。\n第二段。") for n in (2, 1)
    ]
    first = harvest.entries[0]
    assert first.published_at is not None
    assert first.published_at.isoformat() == "2026-01-20T08:02:00+00:00"
    assert len(first.author_key) == 64
    assert harvest.skipped == 1
    assert "记者甲" not in repr(harvest)


@pytest.mark.parametrize("base", ["", "/news"])
@pytest.mark.parametrize("form", ["{}", "{}/", "{}/wp-json/", "{}/?rest_route=/wp/v2/posts"])
def test_every_form_of_address_leads_to_the_api(site: Site, crawl: Crawl, base: str, form: str) -> None:
    blog = Blog(site, base)
    blog.post(1)
    assert len(crawl("wordpress", form.format(site.base + base)).entries) == 1


def test_a_site_without_pretty_addresses_is_asked_the_plain_way(site: Site, crawl: Crawl) -> None:
    blog = Blog(site, "/news", pretty=False)
    blog.post(1)
    first = crawl("wordpress", f"{site.base}/news")
    assert (first.state, len(first.entries)) == (HarvestState.OK, 1)
    asked = len(site.asked("/news/wp-json/wp/v2/posts"))
    crawl("wordpress", f"{site.base}/news", cursor=first.cursor)
    assert len(site.asked("/news/wp-json/wp/v2/posts")) == asked  # it remembers
    with Site() as other:
        assert crawl("wordpress", other.base).state is HarvestState.UNREACHABLE


def test_the_first_run_reads_no_deeper_than_the_source_says_and_later_ones_what_changed(
    site: Site, crawl: Crawl
) -> None:
    blog = Blog(site)
    for n in range(1, 251):
        blog.post(n)
    first = crawl("wordpress", site.base, pages=2)
    assert len(first.entries) == 200
    quiet = crawl("wordpress", site.base, pages=2, cursor=first.cursor)
    assert (quiet.state, quiet.entries) == (HarvestState.NOTHING_NEW, ())
    assert "modified_after" in blog.asked[-1][1]
    blog.post(7, "（更正）", modified="2026-01-22T09:00:00")
    for n in range(300, 420):
        blog.post(n)
    again = crawl("wordpress", site.base, pages=1, cursor=quiet.cursor)
    assert len(again.entries) == 121
    assert any("更正" in e.text for e in again.entries)


def test_two_changes_of_one_second_are_both_heard(site: Site, crawl: Crawl) -> None:
    blog = Blog(site)
    blog.post(1, modified="2026-01-22T09:00:00")
    first = crawl("wordpress", site.base)
    blog.post(2, modified="2026-01-22T09:00:00")
    assert [e.title for e in crawl("wordpress", site.base, cursor=first.cursor).entries] == ["海洋消息 – 第2号"]


def test_a_page_that_fails_in_the_middle_is_made_up_for_in_the_next_run(site: Site, crawl: Crawl) -> None:
    blog = Blog(site)
    blog.post(1)
    first = crawl("wordpress", site.base)
    for n in range(100, 320):
        blog.post(n)
    whole = blog.answer

    def failing(route: str, query: Mapping[str, list[str]]) -> Answer:
        return Answer("oops", 403) if query["page"] == ["2"] else whole(route, query)

    blog.answer = failing  # type: ignore[method-assign]
    broken = crawl("wordpress", site.base, cursor=first.cursor)
    assert (broken.state, len(broken.entries)) == (HarvestState.PARTIAL, 100)
    blog.answer = whole  # type: ignore[method-assign]
    assert len(crawl("wordpress", site.base, cursor=broken.cursor).entries) == 120


def test_an_old_wordpress_that_knows_no_modified_after_is_read_down_to_what_is_known(site: Site, crawl: Crawl) -> None:
    blog = Blog(site)
    blog.knows_modified_after = False
    for n in range(1, 301):
        blog.post(n)
    first = crawl("wordpress", site.base, pages=9)
    assert len(first.entries) == 300
    asked = len(blog.asked)
    assert crawl("wordpress", site.base, pages=9, cursor=first.cursor).entries == ()
    assert len(blog.asked) == asked + 1


def test_comments_are_entries_of_their_own_that_answer_their_post(site: Site, crawl: Crawl) -> None:
    blog = Blog(site)
    blog.post(1)
    blog.comment(4, 1)
    blog.comment(5, 1, parent=4)
    harvest = crawl("wordpress", site.base, comments=True)
    said = {e.url: e for e in harvest.entries if e.reply_to}
    post = f"{site.base}/2026/1.html"
    assert {u: e.reply_to for u, e in said.items()} == {
        f"{post}#comment-4": post,
        f"{post}#comment-5": f"{post}#comment-4",
    }
    assert {e.text for e in said.values()} == {"海边味道很大，电话[电话]。"}
    assert "网友乙" not in repr(harvest)
    assert crawl("wordpress", site.base, comments=True, cursor=harvest.cursor).entries == ()


def test_an_api_that_is_closed_or_none_is_named(site: Site, crawl: Crawl) -> None:
    path = "/wp-json/wp/v2/posts"
    site.pages[path] = Answer('{"code":"rest_forbidden"}', 401, type="application/json")
    assert crawl("wordpress", site.base).state is HarvestState.LOGIN_WALL
    site.pages[path] = Answer('{"hello": 1}', type="application/json")
    assert crawl("wordpress", site.base).state is HarvestState.PARSE_FAILED
