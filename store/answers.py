"""Known answers in and out of the store: imported whole, added by officers' findings, kept when they no longer hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from store import audit
from store.models import Claim, KnownAnswer

KEPT = frozenset({Claim.CONFIRMED, Claim.REFUTED})  # findings that answer a claim


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """A known answer on its way into the store; `key` says which one it is, `successor` the key of the one that took over."""

    key: str
    claim: str
    text: str
    verdict: str
    source: str
    issuer: str
    url: str
    valid_from: datetime | None
    successor: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    added: int
    updated: int
    unchanged: int


def in_force() -> QuerySet[KnownAnswer]:
    """The answers that are matched: all but the withdrawn ones, superseded ones included, in the order of their numbers."""
    return KnownAnswer.objects.filter(withdrawn_at=None).order_by("pk")


def import_all(given: Sequence[GivenAnswer], *, file: str, now: datetime) -> Imported:
    """Store these answers whole or not at all, with one audit row; one known by its key is brought up to date.

    An answer that is given again after it was withdrawn is in force again.
    """
    with transaction.atomic():
        known = KnownAnswer.objects.in_bulk([answer.key for answer in given], field_name="key")
        updated = sum(_bring_up_to_date(known[a.key], a, now=now) for a in given if a.key in known)
        new = [KnownAnswer(**_values(a), added_at=now, changed_at=now) for a in given if a.key not in known]
        known |= {row.key: row for row in KnownAnswer.objects.bulk_create(new, batch_size=500)}
        _link(given, known)
        done = Imported(len(new), updated, len(given) - len(new) - updated)
        audit.append(None, "import", "known_answers", file[-80:], asdict(done), now=now)
    return done


def _values(answer: GivenAnswer) -> dict[str, object]:
    return {field.name: getattr(answer, field.name) for field in fields(answer) if field.name != "successor"}


def _bring_up_to_date(row: KnownAnswer, answer: GivenAnswer, *, now: datetime) -> bool:
    """Whether anything differed."""
    values = _values(answer)
    if row.withdrawn_at is None and all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.withdrawn_at, row.changed_at = None, now
    row.save()
    return True


def _link(given: Sequence[GivenAnswer], known: dict[str, KnownAnswer]) -> None:
    """Answers that another of the same import took over point to it."""
    for answer in given:
        row, successor = known[answer.key], known.get(answer.successor)
        if successor is not None and row.superseded_by_id != successor.pk:
            row.superseded_by = successor
            row.save(update_fields=["superseded_by"])


def keep_finding(claim: Claim, actor: User, reason: str, *, issuer: str, now: datetime) -> KnownAnswer | None:
    """A person's finding becomes a known answer, or takes the one it gave before out of force; None when none is left.

    Call in the transaction of the finding, which has its own audit row.
    """
    key = sha256(f"claim {claim.key}".encode()).hexdigest()
    if claim.status not in KEPT:
        KnownAnswer.objects.filter(key=key, withdrawn_at=None).update(withdrawn_at=now, changed_at=now)
        return None
    values = {
        "claim": claim.assertion,
        "text": reason,
        "verdict": claim.get_status_display(),
        "source": "本单位核实",
        "issuer": issuer,
        "valid_from": now,
        "withdrawn_at": None,
        "from_claim": claim,
        "added_by": actor,
        "changed_at": now,
    }
    row, _ = KnownAnswer.objects.update_or_create(key=key, defaults=values, create_defaults={**values, "added_at": now})
    return row
