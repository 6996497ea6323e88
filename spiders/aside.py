"""What could not be read is set aside as it came: one compressed file an answer among the raw ones, for its owner only."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spiders.saved import Saved
from store.stages import Unread

FOLDER = "quarantine"  # in the folder of raw answers of its day, and so deleted with it
MOST_A_RUN = 50  # answers set aside by one run of one source; a site that changed wholly is understood from fewer
MOST_BYTES = 4_000_000  # of one answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer that could not be read, with the step of the spider that should have read it."""

    saved: Saved
    step: str  # name of the spider's method, "" for its front
    given: Mapping[str, Any]  # what the step was given besides the answer; plain JSON values


@dataclass(slots=True)
class Aside:
    """The answers one run sets aside; `raw` is the day's folder of raw answers, None where none are kept."""

    raw: Path | None
    found: dict[str, Unread] = field(default_factory=dict)  # by address

    def put(self, kept: Kept, reason: str) -> None:
        """Set an answer aside once, whatever else is found in it; the first reason stands."""
        url = kept.saved.asked or kept.saved.url
        if url in self.found or len(self.found) >= MOST_A_RUN:
            return
        try:
            place = self._keep(kept)
        except OSError:  # a disk that takes no more: the reason is told all the same
            place = ""
        self.found[url] = Unread(url=url, reason=reason, kept=place)

    def _keep(self, kept: Kept) -> str:
        if self.raw is None or len(kept.saved.body) > MOST_BYTES:
            return ""
        name = hashlib.sha256(f"{kept.step} {kept.saved.asked} {kept.saved.url}".encode()).hexdigest()[:24] + ".json.gz"
        folder = self.raw / FOLDER
        self.raw.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(exist_ok=True, mode=0o700)
        part = folder / f"{name}.{os.getpid()}.part"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
            handle.write(gzip.compress(json.dumps(_row(kept)).encode(), mtime=0))
        part.replace(folder / name)
        return str(Path(self.raw.name, FOLDER, name))


def read_kept(path: Path) -> Kept:
    """The answer a file holds; raises OSError where it is gone and ValueError or KeyError where it is damaged."""
    row = json.loads(gzip.decompress(path.read_bytes()))
    saved = Saved(**{**row["saved"], "body": base64.b64decode(row["saved"]["body"])})
    return Kept(saved=saved, step=str(row["step"]), given=row["given"])


def kept_step(then: Callable[..., Any], given: Mapping[str, Any], saved: Saved) -> Kept:
    """An answer with the bound method that should read it; what is no plain JSON value is left out of what it was given."""
    plain = {name: value for name, value in given.items() if _is_plain(value)}
    return Kept(saved=saved, step=getattr(then, "__name__", ""), given=plain)


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _row(kept: Kept) -> dict[str, Any]:
    saved = kept.saved
    values = {
        "url": saved.url,
        "status": saved.status,
        "headers": dict(saved.headers),
        "asked": saved.asked,
        "encoding": saved.encoding,
        "is_cut": saved.is_cut,
    }
    body = base64.b64encode(saved.body).decode("ascii")
    return {"saved": {**values, "body": body}, "step": kept.step, "given": dict(kept.given)}
