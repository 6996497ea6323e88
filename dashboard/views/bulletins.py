"""Official warnings as received, and the chain each one stands in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from dashboard.access import DeskRequest
from dashboard.paging import page_of
from dashboard.queries.names import source_names
from dashboard.queries.warnings import in_force
from store.clock import clock
from store.models import BulletinRow

CHAIN = 50  # bulletins; a longer chain is cut, a loop in it cannot hang the page


def bulletin_list(request: DeskRequest) -> HttpResponse:
    """All warnings, newest first; those in force are marked."""
    now = clock()
    page = page_of(request, BulletinRow.objects.select_related("incident", "supersedes"), size=30)
    standing = set(in_force(now).values_list("pk", flat=True))
    replaced = set(
        BulletinRow.objects.filter(supersedes__in=list(page.object_list)).values_list("supersedes", flat=True)
    )
    values = {"now": now, "page": page, "standing": standing, "replaced": replaced}
    return render(request, "dashboard/bulletins.html", values)


def bulletin_page(request: DeskRequest, bulletin_id: int) -> HttpResponse:
    """One warning as published, with what came before and after it."""
    bulletin = get_object_or_404(BulletinRow.objects.select_related("incident"), pk=bulletin_id)
    now = clock()
    values = {
        "now": now,
        "b": bulletin,
        "chain": chain_of(bulletin),
        "in_force": in_force(now).filter(pk=bulletin.pk).exists(),
        "drafts": bulletin.drafts.all(),
        "names": source_names(),
    }
    return render(request, "dashboard/bulletin.html", values)


def chain_of(bulletin: BulletinRow) -> list[BulletinRow]:
    """The bulletins of the same incident, oldest first; the bulletin alone where it belongs to none."""
    if bulletin.incident_id is None:
        return [bulletin]
    return list(BulletinRow.objects.filter(incident=bulletin.incident_id).order_by("issued_at", "pk")[:CHAIN])
