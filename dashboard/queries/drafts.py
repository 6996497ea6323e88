"""Drafts in the queue and the buttons of one draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Prefetch, QuerySet

from dashboard.queries.tasks import NO_CLOCK, nearest, open_clocks
from responders.roles import Verb
from responders.transitions import may_all
from store.models import AuditRow, Case, Draft
from store.models.drafts import DraftStatus

# In the order of the work; superseding is done by the verb that replaces a text, never by hand.
BUTTONS = (Verb.SUBMIT, Verb.APPROVE, Verb.RETURN, Verb.RELEASE, Verb.CORRECT, Verb.WITHDRAW)
WITH_REASON = frozenset({Verb.RETURN, Verb.WITHDRAW})
GROUPS = (
    (DraftStatus.SUBMITTED, "等待签发的人看过并决定"),
    (DraftStatus.APPROVED, "已签发，等待发布"),
    (DraftStatus.DRAFT, "正在起草或被退回"),
    (DraftStatus.RELEASED, "已对外发布（演练稿只进演练记录）"),
    (DraftStatus.SUPERSEDED, "被更新的稿件取代"),
    (DraftStatus.WITHDRAWN, "已从门户撤下"),
)
FINISHED = 20  # of each finished status the newest are listed


@dataclass(frozen=True, slots=True)
class Button:
    """One verb for one person: why not, if not, and whether it asks for a reason."""

    verb: Verb
    refusal: str | None
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The drafts of one status."""

    status: str
    explanation: str
    drafts: tuple[Draft, ...]


def buttons(draft: Draft, user: User) -> list[Button]:
    """The verbs that make sense in the draft's status, each with its refusal."""
    refusals = may_all(draft, user)
    return [Button(verb, refusals[verb], verb in WITH_REASON) for verb in BUTTONS]


def queue() -> list[Group]:
    """All living drafts and the newest finished ones, by status, the nearest deadline first."""
    return [Group(status.value, words, tuple(sorted(_of(status), key=_due))) for status, words in GROUPS]


def _due(draft: Draft) -> datetime:
    """When the draft's nearest clock runs out; the stable sort leaves those without one in their order, at the end."""
    clock = nearest(draft.case)
    return clock.due_at if clock else NO_CLOCK


def _of(status: DraftStatus) -> QuerySet[Draft]:
    cases = Case.objects.select_related("holder").prefetch_related(open_clocks())
    people = ("author", "last_editor", "submitted_by", "approved_by")
    drafts = (
        Draft.objects.filter(status=status).select_related(*people).prefetch_related(Prefetch("case", queryset=cases))
    )
    is_living = status in (DraftStatus.DRAFT, DraftStatus.SUBMITTED, DraftStatus.APPROVED)
    return drafts if is_living else drafts[:FINISHED]


def acts_on(draft: Draft) -> QuerySet[AuditRow]:
    """What was done to the draft, newest first."""
    return AuditRow.objects.filter(object_type="draft", object_id=str(draft.pk)).select_related("actor")
