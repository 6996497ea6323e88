"""The one list of what waits for this person, most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.db.models import Prefetch, Q

from dashboard.access import can, roles
from responders.roles import Act, Verb, allows
from responders.transitions import may_with
from store.claims import to_check
from store.models import Case, Deadline, Draft
from store.models.drafts import DraftStatus

CLAIMS = 5  # the rest is one click away
NO_CLOCK = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to do: which, why, until when."""

    what: str  # Chinese: what is asked of the person
    tone: str
    title: str
    url: str
    why: str
    due: datetime | None = None
    deadline: str = ""
    drill: bool = False


def tasks_of(user: User) -> list[Task]:
    """What this person has to handle, the nearest deadline first; a fixed number of queries."""
    tasks = [*_drafts(user), *_cases(user), *_claims(user)]
    return sorted(tasks, key=lambda task: (task.due or NO_CLOCK, task.what))


def open_clocks() -> Prefetch[str]:
    """Prefetch of a case's clocks that still run, as `running`."""
    return Prefetch("deadlines", queryset=Deadline.objects.filter(met_at=None).order_by("due_at"), to_attr="running")


def nearest(case: Case) -> Deadline | None:
    """The clock of a case that ends first; needs `open_clocks`."""
    running: list[Deadline] = case.running  # type: ignore[attr-defined]
    return running[0] if running else None


def _drafts(user: User) -> list[Task]:
    waiting = Draft.objects.filter(status__in=[DraftStatus.DRAFT, DraftStatus.SUBMITTED, DraftStatus.APPROVED])
    clocks = Prefetch("case", queryset=Case.objects.prefetch_related(open_clocks()))
    tasks = [_draft(draft, user) for draft in waiting.prefetch_related(clocks).select_related("submitted_by")]
    return [task for task in tasks if task is not None]


def _draft(draft: Draft, user: User) -> Task | None:
    """What this draft asks of this person, or None."""
    mine = roles(user)
    if draft.status == DraftStatus.DRAFT:
        return _unfinished(draft, user) if allows(mine, Verb.SUBMIT) else None
    if may_with(draft, Verb.APPROVE, user, mine) is None:
        who = draft.submitted_by.username if draft.submitted_by else "系统"
        return _task(draft, "待签发", "warn", f"{who} 提交")
    if may_with(draft, Verb.RELEASE, user, mine) is None:
        return _task(draft, "待发布", "good", "已签发，可以发布")
    return None


def _unfinished(draft: Draft, user: User) -> Task | None:
    """A draft still being written: returned, or the machine's and to be looked through; None when another handles it."""
    if draft.case.holder_id not in (None, user.pk):
        return None
    if draft.return_reason:
        return _task(draft, "被退回", "bad", f"退回理由：{draft.return_reason}")
    lacking = "；".join(str(point).rstrip("。；") for point in draft.lacking)
    why = "依据齐备，请核对后提交" if draft.enough else f"依据不足：{lacking}"
    return _task(draft, "草稿待核对", "", why)


def _task(draft: Draft, what: str, tone: str, why: str) -> Task:
    clock = nearest(draft.case)
    return Task(
        what=what,
        tone=tone,
        title=draft.title,
        url=f"/drafts/{draft.pk}/",
        why=why,
        due=clock.due_at if clock else None,
        deadline=clock.title if clock else "",
        drill=draft.drill,
    )


def _cases(user: User) -> list[Task]:
    """Open cases that have no draft under way: those with one are in the list as the draft."""
    if not can(user, Act.HANDLE_CASE):
        return []
    under_way = Q(drafts__status__in=[DraftStatus.DRAFT, DraftStatus.SUBMITTED, DraftStatus.APPROVED])
    cases = Case.objects.filter(status=Case.OPEN).exclude(under_way).filter(Q(holder=None) | Q(holder=user))
    return [_case(case, user) for case in cases.prefetch_related(open_clocks())]


def _case(case: Case, user: User) -> Task:
    clock = nearest(case)
    return Task(
        what="我在办" if case.holder_id == user.pk else "无人办理",
        tone="warn",
        title=case.title,
        url=f"/cases/{case.pk}/",
        why=case.reason,
        due=clock.due_at if clock else None,
        deadline=clock.title if clock else "",
        drill=case.drill,
    )


def _claims(user: User) -> list[Task]:
    if not can(user, Act.CHECK_CLAIM):
        return []
    return [
        Task(
            what="待核实",
            tone="",
            title=claim.assertion,
            url=f"/claims/{claim.pk}/",
            why=f"{claim.spread} 条转述" + (f"；{claim.flags[0]}" if claim.flags else ""),
        )
        for claim in to_check()[:CLAIMS]
    ]
