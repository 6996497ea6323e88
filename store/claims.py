"""Claims in and out of the store: found again they are brought up to date, what people decided stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from store.models import Claim, ClaimEvidence


def save(key: str, values: Mapping[str, object]) -> tuple[Claim, bool]:
    """Store a claim under its key, or bring its figures up to date; its status is people's and stays. True when new."""
    return Claim.objects.update_or_create(key=key, defaults=dict(values))


def put_evidence(claim: Claim, documents: Iterable[tuple[int, str]]) -> None:
    """Give a claim its evidence (document id, role); a document keeps the first role it got."""
    ClaimEvidence.objects.bulk_create(
        [ClaimEvidence(claim=claim, document_id=pk, role=role) for pk, role in documents], ignore_conflicts=True
    )
