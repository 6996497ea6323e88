"""Commands answer as documented, and bad input gets one clear message that names the place and the mend."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows import cli
from store.errors import BadInput
from store.settings import DATA

BULLETIN = DATA / "sample" / "institution" / "2026-01-21-2000-surge-orange"
ROWS = (
    {
        "id": "a",
        "text": "塘沽外滩潮水上岸，风暴潮橙色警报，大家别去海边。",
        "published_at": "2026-01-21T20:30:00+08:00",
    },
    {
        "id": "b",
        "title": "说说",
        "text": "转发//@某某：塘沽外滩潮水上岸，风暴潮橙色警报，大家别去海边。",
        "source": "微博",
    },
    {"id": "c", "text": "今晚的火锅真好吃，排队两小时。"},
)  # a storm surge post, its repost, and a hot-pot


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    return path


def run(*arguments: str) -> None:
    cli.cli(list(arguments), standalone_mode=False)


def read(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_annotate_writes_one_row_a_text_in_order(rows: Path, tmp_path: Path) -> None:
    run("annotate", str(rows), str(tmp_path / "out.jsonl"))
    out = read(tmp_path / "out.jsonl")
    assert [row["id"] for row in out] == ["a", "b", "c"]
    assert [row["relevant"] for row in out] == [True, True, False]
    assert out[0]["category"] == "海洋灾害"
    wanted = {"relevance", "categories", "stance", "emotion", "claim_risk", "cues", "places", "times"}
    assert wanted <= out[0].keys()
    assert "tokens" not in out[0]


def test_annotate_gives_the_same_bytes_twice_and_tokens_on_request(rows: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run("annotate", str(rows), str(tmp_path / name), "--tokens")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert "风暴潮" in str(read(tmp_path / "one")[0]["tokens"])


def test_cluster_tells_matters_and_repeats_apart(rows: Path, tmp_path: Path) -> None:
    run("cluster", str(rows), str(tmp_path / "out.jsonl"))
    a, b, c = read(tmp_path / "out.jsonl")
    assert a["topic"] == b["topic"] != c["topic"]
    assert sorted(str(row.get("duplicate_of", "")) for row in (a, b)) in (["", "a"], ["", "b"])


def test_a_failed_run_leaves_the_old_output_as_it_was(tmp_path: Path) -> None:
    bad, out = tmp_path / "bad.jsonl", tmp_path / "out.jsonl"
    bad.write_text('{"id": "a", "text": "好"}\nnot json\n', encoding="utf-8")
    out.write_text("old\n", encoding="utf-8")
    with pytest.raises(BadInput, match="2"):
        run("annotate", str(bad), str(out))
    assert out.read_text(encoding="utf-8") == "old\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.jsonl", "out.jsonl"]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b'{"id": "a"}\n', "text"),
        (b'{"text": "x"}\n', "id"),
        (b'["id"]\n', "1"),
        (b'{"id": "a", "text": 5}\n', "text"),
        (b'{"id": "a", "text": "x", "published_at": "yesterday"}\n', "published_at"),
        (b"[" * 100_000 + b"\n", "JSON"),
        ("海".encode("gb18030") + b"\n", "UTF-8"),
    ],
)
@pytest.mark.parametrize("command", ["annotate", "cluster"])
def test_a_bad_row_is_named_with_file_and_mend(command: str, content: bytes, named: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(content)
    with pytest.raises(BadInput, match=named) as caught:
        run(command, str(bad), str(tmp_path / "out.jsonl"))
    assert "bad.jsonl" in str(caught.value)


def test_a_bulletin_is_read_alike_from_text_and_cap(capsys: pytest.CaptureFixture[str]) -> None:
    read_rows = []
    for ending in (".txt", ".xml"):
        run("bulletin", f"{BULLETIN}{ending}")
        read_rows.append(json.loads(capsys.readouterr().out))
    text, cap = read_rows
    for key in ("issuer", "number", "hazard", "message_type", "level", "issued_at"):
        assert text[key] == cap[key], key
    assert text["level"] == "橙色"


def test_a_page_is_extracted_to_title_text_and_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<html><head><title>海冰外缘线扩大-某网</title></head><body><h1>海冰外缘线扩大</h1>"
        "<div>2026年01月20日 16:07 来源：某网</div><div class='content'>"
        + "<p>监测显示，渤海湾浮冰外缘线约18海里，北塘渔港的渔船请注意防冰。</p>" * 3
        + "</div></body></html>",
        encoding="utf-8",
    )
    run("extract", str(page), "--url", "https://news.example/2026/0120/1.html")
    row = json.loads(capsys.readouterr().out)
    assert "海冰外缘线扩大" in row["title"]
    assert "浮冰外缘线约18海里" in row["text"]
    assert row["published_at"].startswith("2026-01-20T")


def test_half_an_emoji_and_a_nul_are_no_reason_to_stop(tmp_path: Path) -> None:
    odd = tmp_path / "odd.jsonl"
    odd.write_text('{"id": "a", "text": "风暴潮\\u0000来了\\ud83c"}\n', encoding="utf-8")
    for command in ("annotate", "cluster"):
        run(command, str(odd), str(tmp_path / "out.jsonl"))
        assert len(read(tmp_path / "out.jsonl")) == 1


def test_a_page_without_an_article_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><body><img src='a.png'></body></html>", encoding="utf-8")
    with pytest.raises(BadInput, match="no article"):
        run("extract", str(page), "--url", "https://a.example/1")


@pytest.mark.parametrize("command", [["bulletin"], ["extract", "--url", "https://a.example/"]])
@pytest.mark.parametrize("content", [b"", b"   \n"])
def test_an_empty_file_is_refused(command: list[str], content: bytes, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_bytes(content)
    with pytest.raises(BadInput, match="empty"):
        run(command[0], str(empty), *command[1:])


@pytest.mark.parametrize(
    "arguments",
    [
        ["annotate", "nowhere.jsonl", "out.jsonl"],
        ["cluster", "nowhere.jsonl", "out.jsonl"],
        ["match", "nowhere.jsonl", "out.jsonl", "--against", "nowhere.jsonl"],
        ["answers", "import", "nowhere.jsonl"],
        ["bulletin", "nowhere.txt"],
        ["extract", "nowhere.html", "--url", "https://a.example/"],
        ["brief", "--date", "23 January"],
    ],
)
def test_what_cannot_be_read_ends_with_2_and_one_line(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["chaoxin", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("chaoxin: ")
    assert "Traceback" not in error
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.django_db
def test_the_brief_is_a_whole_page(tmp_path: Path) -> None:
    run("brief", "--date", "2026-01-23", "--output", str(tmp_path / "brief.html"))
    page = (tmp_path / "brief.html").read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html")
    assert "2026" in page


def test_every_command_is_in_the_readme() -> None:
    readme = (DATA.parent / "README.md").read_text(encoding="utf-8")
    assert not [name for name in cli.COMMANDS if name not in readme]


def from_a_shell(state: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, where nothing has set Django up before it."""
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"} | {"CHAOXIN_STATE": str(state)}
    command = [sys.executable, "-m", "flows.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_explains_itself_from_a_shell(name: str, tmp_path: Path) -> None:
    done = from_a_shell(tmp_path, name, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["sources", "list"],
        ["answers", "list"],
        ["audit", "verify"],
        ["invite", "administrator"],
        ["emergency", "status"],
        ["brief", "--date", "2026-01-23"],
    ],
)
def test_commands_that_read_the_store_start_from_nothing(arguments: list[str], tmp_path: Path) -> None:
    done = from_a_shell(tmp_path, *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
