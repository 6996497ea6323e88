"""Raw responses as WARC files, one a source and day, kept for a set number of days and no longer.

They hold what sites answered before the privacy gate: mode 0600, and `purge` deletes whole days.
"""

from __future__ import annotations

import io
import os
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

from scrapy.http import Response
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


def archive_path(folder: Path, slug: str, *, now: datetime) -> Path:
    """The WARC file of a source and day."""
    return folder / now.date().isoformat() / f"{slug}.warc.gz"


def purge(folder: Path, *, days: int, today: date) -> list[Path]:
    """Delete the folders of days older than `days`; returns what was deleted. 0 deletes everything before today."""
    oldest = today - timedelta(days=days)
    gone = []
    for day in sorted(folder.iterdir()) if folder.is_dir() else []:
        try:
            is_old = date.fromisoformat(day.name) < oldest
        except ValueError:  # not a day's folder: not ours to delete
            continue
        if is_old:
            shutil.rmtree(day)
            gone.append(day)
    return gone


def keep(path: Path, response: Response, *, at: datetime) -> None:
    """Append one response as it came over the wire, each record a gzip member of its own."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    headers = [(k.decode("latin-1"), v.decode("latin-1")) for k, vs in response.headers.items() for v in vs]
    writer.write_record(
        writer.create_warc_record(
            response.url,
            "response",
            payload=io.BytesIO(response.body),
            http_headers=StatusAndHeaders(f"{response.status} Answered", headers, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": at.strftime("%Y-%m-%dT%H:%M:%SZ")},
        )
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as handle:
        handle.write(buffer.getvalue())
