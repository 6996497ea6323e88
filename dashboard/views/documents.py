"""Documents: the filtered list, its export, and one document with its wordings; views and exports are in the audit log."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from dashboard.access import EXPORTERS, DeskRequest, roles
from dashboard.forms.documents import Filters
from dashboard.forms.filing import FilingForm
from dashboard.paging import page_of
from dashboard.queries.documents import categories, filtered
from dashboard.queries.filings import with_filings
from dashboard.queries.names import source_names
from dashboard.queries.spoken import behind
from dashboard.queries.topics import others
from dashboard.reports.export import csv_rows
from responders.roles import Act, may_act
from store import audit
from store.clock import clock
from store.engagement import latest
from store.labels import standing_of
from store.models import AuditRow, DocumentRow, Placement

MOST_POINTS = 20  # of a document's counts over time
EXPORT_LIMIT = 10_000  # rows; more is a copy of the store, not a working list


def document_list(request: DeskRequest) -> HttpResponse:
    """The documents that pass the filters, fifty a page."""
    names = source_names()
    form = Filters(request.GET or {"relevant": "yes"}, sources=names, categories=categories())
    page = page_of(request, filtered(form.wanted()))
    page.object_list = with_filings(page.object_list)
    values = {
        "form": form,
        "page": page,
        "names": names,
        "may_export": bool(roles(request.user) & EXPORTERS),
        "export_limit": EXPORT_LIMIT,
    }
    return render(request, "dashboard/documents.html", values)


@require_POST
def export(request: DeskRequest) -> StreamingHttpResponse:
    """The filtered list as CSV, at most 10,000 rows; what was asked for is written down first."""
    if not roles(request.user) & EXPORTERS:
        raise PermissionDenied("您的岗位不能导出文档。")
    now, names = clock(), source_names()
    wanted = Filters(request.POST, sources=names, categories=categories()).wanted()
    rows = with_filings(filtered(wanted)[:EXPORT_LIMIT])
    with transaction.atomic():
        audit.append(request.user, "export", "documents", "", {**asdict(wanted), "rows": len(rows)}, now=now)
    response = StreamingHttpResponse(csv_rows(rows, names), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="chaoxin-{now:%Y%m%d-%H%M}.csv"'
    return response


def document_page(request: DeskRequest, document_id: int) -> HttpResponse:
    """One document whole; that it was looked at is written down."""
    rows = DocumentRow.objects.select_related("annotation", "duplicate_of", "membership__topic")
    document = get_object_or_404(rows, pk=document_id)
    now = clock()
    with transaction.atomic():
        audit.append(request.user, "view", "document", document.pk, {}, now=now)
    versions = list(document.versions.order_by("number"))
    membership = getattr(document, "membership", None)
    names, filed = source_names(), standing_of([document.pk])[document.pk]
    topic = membership.topic if membership else None
    acts = AuditRow.objects.filter(object_type="document", object_id=str(document.pk)).exclude(verb="view")
    return render(
        request,
        "dashboard/document.html",
        {
            "filed": filed,
            "filing": FilingForm(standing=filed),
            "file_refusal": may_act(request.user, Act.FILE_DOCUMENT),
            "move_refusal": may_act(request.user, Act.ARRANGE_TOPICS),
            "placement": Placement.objects.select_related("placed_by").filter(document=document).first(),
            "other_topics": others(topic),
            "acts": acts.select_related("actor"),
            "now": now,
            "doc": document,
            "annotation": getattr(document, "annotation", None),
            "behind": behind(document),
            "topic": topic,
            "changes": list(pairwise(versions))[::-1],
            "first_version": versions[0] if versions else None,
            "repeats": document.duplicates.order_by("published_at", "id")[:100],
            "names": names,
            "points": latest(document, MOST_POINTS),
            "most_points": MOST_POINTS,
            "publisher_is_new": names.get(document.source, "") not in document.publisher,
        },
    )
