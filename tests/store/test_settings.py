"""Settings are strict, documented, and secrets are private."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from store.errors import BadSettings
from store.settings import ROOT, Settings, settings


def test_every_setting_is_documented_with_its_name() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"`CHAOXIN_{name.upper()}`" not in page]
    assert not missing


def test_every_setting_says_meaning_and_unit() -> None:
    assert not [name for name, field in Settings.model_fields.items() if ";" not in (field.description or "")]


def test_a_value_that_cannot_be_used_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAOXIN_WATCH_SECONDS", "soon")
    settings.cache_clear()
    with pytest.raises(BadSettings, match="CHAOXIN_WATCH_SECONDS"):
        settings()
    monkeypatch.undo()
    settings.cache_clear()


def test_a_secret_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    house = Settings(state=tmp_path)
    first = house.secret("author-key")
    assert len(first) == 64
    assert house.secret("author-key") == first
    assert stat.S_IMODE((tmp_path / "secrets" / "author-key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
