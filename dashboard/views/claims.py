"""Claims to check: the list, one claim with its evidence, and a person's finding on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from dashboard.access import DeskRequest
from dashboard.paging import page_of
from dashboard.queries.claims import answers_of, checks_of, looked_at, matches_of, ordered
from dashboard.queries.names import source_names
from dashboard.queries.spoken import Behind, behind
from responders.judge_claim import judge_claim
from responders.roles import Act, may_act
from store.clock import clock
from store.errors import NotAllowed
from store.models import AuditRow, Claim, DocumentRow


def claim_list(request: DeskRequest) -> HttpResponse:
    """Claims, those to be checked first, each group by priority."""
    status = request.GET.get("status", "")
    claims = ordered().filter(status=status) if status else ordered()
    page = page_of(request, claims, size=30)
    matches = matches_of(page.object_list)
    for claim in page.object_list:
        claim.official = matches[claim.pk]
    values = {
        "page": page,
        "status": status,
        "statuses": Claim._meta.get_field("status").choices,
        "names": source_names(),
    }
    return render(request, "dashboard/claims.html", values)


def claim_page(request: DeskRequest, claim_id: int) -> HttpResponse:
    """One claim; posting a finding needs a reason."""
    claim = get_object_or_404(Claim.objects.select_related("topic", "first_document__annotation"), pk=claim_id)
    if request.method == "POST":
        return _find(request, claim)
    by_role = defaultdict(list)
    evidence = claim.evidence.select_related("document__annotation").order_by("document__published_at", "document_id")
    for item in evidence:
        by_role[item.role].append(item)
    values = {
        "claim": claim,
        "asserts": by_role["asserts"],
        "behind": _behind_the_risk(claim, [item.document for item in by_role["asserts"]]),
        "doubts": by_role["doubts"],
        "officials": by_role["official"],
        "matches": matches_of([claim])[claim.pk],
        "answers": answers_of(claim),
        "checks": checks_of(claim, clock()),
        "looked_at": looked_at(clock()),
        "cases": claim.cases.all(),
        "refusal": may_act(request.user, Act.CHECK_CLAIM),
        "statuses": Claim._meta.get_field("status").choices,
        "names": source_names(),
        "acts": AuditRow.objects.filter(object_type="claim", object_id=str(claim.pk)).select_related("actor"),
    }
    return render(request, "dashboard/claim.html", values)


def _behind_the_risk(claim: Claim, asserting: Sequence[DocumentRow]) -> Behind:
    """The words of the text whose risk the claim was given: of those that assert it, the riskiest."""
    first = [claim.first_document] if claim.first_document else []
    judged = [document for document in (*first, *asserting) if hasattr(document, "annotation")]
    return behind(max(judged, key=lambda document: document.annotation.claim_risk)) if judged else Behind()


def _find(request: DeskRequest, claim: Claim) -> HttpResponse:
    status, reason = request.POST.get("status", ""), request.POST.get("reason", "")
    try:
        judge_claim(claim.pk, request.user, status, reason, now=clock())
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已记录您的认定和理由。")
    return redirect("claim", claim_id=claim.pk)
