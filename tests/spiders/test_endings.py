"""Every way a source can end has its own name and a sentence that says what to do; all through the real child process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from spiders.run import collect
from store.stages import HarvestState
from tests.spiders.conftest import NOW, Crawl, source_of
from tests.spiders.site import Answer, Site

FEED = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>报</title>'
    "<item><title>第一条</title><link>{base}/a/1</link><description>正文一。</description></item>"
    "<item><title>第二条</title><link>{base}/a/2</link><description>正文二。</description></item>"
    "<item><title>冬季净滩</title><link>{base}/a/3</link><description>正文三。</description></item></channel></rss>"
)
RSS = "application/rss+xml; charset=utf-8"
LOGIN = '<html><title>请先登录</title><body><form><input type="password" name="p"></form></body></html>'


@pytest.mark.parametrize(
    ("answer", "state", "told"),
    [
        (Answer("拒绝", 403), HarvestState.BLOCKED, "403"),
        (Answer("茶壶", 418), HarvestState.BLOCKED, "418"),
        (Answer("<html><body>请输入验证码继续访问</body></html>"), HarvestState.BLOCKED, "验证码"),
        (Answer(b""), HarvestState.EMPTY, "0 字节"),
        (Answer(b"  \n "), HarvestState.EMPTY, "正文"),
        (Answer(LOGIN), HarvestState.LOGIN_WALL, "登录"),
        (Answer("", 401), HarvestState.LOGIN_WALL, "401"),
        (Answer("", 302, {"Location": "/login?next=/"}), HarvestState.LOGIN_WALL, "登录页"),
        (Answer("", 302, {"Location": "/"}), HarvestState.UNREACHABLE, "重定向"),
        (Answer("没有", 404), HarvestState.UNREACHABLE, "404"),
        (Answer("<html><body><p>没有链接的一页。</p></body></html>"), HarvestState.PARSE_FAILED, "认不出"),
        (Answer("<html>", stall=30), HarvestState.TIMED_OUT, "超时"),
    ],
)
def test_a_bad_answer_of_a_list_has_its_own_name(
    site: Site, crawl: Crawl, answer: Answer, state: HarvestState, told: str
) -> None:
    site.pages.update({"/": answer, "/login": Answer(LOGIN)})
    harvest = crawl("news", f"{site.base}/", timeout=2)
    assert (harvest.state, harvest.entries) == (state, ())
    assert told in harvest.message
    assert not harvest.cursor["fronts"]


def test_a_site_that_says_when_to_come_back_is_not_asked_before(site: Site, crawl: Crawl) -> None:
    site.pages["/rss"] = Answer("slow down", 429, {"Retry-After": "600"})
    harvest = crawl("feed", f"{site.base}/rss")
    assert harvest.state is HarvestState.BLOCKED
    assert "600 秒" in harvest.message
    asked = len(site.seen)
    again = crawl("feed", f"{site.base}/rss", cursor=harvest.cursor)
    assert again.state is HarvestState.BLOCKED
    assert "02:10" in again.message
    assert len(site.seen) == asked


def test_robots_txt_is_obeyed(site: Site, crawl: Crawl) -> None:
    site.pages.update(
        {"/robots.txt": Answer("User-agent: *\nDisallow: /", type="text/plain"), "/rss": Answer(FEED, type=RSS)}
    )
    harvest = crawl("feed", f"{site.base}/rss")
    assert harvest.state is HarvestState.ROBOTS_DENIED
    assert not site.asked("/rss")
    allowed = crawl("feed", f"{site.base}/rss", permission="站长 2026-01-10 邮件同意")
    assert allowed.state is HarvestState.OK


def test_a_refused_connection_is_unreachable(crawl: Crawl) -> None:
    with Site() as gone:
        url = f"{gone.base}/rss"
    harvest = crawl("feed", url)
    assert harvest.state is HarvestState.UNREACHABLE
    assert "连接被拒绝" in harvest.message


def test_a_private_address_is_refused_unless_the_source_allows_it(site: Site, crawl: Crawl) -> None:
    for url in (
        f"{site.base}/rss",
        site.base.replace("127.0.0.1", "localhost") + "/rss",
        site.base.replace("127.0.0.1", "127.1") + "/rss",
    ):
        harvest = crawl("feed", url, allow_private=False)
        assert harvest.state is HarvestState.UNREACHABLE
        assert "allow_private" in harvest.message
    assert not site.seen


def test_a_redirect_to_another_site_is_refused(site: Site, crawl: Crawl) -> None:
    with Site() as other:
        other.pages["/x"] = Answer(FEED, type=RSS)
        site.pages["/rss"] = Answer("", 302, {"Location": f"{other.base}/x"})
        harvest = crawl("feed", f"{site.base}/rss")
        assert harvest.state is HarvestState.UNREACHABLE
        assert "hosts" in harvest.message
        assert not other.seen


def test_a_feed_cut_inside_a_character_yields_its_whole_items(site: Site, crawl: Crawl) -> None:
    whole = FEED.format(base=site.base).encode()
    site.pages["/rss"] = Answer(whole[: whole.index("冬季".encode()) + 4], type=RSS, has_etag=True)
    harvest = crawl("feed", f"{site.base}/rss")
    assert harvest.state is HarvestState.TRUNCATED
    assert [e.title for e in harvest.entries] == ["第一条", "第二条"]
    assert harvest.skipped == 1
    site.pages["/rss"] = Answer(whole, type=RSS, has_etag=True)
    mended = crawl("feed", f"{site.base}/rss", cursor=harvest.cursor)
    assert (mended.state, [e.title for e in mended.entries]) == (HarvestState.OK, ["冬季净滩"])


def test_a_body_shorter_than_promised_is_truncated(site: Site, crawl: Crawl) -> None:
    whole = FEED.format(base=site.base)
    site.pages["/rss"] = Answer(whole[: whole.index("冬季")], type=RSS, missing=500)
    harvest = crawl("feed", f"{site.base}/rss")
    assert harvest.state is HarvestState.TRUNCATED
    assert len(harvest.entries) == 2


def test_an_answer_above_the_limit_is_not_read(site: Site, crawl: Crawl, limits: Callable[..., None]) -> None:
    limits(response_limit_bytes=20_000)
    site.pages["/rss"] = Answer("x" * 50_000)
    assert crawl("feed", f"{site.base}/rss").state is HarvestState.TRUNCATED


def test_a_server_error_is_asked_again_and_then_named(site: Site, crawl: Crawl) -> None:
    answers = iter([Answer("oops", 500), Answer(FEED.format(base=site.base), type=RSS)])
    site.pages["/rss"] = lambda _: next(answers)
    assert len(crawl("feed", f"{site.base}/rss").entries) == 3


def test_a_run_over_its_time_ends_itself_and_keeps_what_it_has(
    site: Site, crawl: Crawl, limits: Callable[..., None]
) -> None:
    limits(source_timeout_seconds=8.0)
    links = "".join(f'<li><a href="/2026/{n}.html">滨海新区第{n}条新闻标题</a></li>' for n in range(10, 50))
    page = "<h1>滨海新区第1条新闻标题</h1><p>天津近岸海域今天出现大浪，预报员提醒市民注意安全。</p><p>渔船已经回港避风，港区停止作业。</p>"
    site.pages["/"] = Answer(links)
    site.pages.update({f"/2026/{n}.html": Answer(page, stall=1) for n in range(10, 50)})
    harvest = crawl("news", f"{site.base}/")
    assert harvest.state is HarvestState.TIMED_OUT
    assert 0 < len(harvest.entries) < 40
    assert len(harvest.cursor["pages"]) == len(harvest.entries)  # type: ignore[arg-type]


def test_a_child_that_dies_is_failed_with_the_old_cursor(
    crawl: Crawl, limits: Callable[..., None], tmp_path: Path
) -> None:
    source = source_of("feed", "http://127.0.0.1:1/")
    (tmp_path / "var" / "secrets").mkdir(parents=True)
    (tmp_path / "var" / "secrets" / "author-keys").write_text("密钥")  # the child wants hex digits
    harvest = collect(source, cursor={"marks": {"kept": 1}}, now=NOW, spool=tmp_path / "spool")
    assert harvest.state is HarvestState.FAILED
    assert "UnicodeDecodeError" in harvest.message
    assert harvest.cursor == {"marks": {"kept": 1}}


def test_a_child_that_hangs_is_killed(site: Site, crawl: Crawl, limits: Callable[..., None]) -> None:
    limits(source_timeout_seconds=0.3)
    harvest = crawl("feed", f"{site.base}/rss")
    assert harvest.state is HarvestState.TIMED_OUT
    assert "强行结束" in harvest.message
