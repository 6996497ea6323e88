"""Turns the clocks named by a rule into due times, starts them with a case and stops them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from responders.roles import Act, may_act
from responders.rules import DeadlineRule, HolidayBook, MetBy, Unit, deadline_book, holiday_book
from responders.wording import local
from store import audit
from store.errors import NotAllowed
from store.models import Case, Deadline

LAST_MINUTE = time(23, 59)


def due_at(rule: DeadlineRule, start: datetime, holidays: HolidayBook) -> datetime:
    """When a clock that starts now runs out; working days end at 23:59 of the office's last day."""
    if rule.unit is Unit.HOURS:
        return start + timedelta(hours=rule.amount)
    there = local(start)
    last = working_day_after(there.date(), rule.amount, holidays)
    return datetime.combine(last, LAST_MINUTE, tzinfo=there.tzinfo)


def citation(rule: DeadlineRule, due: datetime, holidays: HolidayBook) -> str:
    """The rule's article as shown to an officer, with what is not certain about the clock."""
    if rule.unit is Unit.WORKING_DAYS and not holidays.knows(local(due).year):
        return f"{rule.citation}；节假日安排未核实"
    return rule.citation


def working_day_after(day: date, count: int, holidays: HolidayBook) -> date:
    """The `count`-th working day after `day`, which itself does not count."""
    while count:
        day += timedelta(days=1)
        count -= holidays.is_working_day(day)
    return day


def start_clocks(case: Case, keys: Iterable[str], *, now: datetime) -> list[Deadline]:
    """Start the case's clocks that are in force today; a clock that already runs is left as it is."""
    rules = [deadline_book().in_force(key, local(now).date()) for key in keys]
    clocks = []
    for rule in rules:
        if rule is None:
            continue
        due = due_at(rule, now, holiday_book())
        values = {"title": rule.title, "article": citation(rule, due, holiday_book()), "due_at": due}
        clocks.append(Deadline.objects.get_or_create(case=case, rule=rule.key, defaults=values)[0])
    return clocks


def meet_by_release(case: Case, *, now: datetime) -> int:
    """Stop the clocks that a release stops; returns how many were running."""
    keys = {rule.key for rule in deadline_book().deadlines if rule.met_by is MetBy.RELEASE}
    return case.deadlines.filter(rule__in=keys, met_at__isnull=True).update(met_at=now)


def meet_by_hand(deadline_id: int, actor: User, *, now: datetime) -> Deadline:
    """Note that a person did what a clock asks for, e.g. held the press conference; raises NotAllowed."""
    with transaction.atomic():
        clock = Deadline.objects.select_for_update().get(pk=deadline_id)
        reason = may_act(actor, Act.HANDLE_CASE)
        if reason is not None:
            raise NotAllowed(reason)
        if clock.met_at is not None:
            raise NotAllowed("这一时限已经办结。")
        clock.met_at = now
        clock.save(update_fields=["met_at"])
        audit.append(actor, "meet_deadline", "case", clock.case_id, {"rule": clock.rule}, now=now)
        return clock
