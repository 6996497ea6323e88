"""Who may do what: the five roles of the desk, kept as Django groups, and the verbs and acts each of them has."""

from __future__ import annotations

from enum import StrEnum

from django.contrib.auth.models import Group, User


class Role(StrEnum):
    """A place in the office; a person may hold several."""

    OFFICER = "officer"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    READER = "reader"

    @property
    def word(self) -> str:
        """Its Chinese name on the desk."""
        return ROLE_WORDS[self]


class Verb(StrEnum):
    """What can be done to a draft; one file of this folder each."""

    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    RELEASE = "release"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"
    CORRECT = "correct"

    @property
    def word(self) -> str:
        """Its Chinese name on a button."""
        return VERB_WORDS[self]


class Act(StrEnum):
    """What else a role allows, beside the verbs of a draft."""

    DECLARE = "declare"
    STAND_DOWN = "stand_down"
    INVITE = "invite"
    CHECK_CLAIM = "check_claim"
    HANDLE_CASE = "handle_case"
    FILE_DOCUMENT = "file_document"
    ARRANGE_TOPICS = "arrange_topics"
    READ_AUDIT = "read_audit"
    TEND_SOURCES = "tend_sources"
    TRY_SOURCE = "try_source"

    @property
    def word(self) -> str:
        """Its Chinese name on a button."""
        return ACT_WORDS[self]


ROLE_WORDS = {
    Role.OFFICER: "经办人",
    Role.REVIEWER: "审核人",
    Role.APPROVER: "签发人",
    Role.ADMINISTRATOR: "管理员",
    Role.READER: "查阅人",
}
VERB_WORDS = {
    Verb.EDIT: "修改",
    Verb.SUBMIT: "提交",
    Verb.APPROVE: "签发",
    Verb.RETURN: "退回",
    Verb.RELEASE: "发布",
    Verb.WITHDRAW: "撤回",
    Verb.SUPERSEDE: "取代",
    Verb.CORRECT: "更正",
}
ACT_WORDS = {
    Act.DECLARE: "启动应急",
    Act.STAND_DOWN: "解除应急",
    Act.INVITE: "邀请人员",
    Act.CHECK_CLAIM: "核实说法",
    Act.HANDLE_CASE: "办理事项",
    Act.FILE_DOCUMENT: "判断和归类文档",
    Act.ARRANGE_TOPICS: "调整话题",
    Act.READ_AUDIT: "查阅留痕",
    Act.TEND_SOURCES: "启停和修改来源",
    Act.TRY_SOURCE: "试听来源",
}

# An administrator looks after people and the house, not after texts; withdrawing is the exception, because a wrong
# text on the portal cannot wait for somebody to be found.
DESK_WORK = frozenset({Act.CHECK_CLAIM, Act.HANDLE_CASE, Act.FILE_DOCUMENT, Act.ARRANGE_TOPICS, Act.TRY_SOURCE})
ALLOWED: dict[Role, frozenset[Verb | Act]] = {
    Role.OFFICER: frozenset(
        {Verb.EDIT, Verb.SUBMIT, Verb.RELEASE, Verb.SUPERSEDE, Verb.CORRECT} | {Act.DECLARE, Act.STAND_DOWN} | DESK_WORK
    ),
    Role.REVIEWER: frozenset(
        {Verb.EDIT, Verb.SUBMIT, Verb.RETURN, Verb.SUPERSEDE, Verb.CORRECT} | {Act.DECLARE, Act.STAND_DOWN} | DESK_WORK
    ),
    Role.APPROVER: frozenset(
        {Verb.EDIT, Verb.APPROVE, Verb.RETURN, Verb.RELEASE, Verb.WITHDRAW, Verb.SUPERSEDE, Verb.CORRECT}
        | {Act.DECLARE, Act.STAND_DOWN, Act.READ_AUDIT}
        | DESK_WORK
    ),
    Role.ADMINISTRATOR: frozenset(
        {Verb.WITHDRAW, Act.DECLARE, Act.STAND_DOWN, Act.INVITE, Act.READ_AUDIT, Act.TEND_SOURCES, Act.TRY_SOURCE}
    ),
    Role.READER: frozenset(),
}


def ensure_roles() -> None:
    """Make the five groups; cheap and harmless when they exist."""
    for role in Role:
        Group.objects.get_or_create(name=role.value)


def roles_of(user: User) -> frozenset[Role]:
    """The roles a person holds; one query."""
    known = {role.value for role in Role}
    return frozenset(Role(name) for name in user.groups.values_list("name", flat=True) if name in known)


def allows(roles: frozenset[Role], what: Verb | Act) -> bool:
    """Whether any of these roles has this verb or act."""
    return any(what in ALLOWED[role] for role in roles)


def may_act(user: User, act: Act) -> str | None:
    """Why this person may not do this act, in Chinese, or None when they may."""
    return None if user.is_active and allows(roles_of(user), act) else role_reason(roles_of(user), act)


def role_reason(roles: frozenset[Role], what: Verb | Act) -> str:
    """The Chinese sentence that says these roles lack a verb or act and who has it."""
    mine = "、".join(role.word for role in Role if role in roles) or "未分配"
    able = "、".join(role.word for role in Role if what in ALLOWED[role])
    return f"您的岗位（{mine}）不能{what.word}，请由{able}办理。"
