"""The `files` kind: tables that people drop in a folder (CSV, XLSX, JSON Lines); each file is read whole, once."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from urllib.parse import unquote

from spiders.cursor import mark_of
from spiders.parse.table import Unreadable, read_table
from spiders.plain import PlainReader, Stopped
from spiders.privacy import mask
from store.stages import HarvestState

FORMS = {".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".ndjson"}
UNFINISHED = (".", "~$")  # hidden files, and the lock files office programs put beside an open table
LARGEST = 64_000_000  # bytes; a month of a hotline is a few megabytes
SETTLED = 2.0  # seconds a file must lie untouched: what is younger may still be copied
KNOWN_FILES = 2000


class Unfinished(Unreadable):
    """A file that is still being written; it is whole at the next run."""


class FilesReader(PlainReader):
    """Hears the tables of one folder."""

    def read(self) -> None:
        """Every file not read before, by name; one that cannot be read keeps none of the others back."""
        folder = self.folder()
        known: dict[str, str] = self.cursor.marks.setdefault("files", {})  # digest to name
        names = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith(UNFINISHED))
        self.tally.fronts_read = 1
        for path in names:
            self.check_time()
            if path.suffix.lower() in FORMS:
                self.file(path, known)
            else:
                detail = f"{mask(path.name)}：不是 CSV、XLSX 或 JSON Lines，请另存后再放入"
                self.trouble(HarvestState.PARSE_FAILED, detail, front=False)
        self.cursor.marks["files"] = dict(list(known.items())[-KNOWN_FILES:])

    def folder(self) -> Path:
        """The source's folder, real and under the folder of the setting. Raises Stopped."""
        allowed = self.job.drop.resolve()
        folder = (allowed / unquote(self.source.url.removeprefix("file:")).removeprefix("//")).resolve()
        if not folder.is_relative_to(allowed):
            raise Stopped(HarvestState.FAILED, f"文件夹不在 CHAOXIN_DROP（{allowed}）之下，不予读取")
        if not folder.is_dir():
            raise Stopped(HarvestState.UNREACHABLE, f"没有文件夹 {folder}，请先建立")
        return folder

    def file(self, path: Path, known: dict[str, str]) -> None:
        """One file: known, unfinished, unreadable or heard whole."""
        name = mask(path.name)
        try:
            body = _body(path, allowed=self.job.drop.resolve())
            digest = hashlib.sha256(body).hexdigest()
            if digest in known:
                self.tally.inner_unchanged += 1
                return
            self.received += len(body)
            table = read_table(name, body, base=self.source.url, now=self.now)
        except (Unreadable, OSError) as error:
            said = str(error) if isinstance(error, Unreadable) else f"打不开（{type(error).__name__}）"
            state = HarvestState.PARTIAL if isinstance(error, Unfinished) else HarvestState.PARSE_FAILED
            self.trouble(state, f"{name}：{said}", front=False)
            return
        for heard in table.heard:
            if self.cursor.says_new(heard.url, mark_of(heard.title, heard.text)):
                self.hear(heard)
        self.tally.inner_read += 1
        self.tally.listed += len(table.heard)
        self.leave_out(table.skipped)
        known[digest] = name


def _body(path: Path, *, allowed: Path) -> bytes:
    """A file's bytes. Raises Unreadable for one that is too large, still being written, or a link that leads out of `allowed`."""
    if not path.resolve().is_relative_to(allowed):
        raise Unreadable("是指向别处的链接，不予读取")
    before = path.stat()
    if before.st_size > LARGEST:
        raise Unreadable(f"文件超过 {LARGEST // 1_000_000} MB，请分成几个")
    body = path.read_bytes()
    after = path.stat()
    is_moving = (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(body) != after.st_size
    if is_moving or 0 <= time.time() - after.st_mtime < SETTLED:
        raise Unfinished("文件还在写入，下次再读")
    return body
