"""`chaoxin sources`: what is found at an address is tried, written, and heard again as it stands; checks and lists say what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from spiders.sources import load_source
from tests.flows.houses import House
from tests.spiders.site import Answer, Site

WORDPRESS = os.environ.get("CHAOXIN_TEST_WORDPRESS", "").rstrip("/")
SNAC = os.environ.get("CHAOXIN_TEST_SNAC", "").rstrip("/")
TITLES = ["渤海湾今冬海冰偏轻", "独流减河口清淤收尾", "南港码头夜间施工答复", "东疆公园栈道检修", "海上风电运维船返港"]
BODY = "".join(
    f"<p>第{n}阶段的清理工作已经完成，相关单位正在复核各点位的监测数据，复核以后将按规定向社会公布。</p>"
    for n in range(5)
)
pytestmark = pytest.mark.slow


class Shell:
    """Commands in processes of their own, in one state folder, with the sources of one folder."""

    def __init__(self, folder: Path) -> None:
        self.sources = folder / "sources"
        self.sources.mkdir()
        dropped = ("DJANGO_SETTINGS_MODULE",)
        self.environment = {k: v for k, v in os.environ.items() if k not in dropped} | {
            "CHAOXIN_STATE": str(folder / "var"),
            "CHAOXIN_SOURCES": str(self.sources),
            "CHAOXIN_SAMPLE": "0",
            "CHAOXIN_HOST_DELAY_SECONDS": "0",
        }

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flows.cli", "sources", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=150)

    def adds(self, url: str, *options: str) -> Path:
        """The one file that `sources add` wrote."""
        done = self("add", url, "--allow-private", *options)
        assert done.returncode == 0, done.stdout + done.stderr
        (path,) = self.sources.glob("*.yml")
        return path

    def hears(self, path: Path) -> int:
        """How many entries `sources check` hears from a file as it stands."""
        done = self("check", path.stem, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        row = json.loads(done.stdout)
        assert row["heard"] and row["newest"] and row["requests"] and row["bytes"]
        return int(row["entries"])


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def article(title: str, day: int) -> Answer:
    return Answer(
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>2026-01-2{day} 10:00</p><div>{BODY}</div></body></html>"
    )


@pytest.fixture
def plain(site: Site) -> Site:
    """A plain HTML list of five articles, nothing else."""
    links = "".join(f'<li><a href="/a/2026100{i}.html">{title}</a></li>' for i, title in enumerate(TITLES))
    site.pages["/"] = Answer(f"<html><head><title>滨海快讯</title></head><body><ul>{links}</ul></body></html>")
    for i, title in enumerate(TITLES):
        site.pages[f"/a/2026100{i}.html"] = article(title, i % 3)
    return site


@pytest.fixture
def site() -> object:
    with Site() as found:
        yield found


def test_a_plain_list_yields_a_file_that_is_heard_without_an_edit(shell: Shell, plain: Site) -> None:
    path = shell.adds(f"{plain.base}/")
    source = load_source(path)
    assert (source.kind, source.title, source.on, source.verified) == ("news", "滨海快讯", False, False)
    assert "核对" in path.read_text(encoding="utf-8")
    assert shell.hears(path) == 5


def test_a_file_that_is_there_is_never_overwritten(shell: Shell, plain: Site) -> None:
    path = shell.adds(f"{plain.base}/", "--slug", "kuaixun")
    before = path.read_bytes()
    again = shell("add", f"{plain.base}/", "--slug", "kuaixun", "--allow-private")
    assert again.returncode == 2 and "stays as it is" in again.stderr
    assert path.read_bytes() == before


def test_a_board_of_unknown_make_names_its_selectors(shell: Shell, site: Site) -> None:
    links = "".join(f'<tr><td><a href="/thread/{100 + i}">{title}</a></td></tr>' for i, title in enumerate(TITLES))
    site.pages["/"] = Answer(f"<html><body><table>{links}</table>回复 楼主 最后发表</body></html>")
    done = shell("add", f"{site.base}/", "--allow-private")
    if "种类 board" in done.stdout:  # where this version has the kind
        assert "还须写明这些位置（CSS 选择器）：list、thread、post、author、time、next" in done.stdout


def test_taking_back_what_was_never_changed_says_so(shell: Shell) -> None:
    done = shell("revert", "nowhere")
    assert done.returncode == 1 and "没有在工作台上改过" in done.stderr


def test_an_address_that_offers_nothing_says_what_each_answer_was(shell: Shell, site: Site) -> None:
    done = shell("add", f"{site.base}/", "--allow-private")
    assert done.returncode == 2
    assert f"{site.base}/feed：回答 404" in done.stderr
    assert not list(shell.sources.iterdir())


def test_the_sample_board_yields_a_file_that_is_heard(shell: Shell, sample_port: int) -> None:
    path = shell.adds(f"http://127.0.0.1:{sample_port + 1}/forum-36-1.html")
    assert load_source(path).kind == "discuz"
    assert shell.hears(path) > 20


@pytest.mark.servers
@pytest.mark.skipif(not WORDPRESS, reason="start servers/wordpress.sh and set CHAOXIN_TEST_WORDPRESS")
def test_wordpress_yields_a_file_that_is_heard(shell: Shell) -> None:
    path = shell.adds(f"{WORDPRESS}/")
    assert load_source(path).kind in ("wordpress", "feed")
    assert shell.hears(path) == 24


@pytest.mark.servers
@pytest.mark.skipif(not SNAC, reason="start servers/snac.sh and set CHAOXIN_TEST_SNAC")
def test_snac_is_left_alone_without_leave_and_heard_with_it(shell: Shell) -> None:
    refused = shell("add", f"{SNAC}/", "--allow-private")
    assert refused.returncode == 2 and "--permission" in refused.stderr
    path = shell.adds(f"{SNAC}/", "--permission", "本单位自建服务器，2026-01-20")
    assert load_source(path).kind == "mastodon"
    assert shell.hears(path) == 27


def test_checking_a_source_hears_it_says_what_is_wrong_and_stores_nothing(undisturbed: House) -> None:
    before = undisturbed.counts()
    command = [sys.executable, "-m", "flows.cli", "sources", "check", "sample-cap", "broken-forbidden"]
    done = subprocess.run(
        command, env=undisturbed.environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 1
    assert "blocked" in done.stdout
    assert undisturbed.chaoxin("sources", "check", "sample-cap", "--json").startswith(
        '{"source": "sample-cap", "heard": true'
    )
    assert undisturbed.counts() == before


def test_a_list_of_feeds_comes_in_and_goes_out(shell: Shell, tmp_path: Path) -> None:
    listing = tmp_path / "in.opml"
    listing.write_text(
        '<opml version="2.0"><body><outline text="海洋"><outline text="预报" xmlUrl="https://a.example.cn/rss"/>'
        '<outline text="同一个" xmlUrl="https://a.example.cn/rss"/><outline text="坏" xmlUrl="ftp://x"/></outline>'
        '<outline text="同站" xmlUrl="https://a.example.cn/rss2"/></body></opml>',
        encoding="utf-8",
    )
    done = shell("import", str(listing))
    assert done.returncode == 0, done.stderr
    assert "共写入 2 个来源文件，略过 2 项" in done.stdout
    assert "同一个：与“预报”是同一个网址" in done.stderr
    sources = {path.name: load_source(path) for path in sorted(shell.sources.glob("*.yml"))}
    assert list(sources) == ["a-example-cn-feed-2.yml", "a-example-cn-feed.yml"]
    assert sources["a-example-cn-feed.yml"].note == "OPML 文件夹：海洋"
    assert not any(source.on or source.verified for source in sources.values())
    again = shell("import", str(listing))
    assert "共写入 0 个来源文件" in again.stdout and "已有来源 a-example-cn-feed 是这个网址" in again.stderr
    out = tmp_path / "out.opml"
    assert shell("export", str(out)).returncode == 0
    assert out.read_text(encoding="utf-8").count("xmlUrl=") == 2
    assert shell("export", str(out)).returncode == 2
