"""What every verb does alike: hold the draft's row, and write its change together with the audit row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User

from responders.roles import Verb
from responders.wording import text_hash
from store import audit
from store.errors import NotAllowed, NotFound, StaleText
from store.models import Case, Draft, DraftVersion
from store.models.drafts import DraftStatus

NOTHING: Mapping[str, object] = {}


def locked(draft_id: int) -> Draft:
    """The draft, its row held until the transaction ends; raises NotFound.

    Its case is held first: acts on the drafts of one case queue there, whichever draft they begin with.
    """
    try:
        case = Case.objects.select_for_update().get(drafts=draft_id)
    except Case.DoesNotExist as error:
        raise NotFound(f"没有编号为 {draft_id} 的稿件。") from error
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    draft.case = case
    return draft


def record(
    draft: Draft,
    verb: Verb,
    actor: User | None,
    detail: Mapping[str, object] = NOTHING,
    *,
    to: DraftStatus,
    now: datetime,
) -> Draft:
    """Set the status that `guard` gave, save, and append the audit row with the text's hash."""
    before, draft.status, draft.changed_at = draft.status, to.value, now
    draft.save()
    facts = {"from": before, "to": to.value, "text_hash": draft.text_hash, **detail}
    audit.append(actor, verb.value, "draft", draft.pk, facts, now=now)
    return draft


def check_read(draft: Draft, read_hash: str) -> None:
    """Refuse to act on a text that changed since the actor read it; raises StaleText."""
    if draft.text_hash != read_hash:
        raise StaleText("这份稿件在您打开之后被改动过，请重新阅读后再办理。")


def need_reason(reason: str, verb: Verb) -> str:
    """The reason without its margins; raises NotAllowed when there is none."""
    if not reason.strip():
        raise NotAllowed(f"{verb.word}要写明理由。")
    return reason.strip()


def void_approval(draft: Draft) -> dict[str, object]:
    """Take submission and signature off the draft; returns what was voided, for the audit row."""
    voided: dict[str, object] = {}
    if draft.approved_by_id is not None:
        voided = {"voids_approval_by": draft.approved_by_id, "voided_hash": draft.approved_hash}
    draft.submitted_by = draft.approved_by = None
    draft.approved_hash = ""
    return voided


def keep_version(draft: Draft, editor: User | None, *, now: datetime) -> DraftVersion:
    """Keep the draft's present wording as its next version; None as editor is the machine."""
    last = draft.versions.order_by("-number").values_list("number", flat=True).first()
    return DraftVersion.objects.create(
        draft=draft,
        number=(last or 0) + 1,
        title=draft.title,
        body=draft.body,
        text_hash=text_hash(draft.title, draft.body),
        editor=editor,
        at=now,
    )
