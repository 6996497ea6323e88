"""The sources in force: their files, and over them, key by key, what was changed on the desk (docs/decisions/0018)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from spiders.sources import Source, read_source, read_values, source_text
from store.errors import BadSource
from store.models import SourceEdit
from store.settings import DATA, settings

KEYS = DATA / "source_keys.yml"


@dataclass(frozen=True, slots=True)
class InForce:
    """One source as it is heard, with the file it comes from and the desk's changes over it."""

    source: Source
    file_text: str
    file_values: Mapping[str, Any]
    edit: SourceEdit | None

    @property
    def text(self) -> str:
        """The source in force as the text of a source file; the file's own text where nothing was changed."""
        return source_text(merged(self.file_values, self.edit.values)) if self.edit else self.file_text

    @property
    def mark(self) -> str:
        """A mark of exactly this text, by which it is noticed that somebody changed it since it was read."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def changes(self) -> list[str]:
        """What the desk changed, one Chinese line a key."""
        return said(self.file_values, self.edit.values) if self.edit else []


def in_force() -> dict[str, InForce]:
    """Every source by slug; one query. Raises BadSource naming file and key, or the edit that no longer fits its file."""
    folder = settings().sources_folder
    if not folder.is_dir():
        raise BadSource(f"{folder}: no such folder; set CHAOXIN_SOURCES to the folder of source files")
    edits = {edit.slug: edit for edit in SourceEdit.objects.select_related("made_by")}
    return {path.stem: _in_force(path, edits.get(path.stem)) for path in sorted(folder.glob("*.yml"))}


def _in_force(path: Path, edit: SourceEdit | None) -> InForce:
    port = settings().sample_port
    stat = path.stat()
    text, values, source = _file(path, (stat.st_mtime_ns, stat.st_size), port)
    if edit is not None:
        where = f"{path} as changed on the desk (`chaoxin sources revert {path.stem}` takes the change back)"
        source = read_source(path.stem, merged(values, edit.values), where=where, ports_from=port)
    return InForce(source, text, values, edit)


@lru_cache(maxsize=2000)
def _file(path: Path, _stamp: tuple[int, int], port: int) -> tuple[str, Mapping[str, Any], Source]:
    """A file's text, keys and source; read again only when it was written anew, for every page of the desk asks."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSource(f"{path}: cannot be read as YAML: {error}") from error
    values = read_values(text, where=str(path))
    source = read_source(path.stem, values, where=str(path), ports_from=port)
    assert isinstance(values, dict), "read_source has read it"
    return text, values, source


def merged(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A file's keys with changes over them; None takes a key away."""
    both = {**values, **changes}
    return {key: value for key, value in both.items() if value is not None}


def changes_of(values: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What has to be changed of a file's keys to have the wanted ones; merged over them it gives exactly those."""
    changed = {key: value for key, value in wanted.items() if key not in values or values[key] != value}
    return {**changed, **{key: None for key in values if key not in wanted}}


def said(values: Mapping[str, Any], changes: Mapping[str, Any]) -> list[str]:
    """Changes in Chinese, one line a key: 频率（cadence）：1d → 2h."""
    return [f"{key_name(key)}：{_shown(values.get(key))} → {_shown(changes[key])}" for key in changes]


def key_name(key: str) -> str:
    """What officers call a key, with the key itself: 频率（cadence）."""
    word = _keys().get(key, {}).get("name", "")
    return f"{word}（{key}）" if word else key


def complaint(error: BadSource, values: object) -> str:
    """What is wrong with a source's text, in Chinese, naming the key and how to write it."""
    told = re.search(r"key '(\w+)'", str(error))
    key = error.key or (told[1] if told else "")
    if not key or not isinstance(values, dict):
        return _whole(error)
    word = key_name(key)
    if key not in values:
        return f"缺少“{word}”这一项：{_how(key)}。"
    if key not in _keys() and "unknown key" in str(error):
        return f"不认识“{key}”这一项，请核对拼写；可用的项见 docs/add-a-source.md。"
    return f"“{word}”写得不对，现在是“{_shown(values[key])}”：{_how(key)}。"


def _whole(error: BadSource) -> str:
    mark = getattr(error.__cause__, "problem_mark", None)
    if mark is not None:
        return f"第 {mark.line + 1} 行或上一行的格式读不懂：请检查冒号后的空格、缩进和引号。"
    return "内容读不懂：每行写成“项名: 内容”。"


def _how(key: str) -> str:
    return str(_keys().get(key, {}).get("write", "写法见 docs/add-a-source.md"))


def _shown(value: object) -> str:
    if value is None:
        return "（未写）"
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


@lru_cache(maxsize=1)
def _keys() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = yaml.load(KEYS.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - texts only
    return found
