"""People, a case and a draft to act on; the state folder of each test is its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from pytest_django import DjangoCaptureOnCommitCallbacks

from responders.roles import Role, ensure_roles
from responders.wording import text_hash
from store.models import Case, Draft
from store.settings import Settings, settings

NOW = datetime(2026, 1, 22, 18, 0, tzinfo=UTC)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state folder of this test only."""
    monkeypatch.setattr(Settings, "path", lambda self, *parts: _made(tmp_path.joinpath(*parts)))
    return tmp_path


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Makes a user with roles."""
    ensure_roles()

    def make(name: str, *roles: Role) -> User:
        user = User.objects.create_user(name)
        user.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
        return user

    return make


@pytest.fixture
def officer(person: Callable[..., User]) -> User:
    return person("chen", Role.OFFICER)


@pytest.fixture
def approver(person: Callable[..., User]) -> User:
    return person("zhao", Role.APPROVER)


@pytest.fixture
def case(db: None) -> Case:
    return Case.objects.create(key="topic:T1", title="海边倾倒土方", rule="concern", reason="", opened_at=NOW)


def make_draft(case: Case, **values: object) -> Draft:
    """A machine's draft that its evidence bears."""
    title, body = "关于海边倾倒土方有关情况的说明", "经查，有关情况如下。"
    fields: dict[str, object] = {
        "key": f"case:{case.key}:{Draft.objects.count()}",
        "case": case,
        "kind": "response",
        "title": title,
        "body": body,
        "machine_title": title,
        "machine_body": body,
        "text_hash": text_hash(str(values.get("title", title)), str(values.get("body", body))),
        "drill": case.drill,
        "created_at": NOW,
        "changed_at": NOW,
    }
    return Draft.objects.create(**(fields | values))


@pytest.fixture
def draft(case: Case) -> Draft:
    return make_draft(case)


@pytest.fixture
def committed(state: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Callable[[], object]:
    """`with committed():` runs what the verbs leave for after the commit, writing into the test's own folder."""
    assert settings().path("x").is_relative_to(state)
    return lambda: django_capture_on_commit_callbacks(execute=True)
