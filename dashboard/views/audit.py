"""The audit chain: who did what, and whether the chain is whole."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import render

from dashboard import labels
from dashboard.access import DeskRequest, only_for
from dashboard.forms.audit import AuditFilters
from dashboard.paging import page_of
from responders.roles import Act
from store.audit import verify
from store.models import AuditRow

VERIFIED_AT_ONCE = 20_000  # rows; a longer chain takes seconds and is verified when asked for


@only_for(Act.READ_AUDIT)
def audit_list(request: DeskRequest) -> HttpResponse:
    """The acts that pass the filters, newest first, with the chain's verification."""
    verbs = AuditRow.objects.order_by().values_list("verb", flat=True).distinct()
    kinds = AuditRow.objects.order_by().values_list("object_type", flat=True).distinct()
    form = AuditFilters(
        request.GET,
        people=list(User.objects.order_by("username").values_list("pk", "username")),
        verbs=sorted((verb, labels.label("audit_verb", verb)) for verb in verbs),
        kinds=sorted((kind, labels.label("audit_object", kind)) for kind in kinds),
    )
    count = AuditRow.objects.count()
    is_verified = count <= VERIFIED_AT_ONCE or "verify" in request.GET
    values = {
        "form": form,
        "page": page_of(request, AuditRow.objects.select_related("actor").filter(**form.exact())),
        "count": count,
        "is_verified": is_verified,
        "broken": verify() if is_verified else [],
    }
    return render(request, "dashboard/audit.html", values)
