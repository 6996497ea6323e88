"""Reads the labelled sets of an evaluation folder; docs/quality.md names each and how anyone obtains it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from store.errors import BadInput

Row = dict[str, Any]


class SetAbsent(BadInput):
    """The evaluation folder does not hold a set: what is measured on it is skipped by name."""


def held(folder: Path, name: str) -> bool:
    """Whether the folder holds the set; a check whose set is absent is skipped by name."""
    return (folder / f"{name}.jsonl.gz").exists()


def rows(folder: Path, name: str) -> list[Row]:
    """All rows of a set in the file's order; raises BadInput naming the file that is missing (SetAbsent) or broken."""
    path = folder / f"{name}.jsonl.gz"
    try:
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    except FileNotFoundError as error:
        raise SetAbsent(f"{path.name} is missing in {folder}: docs/quality.md says how to obtain it") from error
    except (OSError, EOFError, ValueError) as error:
        raise BadInput(f"{path.name} cannot be read ({error}): fetch it again, see docs/quality.md") from error
