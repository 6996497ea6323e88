"""Clocks: hours run through, working days skip holidays, versions follow their date, releases stop what they may."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from responders.deadlines import citation, due_at, meet_by_hand, meet_by_release, start_clocks, working_day_after
from responders.roles import Role
from responders.rules import DeadlineBook, DeadlineRule, HolidayBook, deadline_book, holiday_book, read
from responders.wording import local
from store.errors import BadSettings, NotAllowed
from store.models import AuditRow, Case
from tests.responders.conftest import NOW


def rule(key: str, on: date = date(2026, 1, 23)) -> DeadlineRule:
    found = deadline_book().in_force(key, on)
    assert found is not None
    return found


def test_hours_run_through_nights() -> None:
    assert due_at(rule("authoritative_information"), NOW, holiday_book()) == datetime(2026, 1, 22, 23, tzinfo=UTC)
    assert due_at(rule("first_response"), NOW, holiday_book()) == datetime(2026, 1, 24, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 1, 23), 1, date(2026, 1, 26)),  # Friday to Monday
        (date(2026, 2, 12), 2, date(2026, 2, 14)),  # a Saturday worked before the Spring Festival
        (date(2026, 2, 14), 1, date(2026, 2, 24)),  # nine days of the Spring Festival
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # National Day and the Saturday worked after it
    ],
)
def test_working_days_skip_weekends_and_holidays_but_not_the_days_worked_in_exchange(
    start: date, count: int, end: date
) -> None:
    assert working_day_after(start, count, holiday_book()) == end


def test_a_working_day_clock_ends_in_the_offices_last_minute() -> None:
    due = local(due_at(rule("message_reply"), NOW, holiday_book()))
    assert (due.date(), due.hour, due.minute) == (date(2026, 1, 30), 23, 59)


def test_the_version_in_force_on_the_day_applies() -> None:
    assert rule("application_reply", date(2018, 1, 1)).amount == 15
    assert rule("application_reply", date(2019, 5, 15)).amount == 20
    assert deadline_book().in_force("authoritative_information", date(2016, 9, 1)) is None
    with pytest.raises(BadSettings, match="no deadline has the key"):
        deadline_book().in_force("unheard_of", date(2026, 1, 1))


def test_what_is_not_verified_says_so() -> None:
    assert rule("message_reply").citation.endswith("（未核实）")
    assert rule("first_response").citation.endswith("予以回应")
    far = datetime(2031, 1, 1, tzinfo=UTC)
    assert citation(rule("message_reply"), far, holiday_book()).endswith("节假日安排未核实")


def test_an_unknown_key_fails_naming_file_and_key(tmp_path: Path) -> None:
    path = tmp_path / "holidays.yml"
    path.write_text("years: []\nholiday: 1\n")
    with pytest.raises(BadSettings, match=r"holidays\.yml: .*\n.*holiday"):
        read(path, HolidayBook)
    path.write_text("deadlines: [{key: x\n")
    with pytest.raises(BadSettings, match="not readable as YAML"):
        read(path, DeadlineBook)


@pytest.mark.django_db
def test_a_release_stops_its_clocks_and_a_person_the_others(case: Case, officer: User, person: object) -> None:
    start_clocks(case, ["authoritative_information", "press_conference"], now=NOW)
    start_clocks(case, ["press_conference"], now=datetime(2027, 1, 1, tzinfo=UTC))
    assert case.deadlines.count() == 2
    assert meet_by_release(case, now=NOW) == 1
    held = case.deadlines.get(met_at=None)
    assert held.rule == "press_conference"
    assert meet_by_hand(held.pk, officer, now=NOW).met_at == NOW
    assert AuditRow.objects.get().verb == "meet_deadline"
    with pytest.raises(NotAllowed, match="已经办结"):
        meet_by_hand(held.pk, officer, now=NOW)
    with pytest.raises(NotAllowed, match=Role.READER.word):
        meet_by_hand(held.pk, person("wang", Role.READER), now=NOW)  # type: ignore[operator]
