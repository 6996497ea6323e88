"""The table of faults: what a site or the machine does, the state a run ends in, and what still arrives."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field

import brotli  # type: ignore[import-untyped]

from store.stages import HarvestState
from tests.spiders.raw_site import Reply, Visit, reply_of

S = HarvestState
RSS = "application/rss+xml; charset=utf-8"
GOOD = ("滨海新区渔船全部回港避风的消息", "北塘渔港修缮工程今天通过验收")
WHERE = "http://news.example"  # where the items of the feeds lie; nobody goes there
PARAGRAPHS = (
    "<p>天津近岸海域今天出现大浪，预报员提醒市民注意安全。</p><p>渔船已经回港避风，港区停止作业，预计明天恢复。</p>"
)


def item(title: str, link: str, *, date: str = "Thu, 22 Jan 2026 10:00:00 +0800", text: str = "正文一段。") -> str:
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate><description>{text}</description></item>"


def feed(*items: str, prologue: str = "", title: str = "海") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{prologue}<rss version="2.0"><channel><title>{title}</title>'
        + "".join(items)
        + "</channel></rss>"
    )


def article(title: str, *, head: str = "", body: str = PARAGRAPHS) -> str:
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{body}</body></html>"


GOOD_ITEMS = (item(GOOD[0], f"{WHERE}/a/1"), item(GOOD[1], f"{WHERE}/a/2"))
GOOD_FEED = feed(*GOOD_ITEMS)


@dataclass(frozen=True, kw_only=True, eq=False)
class Fault:
    """One row. `at` is where the fault meets the run: the feed asked first, or one page of a list with two good ones."""

    name: str
    reply: Reply = b""
    state: HarvestState
    told: str  # stands in the sentence the officer reads
    at: str = "feed"
    heard: tuple[str, ...] = ()  # titles that arrive in the same run
    heals: bool = False  # after it the whole feed is served and heard from the cursor this run left
    url: str = ""  # another address than the feed's
    keys: Mapping[str, object] = field(default_factory=dict)  # of the source file
    bad: str = "/2026/102.html"  # the bad page's address in the list
    extra: Mapping[str, Reply] = field(default_factory=dict)  # further pages of the site
    is_secure: bool = False


def drip(visit: Visit) -> None:
    """A byte every tenth of a second: never idle, never done."""
    visit.send(reply_of(GOOD_FEED)[:-200])
    while not visit.closing.wait(0.1):
        visit.send(b" ")


def endless(visit: Visit) -> None:
    visit.send(reply_of(b"", kind=RSS, Content_Length=None))
    for _ in range(1600):
        visit.send(b"<item>" + b"x" * 65530)


def flood(visit: Visit) -> None:
    visit.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(200_000):
        visit.send(b"X-%d: %s\r\n" % (number, b"y" * 1000))


def broken_chunks(visit: Visit) -> None:
    first = GOOD_FEED.encode()[:480]
    visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nTransfer-Encoding: chunked\r\n\r\n")
    visit.send(b"%x\r\n" % len(first) + first + b"\r\nnot a number\r\n")


def to(path: str, status: int = 301) -> Reply:
    return lambda visit: visit.send(reply_of(b"", status=status, Location=path))


def by_turns(*replies: bytes) -> Reply:
    """One reply after the other, the last one for ever."""
    left = list(replies)
    return lambda visit: visit.send(left.pop(0) if len(left) > 1 else left[0])


def unless_known(reply: bytes, etag: str) -> Reply:
    return lambda visit: visit.send(reply_of(b"", status=304) if visit.headers.get("if-none-match") == etag else reply)


def robots(*lines: str) -> Mapping[str, Reply]:
    return {"/robots.txt": reply_of("\n".join(["User-agent: *", *lines]), kind="text/plain")}


def zipped(body: bytes, layers: int = 1) -> bytes:
    for _ in range(layers):
        body = gzip.compress(body, mtime=0)
    return body


BOMB = '<!DOCTYPE rss [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)
OUTSIDE = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
LOGIN = '<html><title>请先登录</title><body><form><input type="password" name="p"></form></body></html>'
THREE_URLS = feed(
    item(GOOD[0], "http://news.example/a/1?utm_source=rss&amp;from=timeline"),
    item(GOOD[0], "https://news.example/a/1"),
    item(GOOD[0], "http://news.example/a/1/#top"),
    item(GOOD[1], "http://news.example/a/2"),
)
CANONICAL = '<link rel="canonical" href="/2026/101.html">'

# fmt: off
FAULTS = (
    # What the server says.
    Fault(name="0 bytes", reply=reply_of(b""), state=S.EMPTY, told="0 字节"),
    Fault(name="304", reply=reply_of(b"", status=304), state=S.NOT_MODIFIED, told="没有变化"),
    Fault(name="301 loop", reply=to("/rss"), state=S.UNREACHABLE, told="重定向次数过多"),
    Fault(name="301 circle of pages", at="page", reply=to("/c"), extra={"/c": to("/2026/102.html")}, state=S.PARTIAL, told="转了一圈"),
    Fault(name="401", reply=reply_of("", status=401), state=S.LOGIN_WALL, told="401"),
    Fault(name="403", reply=reply_of("拒绝", status=403), state=S.BLOCKED, told="403", heals=True),
    Fault(name="404", reply=reply_of("没有", status=404), state=S.UNREACHABLE, told="404"),
    Fault(name="410 of a page", at="page", reply=reply_of("删了", status=410), state=S.PARTIAL, told="410"),
    Fault(name="418", reply=reply_of("茶壶", status=418), state=S.BLOCKED, told="418"),
    Fault(name="429 with Retry-After", reply=reply_of("慢", status=429, Retry_After="600"), state=S.BLOCKED, told="600 秒", heals=True),
    Fault(name="500 storm", reply=reply_of("oops", status=500), state=S.UNREACHABLE, told="500"),
    Fault(name="503 with Retry-After", reply=reply_of("", status=503, Retry_After="Fri, 23 Jan 2026 03:00:00 GMT"), state=S.BLOCKED, told="503"),
    # How it says it.
    Fault(name="slow drip", reply=drip, state=S.TIMED_OUT, told="超时"),
    Fault(name="cut body", reply=reply_of(GOOD_FEED.encode()[:-150], Content_Length="9999", kind=RSS), state=S.TRUNCATED, told="不完整", heard=GOOD[:1], heals=True),
    Fault(name="Content-Length too long", reply=reply_of(GOOD_FEED, Content_Length="5000", kind=RSS), state=S.TRUNCATED, told="不完整", heard=GOOD),
    Fault(name="Content-Length too short", reply=reply_of(GOOD_FEED, Content_Length="480", kind=RSS), state=S.TRUNCATED, told="断开", heard=GOOD[:1]),
    Fault(name="broken chunks", reply=broken_chunks, state=S.TRUNCATED, told="不完整", heard=GOOD[:1]),
    Fault(name="connection reset", reply=Visit.reset, state=S.UNREACHABLE, told="中断"),
    Fault(name="header flood", reply=flood, state=S.TRUNCATED, told="头部"),
    Fault(name="gzip bomb", reply=reply_of(zipped(b" " * 60_000_000), Content_Encoding="gzip", kind=RSS), state=S.TRUNCATED, told="展开"),
    Fault(name="brotli bomb", reply=reply_of(brotli.compress(b" " * 60_000_000, quality=5), Content_Encoding="br", kind=RSS), state=S.TRUNCATED, told="展开"),
    Fault(name="nested compression", reply=reply_of(zipped(GOOD_FEED.encode(), 3), Content_Encoding="gzip, gzip, gzip", kind=RSS), state=S.TRUNCATED, told="3 层"),
    Fault(name="damaged compression", at="page", reply=reply_of(b"\x1f\x8b\x08damaged", Content_Encoding="gzip"), state=S.PARTIAL, told="压缩"),
    Fault(name="100 MB page", at="page", reply=endless, state=S.PARTIAL, told="过大"),
    # What it is written in.
    Fault(name="wrong charset", reply=reply_of(GOOD_FEED, kind="application/rss+xml; charset=iso-8859-1"), state=S.OK, told="2 条", heard=GOOD),
    Fault(name="GB18030 labelled GB2312", reply=reply_of(feed(*GOOD_ITEMS, item("䶮㙍海况", "http://news.example/a/3")).replace('encoding="utf-8"', 'encoding="gb2312"').encode("gb18030"), kind="text/xml; charset=gb2312"), state=S.OK, told="3 条", heard=(*GOOD, "䶮㙍海况")),
    Fault(name="invalid UTF-8 feed", reply=reply_of(GOOD_FEED.encode().replace("一段".encode(), b"\xe4\xb8\xff\xfe", 1), kind=RSS), state=S.PARTIAL, told="字符", heard=GOOD),
    Fault(name="XML bomb", reply=reply_of(feed(item("炸弹", "http://news.example/a/9", text="&j;"), *GOOD_ITEMS, prologue=BOMB + "]>"), kind=RSS), state=S.PARTIAL, told="不是规范的 XML", heard=("炸弹", *GOOD)),
    Fault(name="external entity", reply=reply_of(feed(item("外部", "http://news.example/a/9", text="&x;"), *GOOD_ITEMS, prologue=OUTSIDE), kind=RSS), state=S.PARTIAL, told="不是规范的 XML", heard=("外部", *GOOD)),
    Fault(name="binary served as html", at="page", reply=reply_of(PNG), state=S.PARTIAL, told="不是文字"),
    Fault(name="a film instead of a feed", reply=reply_of(PNG, kind="video/mp4"), state=S.PARSE_FAILED, told="video/mp4"),
    Fault(name="empty feed", reply=reply_of(feed(), kind=RSS), keys={"expect": {"min": 1}}, state=S.EMPTY, told="一条也没有"),
    # Who may read it.
    Fault(name="login wall", reply=to("/login?next=/rss", 302), extra={"/login?next=/rss": reply_of(LOGIN)}, state=S.LOGIN_WALL, told="登录页"),
    Fault(name="JSON login answer", reply=reply_of('{"ok": -100, "url": "https://passport.example/sso/signin?entry=wap"}', kind="application/json"), state=S.LOGIN_WALL, told="要求登录"),
    Fault(name="captcha page", reply=reply_of("<title>百度安全验证</title><body>请完成验证</body>"), state=S.BLOCKED, told="验证码", heals=True),
    Fault(name="firewall script", reply=reply_of("<script>document.cookie='__jsl_clearance='+go({})</script>", status=521), state=S.BLOCKED, told="防火墙"),
    Fault(name="robots.txt forbids", reply=reply_of(GOOD_FEED, kind=RSS), extra=robots("Disallow: /rss"), state=S.ROBOTS_DENIED, told="robots.txt"),
    Fault(name="robots.txt answers 503", reply=reply_of(GOOD_FEED, kind=RSS), extra={"/robots.txt": reply_of("", status=503)}, state=S.UNREACHABLE, told="robots.txt 回答 503"),
    Fault(name="robots.txt wants an hour between requests", reply=reply_of(GOOD_FEED, kind=RSS), extra=robots("Crawl-delay: 3600"), state=S.ROBOTS_DENIED, told="3600 秒"),
    # When and where.
    Fault(name="clock skew", reply=unless_known(reply_of(GOOD_FEED, kind=RSS, Date="Mon, 01 Jan 2001 00:00:00 GMT", Last_Modified="Fri, 01 Jan 2100 00:00:00 GMT", ETag='"a"'), '"a"'), state=S.OK, told="2 条", heard=GOOD),
    Fault(name="future publication dates", reply=reply_of(feed(item(GOOD[0], "http://news.example/a/1", date="Fri, 01 Jan 2100 00:00:00 +0800"), GOOD_ITEMS[1]), kind=RSS), state=S.OK, told="2 条", heard=GOOD),
    Fault(name="same item under three URLs", reply=reply_of(THREE_URLS, kind=RSS), state=S.OK, told="2 条", heard=GOOD),
    Fault(name="same page under two URLs", at="page", reply=reply_of(article(GOOD[0], head=CANONICAL)), state=S.OK, told="2 条"),
    Fault(name="redirect to a private address", at="page", reply=to("http://10.0.0.8/inside"), state=S.PARTIAL, told="别的站点"),
    Fault(name="redirect to another site", at="page", reply=to("https://elsewhere.example/"), state=S.PARTIAL, told="hosts"),
    Fault(name="meta refresh to a script", at="page", reply=reply_of(article(GOOD[0], head=CANONICAL + '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">')), state=S.OK, told="2 条"),
    Fault(name="DNS failure", url="http://nowhere.invalid/rss", state=S.UNREACHABLE, told="域名无法解析"),
    Fault(name="TLS error", reply=reply_of(GOOD_FEED, kind=RSS), is_secure=True, state=S.UNREACHABLE, told="证书"),
)
# fmt: on

# What the machine does (tests/spiders/test_machine_faults.py), with the state of the run it happens to; "" where none is stored.
MACHINE_FAULTS = {
    "disk full": "failed",
    "disk full of raw answers": "partial",
    "spider killed": "failed",
    "nightly killed": "",
    "database locked": "",
}
