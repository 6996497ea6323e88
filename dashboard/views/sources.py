"""Sources: what each said of itself at its last run, and the switch that pauses one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from dashboard.access import DeskRequest, can
from dashboard.paging import page_of
from dashboard.queries.coverage import coverage
from dashboard.queries.sources import lines, source_files
from responders.pause_source import pause_source
from responders.roles import Act
from store.clock import clock
from store.errors import NotAllowed
from store.models import SourceState


def source_list(request: DeskRequest) -> HttpResponse:
    """All sources with their last runs."""
    values = {"lines": lines(), "coverage": coverage(), "may_pause": can(request.user, Act.INVITE)}
    return render(request, "dashboard/sources.html", values)


def source_page(request: DeskRequest, slug: str) -> HttpResponse:
    """One source with the history of its runs."""
    source = get_object_or_404(SourceState, pk=slug)
    values = {
        "source": source,
        "file": source_files().get(slug),
        "page": page_of(request, source.runs.order_by("-finished_at", "-pk"), size=30),
        "may_pause": can(request.user, Act.INVITE),
    }
    return render(request, "dashboard/source.html", values)


@require_POST
def pause(request: DeskRequest, slug: str) -> HttpResponse:
    """Pause the source, or let it run again."""
    is_paused = request.POST.get("paused") == "1"
    try:
        pause_source(slug, request.user, paused=is_paused, now=clock())
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已暂停，夜间运行不再抓取这个来源。" if is_paused else "已恢复。")
    return redirect("source", slug=slug)
