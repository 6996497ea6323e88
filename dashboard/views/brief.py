"""The daily brief on the desk: the same text as `chaoxin brief`, in the desk's frame."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render

from dashboard.access import DeskRequest
from dashboard.reports.brief import brief_of
from dashboard.words import BEIJING
from store.clock import clock


def brief_page(request: DeskRequest) -> HttpResponse:
    """The brief of ?date=, or of today; a date that cannot be read gives today's."""
    now = clock()
    today = now.astimezone(BEIJING).date()
    try:
        day = min(date.fromisoformat(request.GET.get("date", "")), today)
    except ValueError:
        day = today
    values = {"now": now, "brief": brief_of(day, now), "before": day - timedelta(days=1), "today": today}
    return render(request, "dashboard/brief.html", values)
