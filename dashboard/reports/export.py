"""Documents as CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from dashboard import labels
from dashboard.words import BEIJING
from store.models import DocumentRow

COLUMNS = (
    "编号",
    "来源",
    "类型",
    "标题",
    "正文",
    "发布时间（北京时间）",
    "类别",
    "二级类别",
    "报送分类",
    "是否涉海",
    "立场",
    "人工判断",
    "转发",
    "回复",
    "网址",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(cell: object) -> str:
    """A cell that no spreadsheet reads as a formula (OWASP, CSV injection)."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def csv_rows(documents: Iterable[DocumentRow], names: Mapping[str, str]) -> Iterator[str]:
    """The lines of the file, the head first, with the mark that makes Excel read UTF-8."""
    yield "\ufeff" + _line(COLUMNS)
    for row in documents:
        yield _line(_cells(row, names))


def _cells(row: DocumentRow, names: Mapping[str, str]) -> tuple[object, ...]:
    annotation, filed = getattr(row, "annotation", None), getattr(row, "filed", {})
    return (
        row.pk,
        names.get(row.source, row.source),
        labels.label("kind", row.kind),
        row.title,
        row.text,
        f"{row.published_at.astimezone(BEIJING):%Y-%m-%d %H:%M}",
        annotation.category if annotation else "",
        "、".join(annotation.parts) if annotation else "",
        "、".join(labels.label("policy_tag", key) for key in annotation.tag_keys.split()) if annotation else "",
        {True: "是", False: "否"}[annotation.relevant] if annotation else "",
        labels.label("stance", annotation.stance) if annotation else "",
        "；".join(labels.offered(what, label.value) for what, label in sorted(filed.items())),
        row.reposts,
        row.replies,
        row.url,
    )


def _line(cells: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([safe(cell) for cell in cells])
    return out.getvalue()
