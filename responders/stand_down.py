"""Stand an emergency down: the switch is free again; what was before is restored by flows/cadence.py."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from responders.roles import Act, may_act
from responders.wording import short_moment
from store import audit
from store.errors import NotAllowed, NotFound
from store.models import Emergency


def stand_down(emergency_id: int, actor: User | None, *, now: datetime) -> Emergency:
    """End an emergency; its case and clocks stay open until they are answered. None as actor is the command line.

    Raises NotAllowed when it does not stand any more or the person may not, NotFound for an unknown id.
    """
    refusal = may_act(actor, Act.STAND_DOWN) if actor is not None else None
    if refusal is not None:
        raise NotAllowed(refusal)
    with transaction.atomic():
        emergency = Emergency.objects.select_for_update().filter(pk=emergency_id).first()
        if emergency is None:
            raise NotFound(f"没有编号为 {emergency_id} 的应急。")
        if not emergency.standing:
            ended = f"已于{short_moment(emergency.stood_down_at)}" if emergency.stood_down_at else "已"
            raise NotAllowed(f"“{emergency.title}”{ended}解除。")
        emergency.standing, emergency.stood_down_by, emergency.stood_down_at = None, actor, now
        emergency.save(update_fields=["standing", "stood_down_by", "stood_down_at"])
        audit.append(actor, "stand_down", "emergency", emergency.pk, {"drill": emergency.drill}, now=now)
        return emergency
