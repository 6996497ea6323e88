"""Take a case: from now on this person handles it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from responders.roles import Act, may_act
from store import audit
from store.errors import NotAllowed, NotFound
from store.models import Case


def take_case(case_id: int, actor: User, *, now: datetime) -> Case:
    """Make the actor the case's holder, also in place of another, who is named in the audit row.

    Raises NotAllowed for a person without the right and for a case that is closed or already the actor's; NotFound.
    """
    refusal = may_act(actor, Act.HANDLE_CASE)
    if refusal is not None:
        raise NotAllowed(refusal)
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(pk=case_id).first()
        if case is None:
            raise NotFound(f"没有编号为 {case_id} 的事项。")
        if case.status == Case.CLOSED:
            raise NotAllowed("这一事项已经办结。")
        if case.holder_id == actor.pk:
            raise NotAllowed("这一事项已由您办理。")
        before, case.holder = case.holder_id, actor
        case.save(update_fields=["holder"])
        audit.append(actor, "take", "case", case.pk, {"from_user": before}, now=now)
        return case
