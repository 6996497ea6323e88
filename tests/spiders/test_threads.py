"""Boards read by selectors: what is missing is named, what vanished is no fault, what is known is not read again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from store.stages import Harvest, HarvestState
from tests.spiders.conftest import NOW, Crawl
from tests.spiders.site import Answer, Site
from tests.spiders.test_boards import board as discuz_board

SELECT = {"list": "li.t", "replies": "i", "post": "div.p", "author": "b", "time": "u", "text": "p"}
GB18030 = "text/html; charset=gb2312"  # as such boards label themselves


def listing(*threads: tuple[int, int | None]) -> Answer:
    rows = (
        f'<li class="t"><a href="/t/{n}00">主题{n}</a>{"" if r is None else f"<i>{r}</i>"}</li>' for n, r in threads
    )
    return Answer(f"<ul>{''.join(rows)}</ul>".encode("gb18030"), type=GB18030)


def posts(*numbers: int, following: str = "", text: str = "㛃湾的水变红了", author: str = "<b>某人</b>") -> Answer:
    floors = "".join(
        f'<div class="p" data-pid="{n}">{author}<u>2026-1-22 09:{n % 60:02}</u><p>{n}：{text}</p></div>'
        for n in numbers
    )
    pager = f'<a href="{following}">下一页</a>' if following else ""
    return Answer(f"<h1>海边</h1>{floors}{pager}".encode("gb18030"), type=GB18030)


def board(site: Site) -> str:
    site.pages["/f"] = listing((1, 3), (2, 0))
    site.pages["/t/100"] = posts(1001, 1002, following="/t/100?p=2")
    site.pages["/t/100?p=2"] = posts(1003, 1004)
    site.pages["/t/200"] = posts(2001)
    return f"{site.base}/f"


def hear(
    crawl: Crawl,
    url: str,
    *,
    cursor: Mapping[str, object] | None = None,
    hours: int = 0,
    select: Mapping[str, str] = SELECT,
) -> Harvest:
    return crawl("board", url, cursor=cursor, now=NOW + timedelta(hours=hours), select=dict(select))


def numbers(harvest: Harvest) -> list[int]:
    return sorted(int(entry.text.partition("：")[0]) for entry in harvest.entries)


@pytest.mark.parametrize(("name", "value"), [("list", "li.none"), ("thread", "a.none")])
def test_a_selector_that_finds_nothing_on_the_list_is_named(site: Site, crawl: Crawl, name: str, value: str) -> None:
    harvest = hear(crawl, board(site), select={**SELECT, name: value})
    assert harvest.state is HarvestState.PARSE_FAILED
    assert f"选择器 {name}（{value}）" in harvest.message


def test_a_thread_without_the_selected_posts_is_named_and_the_others_are_kept(site: Site, crawl: Crawl) -> None:
    url = board(site)
    site.pages["/t/200"] = Answer("<h1>改版了</h1>" + "<p>新的写法，全站都换了。</p>" * 40)
    harvest = hear(crawl, url)
    assert harvest.state is HarvestState.PARTIAL
    assert "选择器 post（div.p）" in harvest.message and "/t/200" in harvest.message
    assert numbers(harvest) == [1001, 1002, 1003, 1004]


def test_an_author_selector_that_never_finds_anybody_is_named_and_nothing_is_lost(site: Site, crawl: Crawl) -> None:
    harvest = hear(crawl, board(site), select={**SELECT, "author": "b.none"})
    assert (harvest.state, len(harvest.entries)) == (HarvestState.PARTIAL, 5)
    assert "选择器 author（b.none）" in harvest.message


def test_anonymous_deleted_and_empty_posts_are_no_fault(site: Site, crawl: Crawl) -> None:
    url = board(site)
    site.pages["/f"] = listing((2, 0))
    site.pages["/t/200"] = Answer(
        '<div class="p" data-pid="2001"><p>2001：没有署名</p></div><div class="p"><b>甲</b><p>该帖已被管理员删除</p></div>'
        '<div class="p"><b>乙</b><p><img src="a.png"></p></div>'
    )
    harvest = hear(crawl, url)
    assert (harvest.state, harvest.skipped, numbers(harvest)) == (HarvestState.OK, 2, [2001])
    assert harvest.entries[0].author_key == ""
    assert harvest.entries[0].published_at is None


def test_a_vanished_thread_is_left_out_and_asked_again_only_when_the_list_shows_it_otherwise(
    site: Site, crawl: Crawl
) -> None:
    url = board(site)
    site.pages["/t/200"] = Answer("", 404)
    first = hear(crawl, url)
    assert (first.state, first.skipped) == (HarvestState.OK, 1)
    again = hear(crawl, url, cursor=first.cursor, hours=1)
    assert (again.state, len(site.asked("/t/200"))) == (HarvestState.NOTHING_NEW, 1)
    site.pages["/f"] = listing((1, 3), (2, 1))
    site.pages["/t/200"] = posts(2001, 2002)
    assert numbers(hear(crawl, url, cursor=again.cursor, hours=2)) == [2001, 2002]


def test_a_thread_whose_last_page_vanished_is_read_from_its_beginning(site: Site, crawl: Crawl) -> None:
    url = board(site)
    first = hear(crawl, url)
    del site.pages["/t/100?p=2"]  # posts were deleted: the thread is one page again, with a new reply
    site.pages["/t/100"] = posts(1001, 1002, 1005)
    site.pages["/t/100?p=2"] = Answer("", 404)
    site.pages["/f"] = listing((1, 2), (2, 0))
    again = hear(crawl, url, cursor=first.cursor, hours=1)
    assert (again.state, numbers(again)) == (HarvestState.OK, [1005])


def test_a_thread_that_breaks_off_in_the_middle_is_read_on_in_the_next_run(site: Site, crawl: Crawl) -> None:
    url = board(site)
    site.pages["/t/100?p=2"] = Answer("down", 503)
    broken = hear(crawl, url)
    assert (broken.state, numbers(broken)) == (HarvestState.PARTIAL, [1001, 1002, 2001])
    site.pages["/t/100?p=2"] = posts(1003, 1004)
    assert numbers(hear(crawl, url, cursor=broken.cursor, hours=1)) == [1003, 1004]


def test_a_thread_that_grows_on_the_day_it_is_reread_is_asked_once_and_then_known(site: Site, crawl: Crawl) -> None:
    url = board(site)
    first = hear(crawl, url)
    site.pages["/f"] = listing((1, 3), (2, 1))
    site.pages["/t/200"] = posts(2001, 2002)
    later = hear(crawl, url, cursor=first.cursor, hours=25)
    assert (numbers(later), len(site.asked("/t/200"))) == ([2002], 2)
    assert hear(crawl, url, cursor=later.cursor, hours=26).requests == 2  # robots.txt and the list


def test_pages_that_name_each_other_as_next_end_and_the_thread_is_known(site: Site, crawl: Crawl) -> None:
    url = board(site)
    site.pages["/t/100?p=2"] = posts(1003, 1004, following="/t/100?p=2")
    first = hear(crawl, url)
    assert numbers(first) == [1001, 1002, 1003, 1004, 2001]
    assert hear(crawl, url, cursor=first.cursor, hours=1).requests == 2  # robots.txt and the list


def test_a_list_without_counts_is_looked_into_once_a_day(site: Site, crawl: Crawl) -> None:
    url = board(site)
    site.pages["/f"] = listing((2, None))
    first = hear(crawl, url)
    site.pages["/t/200"] = posts(2001, 2002)
    soon = hear(crawl, url, cursor=first.cursor, hours=1)
    assert (soon.state, soon.entries) == (HarvestState.NOTHING_NEW, ())
    assert numbers(hear(crawl, url, cursor=soon.cursor, hours=25)) == [2002]


def test_a_thread_for_members_is_not_read_and_said_so(site: Site, crawl: Crawl) -> None:
    url = board(site)
    site.pages["/t/200"] = Answer("<p>您需要登录后才可以查看本帖</p><form><input type=password></form>")
    harvest = hear(crawl, url)
    assert (harvest.state, numbers(harvest)) == (HarvestState.PARTIAL, [1001, 1002, 1003, 1004])
    assert "登录" in harvest.message


def test_an_empty_list_page_has_its_own_state(site: Site, crawl: Crawl) -> None:
    url = board(site)
    site.pages["/f"] = Answer("")
    assert hear(crawl, url).state is HarvestState.EMPTY


def test_the_replies_of_a_department_are_official_and_the_messages_never(site: Site, crawl: Crawl) -> None:
    site.pages["/m"] = Answer('<a href="/m/2026011.html">东疆海边的水质到底安全不安全</a>')
    site.pages["/m/2026011.html"] = Answer(
        "<table><tr><td>来信标题</td><td>东疆水质</td></tr><tr><td>来信内容</td><td>安全吗？</td></tr><tr><td>来信人</td><td>李某</td></tr>"
        "<tr><td>回复单位</td><td>市海洋局</td></tr><tr><td>回复内容</td><td>安全。</td></tr><tr><td>回复时间</td><td>2026-1-22 9:00</td></tr></table>"
    )
    harvest = crawl("messages", f"{site.base}/m", official=True)
    message, reply = sorted(harvest.entries, key=lambda entry: entry.url)
    assert (message.official, message.author_key != "", message.engagement.replies) == (False, True, 1)
    assert (reply.official, reply.publisher, reply.reply_to) == (True, "市海洋局", message.url)


def test_selectors_hear_of_a_discuz_board_what_its_own_kind_hears(site: Site, crawl: Crawl) -> None:
    url = discuz_board(site)
    select = {
        "list": 'tbody[id^="normalthread_"]',
        "thread": "a.xst",
        "replies": "td.num a",
        "post": 'div[id^="post_"]',
        "author": "a.xw1",
        "time": 'em[id^="authorposton"]',
        "text": "td.t_f",
        "title": "#thread_subject",
    }
    own, generic = crawl("discuz", url), crawl("board", url, select=select)

    def heard(harvest: Harvest) -> list[tuple[object, ...]]:
        return sorted((e.title, e.text, e.published_at, e.author_key, bool(e.reply_to)) for e in harvest.entries)

    assert heard(own) == heard(generic)
    assert len(own.entries) == 8


@pytest.mark.parametrize("kind", ["discourse", "nodebb", "tieba", "messages"])
def test_an_answer_of_another_kind_is_a_parse_failure(site: Site, crawl: Crawl, kind: str) -> None:
    for path in ("/latest.json", "/api/recent", "/f"):
        site.pages[path] = Answer("<p>" + "欢迎光临本站。" * 80 + "</p>")
    address = site.base if kind in ("discourse", "nodebb") else f"{site.base}/f"
    assert crawl(kind, address).state is HarvestState.PARSE_FAILED


def test_the_security_check_of_tieba_is_shown_and_not_fought(site: Site, crawl: Crawl) -> None:
    site.pages["/f"] = Answer("<title>百度安全验证</title><div>网络不给力，请稍后重试</div>")
    harvest = crawl("tieba", f"{site.base}/f?kw=x")
    assert (harvest.state, len(site.seen)) == (HarvestState.BLOCKED, 2)
