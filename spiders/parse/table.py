"""A table file (CSV, XLSX, JSON Lines) to what its rows say: the whole file or none of it, each bad row named by its line."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import pandas as pd
import yaml

from spiders.dates import parse_time
from spiders.heard import Heard
from spiders.parse.text import one_line, tidy
from spiders.saved import decode
from spiders.urls import canonical
from store.settings import DATA

COLUMNS = DATA / "lexicons" / "table_columns.yml"
WIDEST = 200  # columns
HEADER_WITHIN = 10  # first lines in which the header may stand: exports put a title above it
LONGEST_UNPACKED = 300_000_000  # bytes an XLSX may unpack to
Cells = Mapping[str, str]  # part of an entry to its cell
BROKEN = (ValueError, KeyError, OSError, zipfile.BadZipFile, SyntaxError, TypeError, AttributeError, IndexError)


class Unreadable(Exception):
    """A file that cannot be read as a whole; the Chinese text says why."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a file's rows say, and a reason with its line for each row left out."""

    heard: tuple[Heard, ...]
    skipped: tuple[str, ...]


def read_table(name: str, body: bytes, *, base: str, now: datetime) -> Table:
    """The rows of a file; a row without an address gets one under `base` made from what it says. Raises Unreadable."""
    heard: list[Heard] = []
    skipped: list[str] = []
    for place, cells in _rows(name, body):
        found = cells if isinstance(cells, str) else _entry(cells, base=base, now=now)
        if isinstance(found, Heard):
            heard.append(found)
        else:
            skipped.append(f"{name} {place}：{found}")
    return Table(tuple(heard), tuple(skipped))


def _rows(name: str, body: bytes) -> Iterator[tuple[str, Cells | str]]:
    """Place and cells of each row; a text in place of cells says what is wrong with the row."""
    if not body.strip():
        raise Unreadable("文件是空的")
    form = name.lower().rpartition(".")[2]
    if form == "xlsx":
        yield from _sheets(body)
    elif form in ("jsonl", "ndjson"):
        yield from _json_lines(body)
    else:
        yield from _csv(body)


def _csv(body: bytes) -> Iterator[tuple[str, Cells | str]]:
    text = decode(body).replace("\r\n", "\n").replace("\r", "\n")
    try:
        table = pd.read_csv(
            io.StringIO(text),
            sep=_separator(text),
            header=None,
            names=range(WIDEST),
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
        )
    except (pd.errors.ParserError, csv.Error) as error:
        reason = (
            "引号没有配对，文件可能没有写完" if "EOF inside string" in str(error) else f"列数超过 {WIDEST} 或格式不对"
        )
        raise Unreadable(f"表格读不出：{reason}") from error
    rows = table.fillna("").to_numpy().tolist()
    lines, line = [], 1
    for row in rows:
        lines.append(line)
        line += 1 + sum(cell.count("\n") for cell in row)
    yield from _under_header([f"第 {n} 行" for n in lines], rows)


def _separator(text: str) -> str:
    """The sign that parts the cells of the first lines: Excel writes commas, tabs or, in some countries, semicolons."""
    head = text[:4000]
    return max(",\t;", key=head.count)


def _sheets(body: bytes) -> Iterator[tuple[str, Cells | str]]:
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("文件有密码，或是旧版 xls；请另存为不加密的 xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LONGEST_UNPACKED:
                raise Unreadable("解开后太大")
        sheets = pd.read_excel(
            io.BytesIO(body), sheet_name=None, header=None, dtype=str, na_filter=False, engine="openpyxl"
        )
    except BROKEN as error:
        raise Unreadable("不是完整的 xlsx 文件，可能没有写完") from error
    known = {title: sheet for title, sheet in sheets.items() if _header(sheet.to_numpy().tolist()) is not None}
    if not known:
        raise Unreadable("没有认出表头：至少要有“标题”或“内容”一列")
    for title, sheet in known.items():
        rows = [[_whole(cell) for cell in row] for row in sheet.to_numpy().tolist()]
        where = f"工作表“{title}”" if len(sheets) > 1 else ""
        yield from _under_header([f"{where}第 {n} 行" for n in range(1, len(rows) + 1)], rows)


def _whole(cell: object) -> str:
    """A cell as text; numbers that are whole lose the fraction Excel gives them."""
    text = "" if cell is None else str(cell)
    return re.sub(r"^(\d+)\.0$", r"\1", text)


def _json_lines(body: bytes) -> Iterator[tuple[str, Cells | str]]:
    for number, line in enumerate(decode(body).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):  # numbers and nests beyond all measure too
            row = None
        if not isinstance(row, dict):
            yield f"第 {number} 行", "不是一条 JSON 记录"
            continue
        names = {str(key): value for key, value in row.items() if isinstance(value, str | int | float)}
        places = _places(list(names))
        values = [_whole(value) for value in names.values()]
        yield f"第 {number} 行", {part: values[at] for part, at in places.items()}


def _under_header(places: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, Cells | str]]:
    header = _header(rows)
    if header is None:
        raise Unreadable("没有认出表头：至少要有“标题”或“内容”一列")
    columns = _places(rows[header])
    width = max((at for at, cell in enumerate(rows[header], 1) if cell.strip()), default=0)
    for place, row in list(zip(places, rows, strict=True))[header + 1 :]:
        if not any(cell.strip() for cell in row):
            continue
        if any(cell.strip() for cell in row[width:]):
            yield place, "单元格比表头多，可能有没加引号的逗号"
        else:
            yield place, {part: row[at] for part, at in columns.items()}


def _header(rows: Sequence[Sequence[object]]) -> int | None:
    """Where the header stands: the first of the first lines that names a title or text and one more part, or only known ones."""
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        cells = [_whole(cell) for cell in row]
        named = _places(cells)
        filled = sum(bool(cell.strip()) for cell in cells)
        if {"title", "text"} & set(named) and (len(named) > 1 or filled == 1):
            return at
    return None


def _places(header: Sequence[str]) -> dict[str, int]:
    """The column of each part of an entry that a header names."""
    plain = [_plain(name) for name in header]
    found = {}
    for part, names in _names().items():
        at = next((plain.index(name) for name in names if name in plain), None)
        if at is not None:
            found[part] = at
    return found


def _plain(name: str) -> str:
    text = re.sub(r"[(\[].*?[)\]]", "", unicodedata.normalize("NFKC", name).lower())
    return re.sub(r"[\s:*]", "", text)


@lru_cache(maxsize=1)
def _names() -> dict[str, list[str]]:
    found = yaml.safe_load(COLUMNS.read_text(encoding="utf-8"))
    return {part: [_plain(str(name)) for name in names] for part, names in found.items()}


def _entry(cells: Cells, *, base: str, now: datetime) -> Heard | str:
    said = {part: cell.strip() for part, cell in cells.items()}
    title, text = one_line(said.get("title", "")), tidy(said.get("text", ""))
    if not title and not text:
        return "既无标题也无内容"
    if "\ufffd" in title + text:
        return "有读不出的字"
    stated = said.get("time", "")
    published = parse_time(stated, now=now) if stated else None
    if stated and published is None:
        return "认不出时间"
    url = canonical(said["url"]) if said.get("url") else _own(base, title, text, stated)
    if not url:
        return "网址不是 http 或 https"
    author, publisher = said.get("author", ""), one_line(said.get("source", ""))
    return Heard(url=url, title=title, text=text, published_at=published, author=author, publisher=publisher)


def _own(base: str, *parts: str) -> str:
    """An address made from what a row says: the same row in a later export is the same document."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return f"{base}#entry-{digest[:16]}"
