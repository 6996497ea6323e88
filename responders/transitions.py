"""The one table of what may happen to a draft, and the one place that says why something may not.

`may` answers for a button, `guard` for the verb itself, with the same sentence.
"""

from __future__ import annotations

from django.contrib.auth.models import User

from responders.roles import Role, Verb, allows, role_reason, roles_of
from responders.wording import unfilled
from store.errors import NotAllowed
from store.models import Draft
from store.models.drafts import DraftStatus

S, V = DraftStatus, Verb

TRANSITIONS: dict[tuple[DraftStatus, Verb], DraftStatus] = {
    (S.DRAFT, V.EDIT): S.DRAFT,
    (S.DRAFT, V.SUBMIT): S.SUBMITTED,
    (S.DRAFT, V.SUPERSEDE): S.SUPERSEDED,
    (S.SUBMITTED, V.EDIT): S.DRAFT,  # taken back: nobody signs a text that is still being changed
    (S.SUBMITTED, V.APPROVE): S.APPROVED,
    (S.SUBMITTED, V.RETURN): S.DRAFT,
    (S.SUBMITTED, V.SUPERSEDE): S.SUPERSEDED,
    (S.APPROVED, V.EDIT): S.DRAFT,  # an edit voids the approval
    (S.APPROVED, V.RETURN): S.DRAFT,
    (S.APPROVED, V.RELEASE): S.RELEASED,
    (S.APPROVED, V.SUPERSEDE): S.SUPERSEDED,
    (S.RELEASED, V.CORRECT): S.RELEASED,  # stays up until its correction is released
    (S.RELEASED, V.SUPERSEDE): S.SUPERSEDED,
    (S.RELEASED, V.WITHDRAW): S.WITHDRAWN,
}

STATUS_WORDS = {
    S.DRAFT: "草稿",
    S.SUBMITTED: "待签发",
    S.APPROVED: "已签发",
    S.RELEASED: "已发布",
    S.WITHDRAWN: "已撤回",
    S.SUPERSEDED: "已被取代",
}


def may(draft: Draft, verb: Verb | str, actor: User | None) -> str | None:
    """Why this person may not do this to the draft now, in Chinese, or None when they may.

    Looks at the draft's own columns and the actor's roles (one query). None as actor is the system, which may only
    supersede.
    """
    return _reason(draft, verb, actor, roles_of(actor) if actor is not None else frozenset())


def may_all(draft: Draft, actor: User) -> dict[Verb, str | None]:
    """`may` for every verb, with one query for the roles."""
    roles = roles_of(actor)
    return {verb: _reason(draft, verb, actor, roles) for verb in Verb}


def may_with(draft: Draft, verb: Verb, actor: User, roles: frozenset[Role]) -> str | None:
    """`may` for lists of drafts: the actor's roles are handed in, no query."""
    return _reason(draft, verb, actor, roles)


def guard(draft: Draft, verb: Verb | str, actor: User | None) -> DraftStatus:
    """The status the verb leads to; raises NotAllowed with the reason that the desk shows as it is."""
    reason = may(draft, verb, actor)
    if reason is not None:
        raise NotAllowed(reason)
    return TRANSITIONS[DraftStatus(draft.status), Verb(verb)]


def _reason(draft: Draft, verb: Verb | str, actor: User | None, roles: frozenset[Role]) -> str | None:
    if verb not in set(Verb):
        return f"没有“{verb}”这种操作。"
    verb, status = Verb(verb), DraftStatus(draft.status)
    if (status, verb) not in TRANSITIONS:
        return f"{STATUS_WORDS[status]}的稿件不能{verb.word}。"
    if actor is None:
        return None if verb is Verb.SUPERSEDE else f"{verb.word}必须由人办理，系统不能代办。"
    if not actor.is_active:
        return "您的账号已停用。"
    if not allows(roles, verb):
        return role_reason(roles, verb)
    return _rule_of_the_verb(draft, verb, actor)


def _rule_of_the_verb(draft: Draft, verb: Verb, actor: User) -> str | None:
    match verb:
        case Verb.SUBMIT:
            return _cannot_submit(draft)
        case Verb.APPROVE:
            return _cannot_approve(draft, actor)
        case Verb.RELEASE if draft.approved_by_id is None or draft.approved_hash != draft.text_hash:
            return "签发的不是现在这份文字，请重新提交签发。"
        case _:
            return None


def _cannot_submit(draft: Draft) -> str | None:
    """Why the text is not ready for another's eyes: gaps, or a machine's text that its evidence does not bear."""
    is_machine_text = (draft.title, draft.body) == (draft.machine_title, draft.machine_body)
    if not draft.enough and is_machine_text:
        points = "；".join(str(point).rstrip("。；") for point in draft.lacking) or "证据不足"
        return f"这份稿件由系统起草且依据不足，须先补充并修改：{points}。"
    gaps = unfilled(draft.title + draft.body)
    if gaps:
        return f"还有没填写的内容：{'、'.join(gaps)}。"
    return None


def _cannot_approve(draft: Draft, actor: User) -> str | None:
    """Why this person is not the second pair of eyes."""
    parts = {"起草": draft.author_id, "最后修改": draft.last_editor_id, "提交": draft.submitted_by_id}
    mine = [word for word, user_id in parts.items() if user_id == actor.pk]
    if mine:
        return f"您{'、'.join(mine)}了这份稿件，须由另一人签发。"
    return None
