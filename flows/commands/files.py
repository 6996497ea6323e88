"""Reading and writing the files commands are handed: whole or not at all, with errors that say what to do."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from nlp.json_lines import row_line
from store.errors import BadInput


def read_bytes(path: Path, *, limit_bytes: int = 50_000_000) -> bytes:
    """A file's bytes; BadInput when it cannot be read, is empty or larger than the limit."""
    try:
        size = path.stat().st_size
        if size > limit_bytes:
            raise BadInput(
                f"{path}: {size:,} bytes, more than the {limit_bytes:,} this command reads; hand in one page or message"
            )
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}); give the path of a readable file") from error
    if not content.strip():
        raise BadInput(f"{path}: is empty; give a file with content")
    return content


def read_text(path: Path) -> str:
    """A file's text as UTF-8 or GB18030; BadInput when it is neither."""
    content = read_bytes(path)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(f"{path}: is neither UTF-8 nor GB18030 text; save it as UTF-8")


def open_lines(path: Path) -> Iterable[str]:
    """The lines of a UTF-8 file, read as they are asked for; BadInput when it cannot be opened or read."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            yield from lines
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}); give the path of a readable file") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8 JSON Lines") from error


def write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> int:
    """Write JSON Lines to `path` whole; returns the number of rows."""
    return write_blocks(path, ((1, row_line(row)) for row in rows))


def write_blocks(path: Path, blocks: Iterable[tuple[int, bytes]]) -> int:
    """Write blocks of lines (number of rows, bytes) to `path`; returns the number of all rows.

    The file appears whole: a failed run leaves the old one, or none.
    """
    count = 0
    try:
        handle = tempfile.NamedTemporaryFile("wb", dir=path.parent, delete=False)  # noqa: SIM115 - renamed below
    except OSError as error:
        raise BadInput(
            f"{path}: cannot be written ({error.strerror}); give a path in a folder you may write to"
        ) from error
    try:
        with handle:
            for rows, content in blocks:
                handle.write(content)
                count += rows
        umask = os.umask(0)
        os.umask(umask)
        Path(handle.name).chmod(0o666 & ~umask)
        Path(handle.name).replace(path)
    finally:
        Path(handle.name).unlink(missing_ok=True)
    return count


def show_json(value: Mapping[str, object]) -> None:
    """Print one JSON object, readable, Chinese as it is."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
