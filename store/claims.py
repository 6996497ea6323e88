"""Claims in and out of the store: found again they are brought up to date, lost they are withdrawn, what people decided stays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from store import audit
from store.models import AuditRow, Case, Claim, ClaimEvidence, DocumentVersion, Label

SPOKEN = (ClaimEvidence.ASSERTS, ClaimEvidence.DOUBTS)  # what people say; official texts are evidence of another kind


def to_check() -> QuerySet[Claim]:
    """The claims in the list: nobody has found anything out yet, and the last runs still find them."""
    return Claim.objects.filter(status=Claim.TO_CHECK, withdrawn_at=None)


def within_reach(since: datetime) -> QuerySet[Claim]:
    """The claims that a run looks at again, whatever their status: somebody asserted them since then."""
    lately = ClaimEvidence.objects.filter(role=ClaimEvidence.ASSERTS, document__published_at__gte=since)
    return Claim.objects.filter(Q(pk__in=lately.values("claim")) | Q(first_at__gte=since)).order_by("pk")


def spoken_of(claims: QuerySet[Claim]) -> QuerySet[ClaimEvidence, int]:
    """Ids of the documents in which people speak of these claims, or did; to be used within a query."""
    evidence = ClaimEvidence.objects.filter(claim__in=claims.order_by().values("pk"), role__in=SPOKEN)
    return evidence.values_list("document", flat=True)


def save(key: str, values: Mapping[str, object]) -> tuple[Claim, bool]:
    """Store a claim under its key, or bring its figures up to date; its status is people's and stays. True when new."""
    return Claim.objects.update_or_create(key=key, defaults=dict(values))


def put_evidence(claim: Claim, documents: Iterable[tuple[int, str]], *, now: datetime) -> None:
    """Give a claim its evidence (document id, role), the first role a document is named with.

    What was evidence and is not named stays as history with the moment it left; named again it is back.
    """
    roles: dict[int, str] = {}
    for pk, role in documents:
        roles.setdefault(pk, role)
    known = {row.document_id: row for row in claim.evidence.all()}
    ClaimEvidence.objects.bulk_create(
        [ClaimEvidence(claim=claim, document_id=pk, role=role) for pk, role in roles.items() if pk not in known],
        ignore_conflicts=True,
    )
    changed = []
    for pk, row in known.items():
        role, left_at = roles.get(pk, row.role), None if pk in roles else row.left_at or now
        if (role, left_at) != (row.role, row.left_at):
            row.role, row.left_at = role, left_at
            changed.append(row)
    ClaimEvidence.objects.bulk_update(changed, ["role", "left_at"], batch_size=100)


def held_by(documents: Collection[int], *, but: Collection[str]) -> Claim | None:
    """The stored claim, none of the given keys, that these documents go on with: they hold most of those that still assert it.

    None when there is none; a few documents that moved over from another claim do not make it the same.
    """
    asserting = ClaimEvidence.objects.filter(role=ClaimEvidence.ASSERTS, left_at=None)
    rows = asserting.filter(document__in=documents).exclude(claim__key__in=but)
    counted = dict(rows.values_list("claim").annotate(Count("pk")).order_by())
    still_there = asserting.filter(claim__in=counted, document__gone_at=None).exclude(document__text="")
    in_all = dict(still_there.values_list("claim").annotate(Count("pk")).order_by())
    most = [pk for pk, count in counted.items() if 2 * count >= in_all.get(pk, 0)]
    return Claim.objects.get(pk=min(most, key=lambda pk: (-counted[pk], pk))) if most else None


def lose(claim: Claim, why: str, *, now: datetime) -> bool:
    """Note that a run no longer finds a claim, and why; it leaves the list unless a person acted on it.

    Whether it left the list. Call inside a transaction.
    """
    claim.lost_why = why
    if not was_acted_on(claim):
        claim.withdrawn_at = now
        audit.append(None, "drop", "claim", claim.pk, {"reason": why}, now=now)
    claim.save(update_fields=["lost_why", "withdrawn_at"])
    return claim.withdrawn_at is not None


def regain(claim: Claim, *, now: datetime) -> bool:
    """A run finds a claim again: nothing keeps it from the list any more. Whether it had left it. Inside a transaction."""
    had_left = claim.withdrawn_at is not None
    if had_left or claim.lost_why:
        claim.lost_why, claim.withdrawn_at = "", None
        claim.save(update_fields=["lost_why", "withdrawn_at"])
    if had_left:
        audit.append(None, "bring_back", "claim", claim.pk, {}, now=now)
    return had_left


def was_acted_on(claim: Claim) -> bool:
    """Whether a person found something out, took the matter on, wrote of it, or said that it is a claim."""
    cases = Case.objects.filter(claim=claim)
    written = (
        Q(drafts__author__isnull=False) | Q(drafts__last_editor__isnull=False) | Q(drafts__submitted_by__isnull=False)
    )
    asserting = claim.evidence.filter(role=ClaimEvidence.ASSERTS).values("document")
    return (
        claim.status != Claim.TO_CHECK
        or AuditRow.objects.filter(object_type="claim", object_id=str(claim.pk), verb="judge").exists()
        or cases.filter(Q(holder__isnull=False) | ~Q(status=Case.OPEN) | written).exists()
        or Label.objects.filter(document__in=asserting, what=Label.CLAIM, value=Label.YES, replaced_at=None).exists()
    )


def edited_since(claim: Claim) -> set[int]:
    """Its documents that have a wording newer than the run that last found it."""
    versions = DocumentVersion.objects.filter(document__in=claim.evidence.values("document"), number__gt=1)
    since = versions.filter(seen_at__gt=claim.found_at) if claim.found_at else versions
    return set(since.values_list("document", flat=True))
