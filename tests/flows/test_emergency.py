"""The emergency from the command line, without Prefect; and a drill from declaration to release: it stays off the portal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.contrib.auth.models import Group, User

from flows import emergency, watch
from flows.cli import cli
from flows.emergency import LATER, Declaration
from responders.approve import approve
from responders.release import release
from responders.roles import Role, ensure_roles
from responders.submit import submit
from store.errors import BadInput, NotAllowed, NotFound
from store.models import Case, Draft, Emergency, Release
from store.settings import DATA, Settings
from store.stages import Entry, Harvest, HarvestState, SourceKind

NOW = datetime(2026, 1, 22, 18, 0, tzinfo=UTC)
CAP = (DATA / "sample" / "institution" / "2026-01-21-0930-surge-yellow.xml").read_text("utf-8")
WISH = Declaration(title="温带风暴潮", reason="橙色警报", drill=False)
DRILL = Declaration(title="防潮演练", reason="年度演练", drill=True)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_prefect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emergency, "is_up", lambda url: False)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state folder of this test only."""

    def path(self: Settings, *parts: str) -> Path:
        made = tmp_path.joinpath(*parts)
        made.parent.mkdir(parents=True, exist_ok=True)
        return made

    monkeypatch.setattr(Settings, "path", path)
    return tmp_path


def person(name: str, role: Role) -> User:
    ensure_roles()
    user = User.objects.create_user(name)
    user.groups.add(Group.objects.get(name=role.value))
    return user


def heard(message: str) -> Harvest:
    entry = Entry(
        source="sample-cap",
        kind=SourceKind.CAP,
        url="https://institution.example/cap/1.xml",
        title="",
        text="",
        published_at=None,
        fetched_at=NOW,
        official=True,
        raw=message,
    )
    return Harvest(
        source="sample-cap", state=HarvestState.OK, message="", entries=(entry,), started_at=NOW, finished_at=NOW
    )


def released(draft: Draft, capture: Callable[..., object]) -> Release:
    """Through the four hands: submitted by one, signed by another, released."""
    officer, approver = person("chen", Role.OFFICER), person("zhao", Role.APPROVER)
    submit(draft.pk, officer, now=NOW)
    draft.refresh_from_db()
    approve(draft.pk, approver, draft.text_hash, now=NOW)
    with capture(execute=True):  # type: ignore[attr-defined]
        row = release(draft.pk, officer, now=NOW)
    row.refresh_from_db()
    return row


def test_declaring_without_prefect_stands_and_says_when_the_cadence_moves():
    declared, said = emergency.declare(WISH, now=NOW)
    assert (declared.standing, said) == (True, LATER)
    assert emergency.standing() == declared
    ended, said = emergency.stand_down(now=NOW)
    assert (ended.standing, said) == (None, LATER)


def test_an_unknown_source_is_refused_with_those_that_are_known(monkeypatch):
    monkeypatch.setattr(emergency, "sources_in_force", list)
    wish = Declaration(title="a", reason="b", drill=False, sources=("nowhere",))
    with pytest.raises(BadInput, match="--source nowhere"):
        emergency.declare(wish, now=NOW)
    assert not Emergency.objects.exists()


def test_only_one_emergency_stands():
    emergency.declare(WISH, now=NOW)
    with pytest.raises(NotAllowed):
        emergency.declare(DRILL, now=NOW)


def test_standing_down_in_calm_times_is_refused():
    with pytest.raises(NotFound):
        emergency.stand_down(now=NOW)


def test_status_says_how_things_stand():
    assert "没有处于应急状态" in CliRunner().invoke(cli, ["emergency", "status"]).output
    emergency.declare(DRILL, now=NOW)
    output = CliRunner().invoke(cli, ["emergency", "status"]).output
    assert "演练中：【演练】防潮演练（2026-01-23 02:00 起）" in output
    assert "Prefect 没有运行" in output


def test_a_declared_emergency_has_its_first_draft_at_the_next_watch_and_only_one():
    emergency.declare(WISH, now=NOW)
    for _ in range(2):
        watch.keep([], now=NOW)
    assert Draft.objects.filter(case__emergency__isnull=False).count() == 1


def test_every_draft_of_a_drill_is_a_drill():
    emergency.declare(DRILL, now=NOW)
    watch.relay([heard(CAP.replace("<status>Actual", "<status>Exercise"))], night="x", now=NOW)
    watch.keep([], now=NOW)
    assert Draft.objects.count() == 2
    assert set(Draft.objects.values_list("drill", flat=True)) == {True}
    assert set(Case.objects.values_list("drill", flat=True)) == {True}


def test_a_real_warning_stays_real_while_a_drill_stands():
    emergency.declare(DRILL, now=NOW)
    watch.relay([heard(CAP)], night="x", now=NOW)
    assert Draft.objects.get(kind="update").drill is False


def test_the_release_of_a_drill_never_reaches_the_portal(state, django_capture_on_commit_callbacks):
    emergency.declare(DRILL, now=NOW)
    watch.relay([heard(CAP.replace("<status>Actual", "<status>Exercise"))], night="x", now=NOW)
    row = released(Draft.objects.get(kind="update"), django_capture_on_commit_callbacks)
    assert (row.channel, row.status) == ("drill", Release.SENT)
    assert not [path for path in (state / "portal").rglob("*") if row.slug in path.name]
    assert list((state / "drill").iterdir())


def test_the_release_of_a_real_update_does_reach_the_portal(state, django_capture_on_commit_callbacks):
    watch.relay([heard(CAP)], night="x", now=NOW)
    row = released(Draft.objects.get(kind="update"), django_capture_on_commit_callbacks)
    assert row.channel == "portal"
    assert [path for path in (state / "portal").rglob("*") if row.slug in path.name]


def test_a_later_warning_supersedes_the_released_update_once_it_is_released_itself(
    state, django_capture_on_commit_callbacks
):
    watch.relay([heard(CAP)], night="x", now=NOW)
    first = Draft.objects.get(kind="update")
    released(first, django_capture_on_commit_callbacks)
    later = (DATA / "sample" / "institution" / "2026-01-21-2000-surge-orange.xml").read_text("utf-8")
    watch.relay([heard(later)], night="x", now=NOW)
    first.refresh_from_db()
    second = Draft.objects.exclude(pk=first.pk).get(kind="update")
    assert (first.status, second.supersedes) == ("released", first)
    officer, approver = User.objects.get(username="chen"), User.objects.get(username="zhao")
    submit(second.pk, officer, now=NOW)
    second.refresh_from_db()
    approve(second.pk, approver, second.text_hash, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        release(second.pk, officer, now=NOW)
    first.refresh_from_db()
    assert first.status == "superseded"
