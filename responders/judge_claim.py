"""Judge a claim: a person sets what was found out about it, with the reason; the machine never does.

What the person found is also a label of the first document that says it: a claim to check, or none.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from responders.roles import Act, may_act
from store import answers, audit, labels
from store.errors import NotAllowed, NotFound
from store.models import Claim, DocumentRow, Label
from store.settings import settings

FINDINGS = frozenset({Claim.TO_CHECK, Claim.CONFIRMED, Claim.REFUTED, Claim.SET_ASIDE})
IS_A_CLAIM = {Claim.CONFIRMED: Label.YES, Claim.REFUTED: Label.YES, Claim.SET_ASIDE: Label.NO}


def judge_claim(claim_id: int, actor: User, finding: str, reason: str, *, now: datetime) -> Claim:
    """Set a claim's status; to be checked again is a finding too, also of one that a run withdrew. What was found out is a known answer from then on.

    Raises NotAllowed for a person without the right, an unknown finding, no reason or nothing changed; NotFound.
    """
    refusal = may_act(actor, Act.CHECK_CLAIM)
    if refusal is not None:
        raise NotAllowed(refusal)
    if finding not in FINDINGS:
        raise NotAllowed("请选择属实、不实、不处理或待核实。")
    if not reason.strip():
        raise NotAllowed("请写明认定的理由和依据。")
    with transaction.atomic():
        claim = Claim.objects.select_for_update().filter(pk=claim_id).first()
        if claim is None:
            raise NotFound(f"没有编号为 {claim_id} 的待核实信息。")
        if claim.status == finding and claim.withdrawn_at is None:
            raise NotAllowed("状态没有改变。")
        before, claim.status, claim.withdrawn_at = claim.status, finding, None
        claim.save(update_fields=["status", "withdrawn_at"])
        facts: dict[str, object] = {"from": before, "to": finding, "reason": reason.strip()}
        known = answers.keep_finding(claim, actor, reason.strip(), issuer=settings().bureau, now=now)
        if known is not None:
            facts["known_answer"] = known.pk
        _label(claim, actor, now=now)
        audit.append(actor, "judge", "claim", claim.pk, facts, now=now)
        return claim


def _label(claim: Claim, actor: User, *, now: datetime) -> None:
    """True or false, it was a claim; set aside, it was none; to be checked again, nobody has said so yet."""
    if claim.first_document is None:
        return  # it was erased: there is no text to say it of
    document = DocumentRow.objects.select_for_update().get(pk=claim.first_document.pk)
    if claim.status in IS_A_CLAIM:
        labels.give(document, {Label.CLAIM: IS_A_CLAIM[claim.status]}, actor, now=now)
    else:
        labels.take_back(document, [Label.CLAIM], now=now)
