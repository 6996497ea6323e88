"""The first page: what needs you, what is in force, what is hot, and how much was heard."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from dashboard.access import DeskRequest, can
from dashboard.queries.coverage import coverage
from dashboard.queries.nights import last_night
from dashboard.queries.offers import offers
from dashboard.queries.tasks import tasks_of
from dashboard.queries.topics import living, with_hours
from dashboard.queries.warnings import in_force
from responders.roles import Act
from store.clock import clock

SHOWN_TASKS, SHOWN_TOPICS = 12, 8


def overview(request: DeskRequest) -> HttpResponse:
    """The overview of this moment for this person."""
    now = clock()
    tasks = tasks_of(request.user)
    return render(
        request,
        "dashboard/overview.html",
        {
            "now": now,
            "coverage": coverage(),
            "tasks": tasks[:SHOWN_TASKS],
            "more_tasks": len(tasks) - SHOWN_TASKS,
            "task_count": len(tasks),
            "offer_count": len(offers(now)) if can(request.user, Act.FILE_DOCUMENT) else 0,
            "warnings": in_force(now),
            "topics": with_hours(list(living()[:SHOWN_TOPICS]), now),
            "night": last_night(),
        },
    )
