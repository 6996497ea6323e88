"""A press room for the desk's tests, and the clock at its night."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from store.settings import settings as our_settings
from tests.dashboard.factories import HARBOUR, NOW, Room, press_room

CLOCKED = (
    "dashboard.context",
    *(
        f"dashboard.views.{name}"
        for name in (
            "brief",
            "bulletins",
            "cases",
            "claims",
            "documents",
            "drafts",
            "emergency",
            "filing",
            "offers",
            "overview",
            "people",
            "signin",
            "sources",
            "topics",
        )
    ),
)


@pytest.fixture(autouse=True)
def _night(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every view reads the same moment; failed sign-ins of other tests are forgotten."""
    for module in CLOCKED:
        monkeypatch.setattr(f"{module}.clock", lambda: NOW)
    cache.clear()


@pytest.fixture(autouse=True)
def _own_state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings) -> None:
    """Portal and drill files go to this test's folder; passwords are hashed cheaply."""
    monkeypatch.setitem(our_settings().__dict__, "state", tmp_path)
    monkeypatch.setitem(our_settings().__dict__, "sample", False)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def harbour(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file of one source, the only one there is."""
    folder = tmp_path / "sources"
    folder.mkdir()
    monkeypatch.setitem(our_settings().__dict__, "sources", folder)
    path = folder / "harbour.yml"
    path.write_text(HARBOUR, encoding="utf-8")
    return path


@pytest.fixture
def room(db: None) -> Room:
    """One of everything."""
    return press_room()


@pytest.fixture
def officer(client: Client, room: Room) -> Client:
    """A browser in which the officer is signed in."""
    client.force_login(room.officer)
    return client


@pytest.fixture
def administrator(room: Room) -> Client:
    """A browser in which the administrator is signed in."""
    client = Client()
    client.force_login(room.administrator)
    return client
