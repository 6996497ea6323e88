"""Sources: how each stands, its history, and what an administrator may do with it: switch, edit, try."""

from __future__ import annotations

import threading

from django.contrib import messages
from django.db import transaction
from django.db.models import Avg, Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from dashboard.access import DeskRequest, can, only_for
from dashboard.charts import day_columns, state_strip
from dashboard.paging import page_of
from dashboard.queries.coverage import coverage
from dashboard.queries.nights import last_night
from dashboard.queries.sources import FILTERS, Line, last_days, line, lines, shown
from flows.trial import Trial, try_short
from responders.edit_source import edit_source, revert_source, switch_source
from responders.notices import somewhere_to_send
from responders.pause_source import pause_source
from responders.roles import Act
from store import audit, quarantine
from store.clock import clock
from store.errors import NotAllowed, NotFound
from store.models import SourceOutage, SourceRun

STRIP_RUNS = 60  # runs in the strip of states
OUTAGES_SHOWN = 10
WAITING_SHOWN = 10
TRYING = threading.Lock()  # one trial at a time: each is a process that crawls


def source_list(request: DeskRequest) -> HttpResponse:
    """All sources, those to look at first; ?show= lists one group."""
    found = lines(now=clock())
    which = request.GET.get("show", "")
    counts = {name: len(shown(found, name)) for name in FILTERS}
    values = {
        "lines": shown(found, which),
        "all": len(found),
        "has_next": any(line.next_due_at for line in found),
        "counts": counts,
        "show": which if which in FILTERS else "",
        "coverage": coverage(),
        "night": last_night(),
        "tells": somewhere_to_send(),
    }
    return render(request, "dashboard/sources.html", values)


def source_page(request: DeskRequest, slug: str) -> HttpResponse:
    """One source with its health and the history of its runs."""
    return _page(request, slug)


def _page(request: DeskRequest, slug: str, *, trial: Trial | None = None) -> HttpResponse:
    found = _found(slug)
    runs = SourceRun.objects.filter(source_id=slug).order_by("-finished_at", "-pk")
    values = {
        "line": found,
        "source": found.state,
        "known": found.known,
        "page": page_of(request, runs, size=30),
        "strip": state_strip([run.state.value for run in found.history.runs[-STRIP_RUNS:]]),
        "columns": day_columns(last_days(found)),
        "cost": runs.aggregate(runs=Count("pk"), requests=Avg("requests"), bytes=Avg("bytes_received")),
        "waiting": quarantine.waiting(slug)[:WAITING_SHOWN],
        "waiting_count": quarantine.counts().get(slug, 0),
        "outages": SourceOutage.objects.filter(source_id=slug)[:OUTAGES_SHOWN],
        "may_tend": can(request.user, Act.TEND_SOURCES),
        "may_try": can(request.user, Act.TRY_SOURCE) and found.known is not None,
        "trial": trial,
    }
    return render(request, "dashboard/source.html", values)


def _found(slug: str) -> Line:
    found = line(slug, now=clock())
    if found is None:
        raise Http404(f"没有名为 {slug} 的来源。")
    return found


@require_POST
def pause(request: DeskRequest, slug: str) -> HttpResponse:
    """Pause the source, or let it run again."""
    is_paused = request.POST.get("paused") == "1"
    try:
        pause_source(slug, request.user, paused=is_paused, now=clock())
    except (NotAllowed, NotFound) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已暂停，夜间运行不再抓取这个来源。" if is_paused else "已恢复。")
    return redirect("source", slug=slug)


@require_POST
def switch(request: DeskRequest, slug: str) -> HttpResponse:
    """Switch the source on or off over its file."""
    is_on = request.POST.get("on") == "1"
    try:
        switch_source(slug, request.user, on=is_on, now=clock())
    except (NotAllowed, NotFound) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已启用，下次夜间运行开始听。" if is_on else "已停用。")
    return redirect("source", slug=slug)


@require_POST
def revert(request: DeskRequest, slug: str) -> HttpResponse:
    """Take the desk's changes back."""
    try:
        revert_source(slug, request.user, now=clock())
    except (NotAllowed, NotFound) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已恢复为来源文件。")
    return redirect("source", slug=slug)


@only_for(Act.TEND_SOURCES)
def edit(request: DeskRequest, slug: str) -> HttpResponse:
    """The source's text to change; a text that cannot be read comes back with what is wrong."""
    found = _found(slug)
    if found.known is None:
        raise Http404(f"来源 {slug} 没有来源文件。")
    values = {"line": found, "known": found.known, "text": found.known.text, "read": found.known.mark, "wrong": ""}
    if request.method == "POST":
        text, read = request.POST.get("text", "").replace("\r\n", "\n"), request.POST.get("read", "")
        try:
            changes = edit_source(slug, text, read, request.user, now=clock())
        except NotAllowed as error:
            values |= {"text": text, "read": read, "wrong": str(error)}
        else:
            messages.success(request, f"已保存：{'；'.join(changes) or '与来源文件相同'}。下次运行时生效。")
            return redirect("source", slug=slug)
    return render(request, "dashboard/source_edit.html", values, status=400 if values["wrong"] else 200)


@require_POST
@only_for(Act.TRY_SOURCE)
def try_now(request: DeskRequest, slug: str) -> HttpResponse:
    """Hear the source once, shortly, and show what came; nothing is stored but who tried it."""
    known = _found(slug).known
    if known is None:
        messages.error(request, "这个来源没有来源文件，不能试听。")
        return redirect("source", slug=slug)
    if not TRYING.acquire(blocking=False):
        messages.error(request, "另一个来源正在试听，请一分钟后再试。")
        return redirect("source", slug=slug)
    try:
        trial = try_short(known.source, now=clock())
    finally:
        TRYING.release()
    with transaction.atomic():
        detail = {"state": trial.state.value, "entries": trial.entries}
        audit.append(request.user, "try", "source", slug, detail, now=clock())
    return _page(request, slug, trial=trial)
