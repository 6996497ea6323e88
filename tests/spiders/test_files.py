"""Tables dropped in a folder: read whole and once, bad rows named by file and line, broken files named and left for later."""

from __future__ import annotations

import io
import json
import os
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from spiders.parse.table import Unreadable, read_table
from store.stages import Harvest, HarvestState
from tests.spiders.conftest import NOW, Crawl

HOTLINE = "天津12345工单导出\n工单标题,诉求内容（脱敏）,登记时间,来电人,来源渠道\n海水发红,东疆湾海水发红有异味,2026/1/22 9:05,王先生,热线\n"
URL = "file:hotline"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "var" / "drop" / "hotline"
    folder.mkdir(parents=True)
    return folder


def put(folder: Path, name: str, body: bytes | str, *, age: float = 60) -> Path:
    path = folder / name
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    old = path.stat().st_mtime - age
    os.utime(path, (old, old))
    return path


@contextmanager
def being_written(path: Path) -> Iterator[None]:
    """Touch a file again and again, as a copy that goes on does."""
    done = threading.Event()

    def touch() -> None:
        while not done.wait(0.1):
            os.utime(path)

    os.utime(path)
    writer = threading.Thread(target=touch)
    writer.start()
    yield
    done.set()
    writer.join()


def heard(harvest: Harvest) -> list[tuple[str, str]]:
    return [(e.title, e.text) for e in harvest.entries]


def sheet(**cells: list[object]) -> bytes:
    out = io.BytesIO()
    pd.DataFrame(cells).to_excel(out, index=False)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_from_excel_is_read_in_whatever_encoding(folder: Path, crawl: Crawl, encoding: str) -> None:
    put(folder, "一月.csv", HOTLINE.replace("\n", "\r\n").encode(encoding))
    harvest = crawl("files", URL)
    assert harvest.state is HarvestState.OK, harvest.message
    entry = harvest.entries[0]
    assert (entry.title, entry.text, entry.publisher) == ("海水发红", "东疆湾海水发红有异味", "热线")
    assert entry.published_at == datetime(2026, 1, 22, 1, 5, tzinfo=UTC)
    assert entry.url.startswith("file:hotline#entry-")
    assert len(entry.author_key) == 64
    assert "王先生" not in repr(harvest)


def test_a_file_is_read_once_and_a_row_of_a_longer_export_too(folder: Path, crawl: Crawl) -> None:
    put(folder, "1.csv", HOTLINE)
    first = crawl("files", URL)
    quiet = crawl("files", URL, cursor=first.cursor)
    assert (quiet.state, quiet.entries) == (HarvestState.NOTHING_NEW, ())
    put(folder, "2.csv", HOTLINE + "净滩,什么时候净滩,2026-01-22 10:00,李女士,网站\n")
    again = crawl("files", URL, cursor=quiet.cursor)
    assert heard(again) == [("净滩", "什么时候净滩")]


def test_an_xlsx_is_read_with_its_real_dates_and_numbers(folder: Path, crawl: Crawl) -> None:
    times = [pd.Timestamp("2026-01-20 08:30"), "2026年1月21日"]
    body = sheet(标题=["海冰", 7], 内容=["渔船被困", "冰厚"], 时间=times, 编号=[1, 2])
    put(folder, "a.xlsx", body)
    harvest = crawl("files", URL)
    assert heard(harvest) == [("海冰", "渔船被困"), ("7", "冰厚")]
    assert harvest.entries[0].published_at == datetime(2026, 1, 20, 0, 30, tzinfo=UTC)


