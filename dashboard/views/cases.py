"""Cases: the matters to answer with their clocks, and who handles them."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Min, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from dashboard.access import DeskRequest, can
from dashboard.paging import page_of
from responders.deadlines import meet_by_hand
from responders.roles import Act, may_act
from responders.rules import MetBy, deadline_book
from responders.take_case import take_case
from store.clock import clock
from store.errors import NotAllowed
from store.models import AuditRow, Case, Deadline


def case_list(request: DeskRequest) -> HttpResponse:
    """Cases by status, the nearest running clock first."""
    status = request.GET.get("status", Case.OPEN)
    cases = Case.objects.select_related("holder").prefetch_related("deadlines", "drafts")
    if status != "all":
        cases = cases.filter(status=status)
    next_due = Min("deadlines__due_at", filter=Q(deadlines__met_at=None))
    page = page_of(request, cases.annotate(next_due=next_due).order_by("next_due", "-opened_at", "key"), size=30)
    values = {
        "page": page,
        "status": status,
        "statuses": [*Case._meta.get_field("status").choices, ("all", "全部")],  # type: ignore[misc]
        "may_take": can(request.user, Act.HANDLE_CASE),
    }
    return render(request, "dashboard/cases.html", values)


def case_page(request: DeskRequest, case_id: int) -> HttpResponse:
    """One case whole."""
    rows = Case.objects.select_related("topic", "claim", "incident", "emergency", "holder")
    case = get_object_or_404(rows, pk=case_id)
    values = {
        "case": case,
        "deadlines": case.deadlines.all(),
        "by_hand": {rule.key for rule in deadline_book().deadlines if rule.met_by is MetBy.HAND},
        "drafts": case.drafts.all(),
        "refusal": may_act(request.user, Act.HANDLE_CASE),
        "acts": AuditRow.objects.filter(object_type="case", object_id=str(case.pk)).select_related("actor"),
    }
    return render(request, "dashboard/case.html", values)


@require_POST
def meet(request: DeskRequest, case_id: int, deadline_id: int) -> HttpResponse:
    """Note that a person did what a clock asks for, where no release stops it."""
    get_object_or_404(Deadline, pk=deadline_id, case=case_id)
    try:
        meet_by_hand(deadline_id, request.user, now=clock())
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已记为完成。")
    return redirect("case", case_id=case_id)


@require_POST
def take(request: DeskRequest, case_id: int) -> HttpResponse:
    """我来办: the case is this person's from now on."""
    try:
        take_case(case_id, request.user, now=clock())
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已由您接办。")
    return redirect("case", case_id=case_id)
