"""What a spider's process is told: the source, where it was left, the time and the limits; one JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from spiders.sources import Source, as_mapping, read_source

STARTED = "started"  # a file in the spool: the source's turn has come


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How politely and how long; seconds, bytes and days."""

    run_seconds: float  # the process closes itself after this, a little before it is killed
    request_seconds: float
    delay_seconds: float
    response_bytes: int
    author_key_days: int
    retry_seconds: float = 2.0  # first pause before a failed request is asked again; doubles
    concurrency: int = 2
    host_requests: int = 0  # a day, of one host; 0 is no limit
    host_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run of one source."""

    source: Source
    now: datetime
    spool: Path
    secret: Path  # file of the secret that keys authors
    user_agent: str
    limits: Limits
    cursor: Mapping[str, Any] = field(default_factory=dict)
    drop: Path = Path()  # folder under which the kind `files` may read
    archive: Path | None = None  # WARC file of this source and day; None keeps no raw responses
    host: str = ""  # sources of one name are heard one after another
    hosts: Path | None = None  # folder of what is remembered of hosts; None remembers nothing between runs

    def __deepcopy__(self, _memo: dict[int, Any]) -> Job:
        """The same job: Scrapy copies its settings deeply, and a job holds a cursor of thousands of pages."""
        return self

    @property
    def delay_seconds(self) -> float:
        """The pause between two requests to the source's host; seconds."""
        return self.limits.delay_seconds if self.source.delay is None else self.source.delay

    def as_json(self) -> str:
        """The job as its file holds it."""
        limits = {name: getattr(self.limits, name) for name in Limits.__slots__}
        return json.dumps(
            {
                "slug": self.source.slug,
                "source": as_mapping(self.source),
                "now": self.now.isoformat(),
                "spool": str(self.spool),
                "secret": str(self.secret),
                "user_agent": self.user_agent,
                "limits": limits,
                "cursor": dict(self.cursor),
                "drop": str(self.drop),
                "archive": str(self.archive) if self.archive else None,
                "host": self.host,
                "hosts": str(self.hosts) if self.hosts else None,
            },
            ensure_ascii=False,
        )


def read_job(path: Path) -> Job:
    """The job a file holds."""
    row = json.loads(path.read_text(encoding="utf-8"))
    return Job(
        source=read_source(row["slug"], row["source"], where=str(path)),
        now=datetime.fromisoformat(row["now"]),
        spool=Path(row["spool"]),
        secret=Path(row["secret"]),
        user_agent=row["user_agent"],
        limits=Limits(**row["limits"]),
        cursor=row["cursor"],
        drop=Path(row["drop"]),
        archive=Path(row["archive"]) if row["archive"] else None,
        host=row["host"],
        hosts=Path(row["hosts"]) if row["hosts"] else None,
    )