def test_json_lines_are_read_and_a_broken_line_is_named(folder: Path, crawl: Crawl) -> None:
    rows = [
        {"title": "风暴潮", "text": "水进了车库", "time": "2026-01-21T10:00:00+08:00", "url": "http://e.com/1?spm=2"}
    ]
    put(folder, "a.jsonl", "\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + '\n{"title": "半')
    harvest = crawl("files", URL)
    assert (harvest.state, harvest.entries[0].url) == (HarvestState.OK, "http://e.com/1")
    assert "a.jsonl 第 2 行：不是一条 JSON 记录" in harvest.message


def test_bad_rows_are_named_with_file_and_line_and_the_good_ones_heard(folder: Path, crawl: Crawl) -> None:
    rows = [
        "标题,内容,时间,网址",
        '第一条,"两行的\n正文",2026-01-22 08:00,',
        "没有引号,正文,里面有逗号,2026-01-22,http://e.com/2",
        ",,,",
        "坏时间,正文,那年夏天,",
        "坏网址,正文,2026-01-22,javascript:alert(1)",
        ",,2026-01-22,",
        "最后一条,正文,,http://e.com/9",
    ]
    put(folder, "x.csv", "\n".join(rows))
    harvest = crawl("files", URL)
    assert [title for title, _ in heard(harvest)] == ["第一条", "最后一条"]
    assert harvest.skipped == 4
    assert "x.csv 第 4 行：单元格比表头多" in harvest.message
    assert "x.csv 第 6 行：认不出时间" in harvest.message


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("a.csv", b"", "空的"),
        ("a.csv", '标题,内容\n一,"没有收尾'.encode(), "没有写完"),
        ("a.csv", "甲,乙\n1,2\n".encode(), "表头"),
        ("a.xlsx", sheet(标题=["一"], 内容=["二"])[:-300], "没有写完"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + b"0" * 600, "密码"),
        ("a.docx", b"PK", "不是 CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_keeps_no_other_back(
    folder: Path, crawl: Crawl, name: str, body: bytes, told: str
) -> None:
    put(folder, name, body)
    broken = crawl("files", URL)
    assert (broken.state, broken.entries) == (HarvestState.PARSE_FAILED, ())
    assert f"{name}：" in broken.message
    assert told in broken.message
    put(folder, "b.csv", HOTLINE)
    beside = crawl("files", URL, cursor=broken.cursor)
    assert (beside.state, len(beside.entries)) == (HarvestState.PARTIAL, 1)
    put(
        folder, name.replace("docx", "csv"), sheet(标题=["一"], 内容=["二"]) if "xlsx" in name else "标题,内容\n一,二\n"
    )
    (folder / "a.docx").unlink(missing_ok=True)
    mended = crawl("files", URL, cursor=beside.cursor)
    assert (mended.state, heard(mended)) == (HarvestState.OK, [("一", "二")])


def test_a_file_still_being_written_waits_for_the_next_run(folder: Path, crawl: Crawl) -> None:
    with being_written(put(folder, "a.csv", HOTLINE)):
        waiting = crawl("files", URL)
    assert (waiting.state, waiting.entries) == (HarvestState.PARTIAL, ())
    assert "还在写入" in waiting.message
    put(folder, "a.csv", HOTLINE)
    assert len(crawl("files", URL, cursor=waiting.cursor).entries) == 1


def test_only_folders_under_the_setting_are_read(folder: Path, crawl: Crawl, tmp_path: Path) -> None:
    put(tmp_path, "secret.csv", HOTLINE)
    for url in ("file:../..", f"file://{tmp_path}", "file:hotline/../../.."):
        harvest = crawl("files", url)
        assert harvest.state is HarvestState.FAILED
        assert "CHAOXIN_DROP" in harvest.message
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    linked = crawl("files", URL)
    assert linked.entries == ()
    assert "链接" in linked.message
    assert crawl("files", "file:none").state is HarvestState.UNREACHABLE


def test_an_xlsx_that_unpacks_too_far_or_holds_entities_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    body = sheet(标题=["一"], 内容=["二"])
    monkeypatch.setattr("spiders.parse.table.LONGEST_UNPACKED", 100)
    with pytest.raises(Unreadable, match="太大"):
        read_table("a.xlsx", body, base=URL, now=NOW)
    monkeypatch.undo()
    lol = (
        '<!DOCTYPE x [<!ENTITY a "哈哈哈哈">'
        + "".join(f'<!ENTITY a{n} "{"&a;" * 10 if not n else f"&a{n - 1};" * 10}">' for n in range(9))
        + "]>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            text = old.read(part).decode()
            if part == "xl/worksheets/sheet1.xml":
                start = text.index("<worksheet")
                text = text[:start] + lol + text[start:].replace("<v>", "<v>&a8;", 1)
            new.writestr(part, text)
    with pytest.raises(Unreadable):
        read_table("a.xlsx", out.getvalue(), base=URL, now=NOW)
