"""`sources add`, then `sources check` on the file as it was written: every kind that add can name, against the fixtures' own sites."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from spiders.finding.asking import Ask, Probe, Purpose
from spiders.finding.choose import choose
from spiders.saved import Saved
from spiders.sources import load_source, source_text
from store.settings import ROOT
from store.stages import SourceKind
from tests.flows.test_source_commands import Shell
from tests.spiders.replay import Replay
from tests.spiders.site import Answer, Site

FIXTURES = ROOT / "tests" / "fixtures"
JSON = "application/json; charset=utf-8"
ARTICLE = "<title>{0}-滨海报</title><h1>{0}</h1><p>2026-01-21 10:00</p><p>天津近岸海域今天出现大浪，预报员提醒市民注意安全，不要到海堤和礁石上停留。</p>"
SITEMAP = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)
pytestmark = pytest.mark.slow


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def kept(name: str, kind: str) -> Answer:
    """A saved response of the fixtures."""
    return Answer((FIXTURES / name).read_bytes(), type=kind)


def front(title: str, head: str = "", body: str = "") -> Answer:
    return Answer(f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>")


def discourse(site: Site) -> None:
    """What the fixture's category leaves out: the board's front page, its list of categories, its newest topics."""
    for path in ("/", "/c/haiyang/5"):
        site.pages[path] = front("岸边", '<meta name="generator" content="Discourse 3.3.1">')
    site.pages["/site.json"] = Answer('{"categories": [{"id": 5, "slug": "haiyang"}]}', type=JSON)
    site.pages["/latest.json"] = site.pages["/c/haiyang/5.json"]


def nodebb(site: Site) -> None:
    site.pages["/"] = front("渔人码头", '<meta name="generator" content="NodeBB">')
    site.pages["/api/config"] = Answer('{"relative_path": "", "topicsPerPage": 20}', type=JSON)


def sitemap(site: Site) -> None:
    """A news sitemap, named in robots.txt only, of articles of yesterday."""
    articles(site)
    day = (datetime.now(UTC) - timedelta(hours=20)).isoformat()
    records = "".join(
        f"<url><loc>{site.base}/a/{n}.html</loc><news:news><news:publication><news:name>滨海报</news:name></news:publication>"
        f"<news:publication_date>{day}</news:publication_date><news:title>海浪消息第{n}号</news:title></news:news></url>"
        for n in range(1, 6)
    )
    site.pages["/"] = front("滨海报")
    site.pages["/robots.txt"] = Answer(f"User-agent: *\nSitemap: {site.base}/xw/map.xml\n", type="text/plain")
    site.pages["/xw/map.xml"] = Answer(f"<urlset {SITEMAP}>{records}</urlset>", type="application/xml")


def articles(site: Site) -> None:
    for n in range(1, 6):
        site.pages[f"/a/{n}.html"] = Answer(ARTICLE.format(f"海浪消息第{n}号"))


def news(site: Site) -> None:
    articles(site)
    links = "".join(f'<li><a href="/a/{n}.html">海浪消息第{n}号</a></li>' for n in range(1, 6))
    site.pages["/"] = front("滨海报", body=f"<ul>{links}</ul>")


def json_feed(site: Site) -> None:
    site.pages["/"] = front("滨海潮报", '<link rel="alternate" type="application/feed+json" href="/feed.json">')
    site.pages["/feed.json"] = kept("feed/json-feed/input.json", "application/feed+json")


def atom(site: Site) -> None:
    site.pages["/"] = front("滨海潮报", '<link rel="alternate" type="application/atom+xml" href="/atom.xml">')
    site.pages["/atom.xml"] = kept("feed/atom/input.xml", "application/atom+xml")


def mastodon(site: Site) -> None:
    site.pages["/"] = front("海湾", '<meta name="generator" content="Mastodon">')
    site.pages["/api/v1/timelines/public"] = kept("mastodon/timeline/input.json", JSON)


def wordpress(site: Site) -> None:
    """A WordPress under a path of its host."""
    site.pages["/blog/"] = front("博客", f'<link rel="https://api.w.org/" href="{site.base}/blog/wp-json/">')
    site.pages["/blog/wp-json/wp/v2/posts"] = kept("wordpress/posts/input.json", JSON)


def cap(site: Site) -> None:
    entry = '<entry><id>a</id><title>警报</title><link href="/a.cap" type="application/cap+xml"/></entry>'
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>海洋预警</title>{entry}</feed>'
    site.pages["/alerts.atom"] = Answer(feed, type="application/atom+xml")
    site.pages["/a.cap"] = kept("cap/surge-orange/input.xml", "application/cap+xml")


def as_saved(_: Site) -> None:
    """Nothing is missing in the fixture."""


@dataclass(frozen=True, slots=True)
class Case:
    """A site, the path a person pastes, and the file that has to come of it."""

    fill: Callable[[Site], None]
    path: str
    kind: str
    written: str
    fewest: int  # entries
    folder: str = ""  # of the fixtures


CASES = [
    Case(discourse, "/", "discourse", "/", 40, "discourse/haiyang"),
    Case(discourse, "/c/haiyang/5", "discourse", "/c/haiyang/5", 40, "discourse/haiyang"),
    Case(nodebb, "/", "nodebb", "/", 3, "nodebb/yuren"),
    Case(as_saved, "/lyb/index.html", "messages", "/lyb/index.html", 3, "messages/xinxiang"),
    Case(sitemap, "/", "sitemap", "/xw/map.xml", 5),
    Case(news, "/", "news", "/", 5),
    Case(json_feed, "/", "feed", "/feed.json", 3),
    Case(json_feed, "/feed.json", "feed", "/feed.json", 3),
    Case(atom, "/", "feed", "/atom.xml", 1),
    Case(mastodon, "/", "mastodon", "/api/v1/timelines/public?local=true", 2),
    Case(wordpress, "/blog/", "wordpress", "/blog/", 2),
    Case(cap, "/alerts.atom", "cap", "/alerts.atom", 1),
]
# Discuz: the sample board in test_source_commands; board: below; Tieba and Weibo: known by their hosts, none of ours.
ADDED_ELSEWHERE = {SourceKind.DISCUZ, SourceKind.BOARD, SourceKind.TIEBA, SourceKind.WEIBO}
# What no address on the web tells: these a person writes from docs/add-a-source.md.
NEVER_NAMED = {SourceKind.IMAP, SourceKind.FILES, SourceKind.BULLETIN}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.fill.__name__}{case.path}")
def test_what_add_wrote_is_heard_without_an_edit(shell: Shell, case: Case) -> None:
    with Replay(FIXTURES / case.folder) if case.folder else Site() as site:
        case.fill(site)
        file = shell.adds(f"{site.base}{case.path}")
        source = load_source(file)
        assert (source.kind.value, source.url) == (case.kind, f"{site.base}{case.written}")
        assert not source.on and not source.verified
        assert shell.hears(file) >= case.fewest


def test_every_kind_is_added_here_or_elsewhere_or_can_never_be_named() -> None:
    assert {SourceKind(case.kind) for case in CASES} | ADDED_ELSEWHERE | NEVER_NAMED == set(SourceKind)


@pytest.mark.parametrize(
    ("case", "options"), [("unseen", ()), ("harbour", ("--kind", "board")), ("odd", ("--kind", "board"))]
)
def test_a_board_unlike_any_stops_nobody_says_what_to_fill_in_and_is_then_heard(
    shell: Shell, case: str, options: tuple[str, ...]
) -> None:
    folder = FIXTURES / "board" / case
    filled = yaml.safe_load((folder / "source.yml").read_text(encoding="utf-8"))
    with Replay(folder) as site:
        file = shell.adds(f"{site.base}{filled['url']}", *options)
        assert shell("list").returncode == 0
        empty = shell("check", file.stem, "--json")
        assert empty.returncode == 1
        assert "还没有写明选择器 list" in empty.stdout
        text = file.read_text(encoding="utf-8")
        file.write_text(f"{text}{source_text({'select': filled['select']})}", encoding="utf-8")
        assert shell.hears(file) >= 2


def test_switched_on_before_its_selectors_are_written_a_board_names_them(shell: Shell) -> None:
    with Replay(FIXTURES / "board" / "unseen") as site:
        file = shell.adds(f"{site.base}/viewforum.php?f=2")
        file.write_text(file.read_text(encoding="utf-8").replace("on: false", "on: true"), encoding="utf-8")
        done = shell("check", file.stem)
        assert done.returncode == 1 and "kind board needs list, post" in done.stderr


def test_a_forum_found_by_one_of_its_threads_is_read_from_its_index() -> None:
    url = "https://bbs.example.cn/thread-10-1-1.html"
    page = Saved(url, b'<meta name="generator" content="Discuz! X3.4"><a href="thread-10-2-1.html">2</a>', 200)
    (found,) = choose(url, [Probe(Ask(Purpose.PAGE, url), page)], kinds=list(SourceKind), now=datetime.now(UTC))
    assert (found.kind, found.url) == ("discuz", "https://bbs.example.cn/forum.php")


def test_a_portal_whose_articles_are_named_like_t20260120_is_no_board() -> None:
    url = "https://www.example.gov.cn/xw/"
    links = "".join(
        f'<li><a href="/xw/202601/t2026012{n}_6{n}.html">主题教育第{n}次会议召开</a></li>' for n in range(6)
    )
    page = Saved(url, f"<ul>{links}</ul>网民回复 发帖 主题数".encode(), 200)
    found = choose(url, [Probe(Ask(Purpose.PAGE, url), page)], kinds=list(SourceKind), now=datetime.now(UTC))
    assert [one.kind for one in found] == ["news"]
