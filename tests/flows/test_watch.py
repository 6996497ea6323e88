"""The watch: official entries become bulletins and updates once each, oldest first; what cannot be read is said, not lost."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.watch import relay
from store.models import AuditRow, BulletinRow, Draft, Incident
from store.models.drafts import DraftStatus
from store.settings import DATA
from store.stages import Entry, Harvest, HarvestState, SourceKind

SAMPLE = DATA / "sample" / "institution"
NOW = datetime(2026, 1, 22, 18, 0, tzinfo=UTC)
NIGHT = "2026-01-23"

pytestmark = pytest.mark.django_db


def entry(path: Path, *, raw: str | None = None, official: bool = True) -> Entry:
    text = raw if raw is not None else path.read_text("utf-8")
    kind = SourceKind.CAP if path.suffix == ".xml" else SourceKind.BULLETIN
    return Entry(
        source=f"sample-{kind.value}",
        kind=kind,
        url=f"https://institution.example/{path.name}",
        title=path.stem,
        text=text,
        published_at=None,
        fetched_at=NOW,
        official=official,
        raw=text,
    )


def harvest(*entries: Entry) -> Harvest:
    source = entries[0].source if entries else "sample-cap"
    return Harvest(source=source, state=HarvestState.OK, message="", entries=entries, started_at=NOW, finished_at=NOW)


def sample_day() -> list[Harvest]:
    both = [[entry(path) for path in sorted(SAMPLE.glob(f"*.{suffix}"))] for suffix in ("txt", "xml")]
    return [harvest(*entries) for entries in both]


def test_text_and_cap_of_one_warning_are_one_bulletin_with_one_update():
    relayed = relay(sample_day(), night=NIGHT, now=NOW)
    assert (len(relayed.bulletins), len(relayed.drafts), relayed.refused) == (7, 7, ())
    assert BulletinRow.objects.exclude(identifier="").count() == 6


def test_a_second_relay_adds_nothing():
    relay(sample_day(), night=NIGHT, now=NOW)
    counts = (BulletinRow.objects.count(), Draft.objects.count(), AuditRow.objects.count())
    again = relay(sample_day(), night=NIGHT, now=NOW)
    assert (again.bulletins, again.drafts) == ((), ())
    assert (BulletinRow.objects.count(), Draft.objects.count(), AuditRow.objects.count()) == counts


def test_raising_lowering_and_cancelling_each_supersede_the_last_update():
    surges = [entry(path) for path in sorted(SAMPLE.glob("*surge*.xml"))]
    for number, one in enumerate(surges):
        relay([harvest(one)], night=NIGHT, now=NOW)
        updates = Draft.objects.filter(bulletin__hazard="风暴潮").order_by("pk")
        assert [draft.status for draft in updates] == [DraftStatus.SUPERSEDED] * number + [DraftStatus.DRAFT]
    assert Incident.objects.get(hazard="风暴潮").closed_at is not None


def test_bulletins_that_arrive_in_the_wrong_order_are_relayed_by_their_time():
    surges = [entry(path) for path in sorted(SAMPLE.glob("*surge*.xml"), reverse=True)]
    relay([harvest(*surges)], night=NIGHT, now=NOW)
    standing = Draft.objects.exclude(status=DraftStatus.SUPERSEDED)
    assert list(standing.values_list("bulletin__message_type", flat=True)) == ["Cancel"]


def test_a_draft_lost_with_its_process_is_made_by_the_next_relay():
    path = SAMPLE / "2026-01-20-1000-surge-blue.xml"
    relay([harvest(entry(path))], night=NIGHT, now=NOW)
    Draft.objects.all().delete()
    assert len(relay([harvest(entry(path))], night=NIGHT, now=NOW).drafts) == 1


def test_an_entry_that_cannot_be_read_is_said_once_and_stops_no_other(caplog):
    broken = entry(SAMPLE / "broken.xml", raw="<alert>cut off")
    good = entry(SAMPLE / "2026-01-20-1000-surge-blue.xml")
    for _ in range(2):
        relayed = relay([harvest(broken, good)], night=NIGHT, now=NOW)
        assert [refused.url for refused in relayed.refused] == [broken.url]
    assert BulletinRow.objects.count() == 1
    assert "source=sample-cap" in caplog.text
    assert "not well-formed" in caplog.text
    assert AuditRow.objects.filter(verb="refuse", object_type="entry").count() == 1


def test_only_official_entries_become_bulletins():
    path = SAMPLE / "2026-01-20-1000-surge-blue.txt"
    relayed = relay([harvest(entry(path, official=False))], night=NIGHT, now=NOW)
    assert relayed.bulletins == ()


def test_an_exercise_message_makes_a_drill_draft_and_leaves_the_real_one_alone():
    path = SAMPLE / "2026-01-20-1000-surge-blue.xml"
    relay([harvest(entry(path))], night=NIGHT, now=NOW)
    exercise = path.read_text("utf-8").replace("<status>Actual", "<status>Exercise")
    relay([harvest(entry(path, raw=exercise))], night=NIGHT, now=NOW)
    assert sorted(Draft.objects.values_list("drill", "status")) == [(False, "draft"), (True, "draft")]
