"""Invitations: only the hash is kept, a link works once and for a day, and a weak password is refused in Chinese."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from responders.invitations import accept, make_invitation, token_hash, why_invalid
from responders.roles import Act, Role, may_act, roles_of
from store.errors import NotAllowed
from store.models import AuditRow, Invitation
from tests.responders.conftest import NOW

pytestmark = pytest.mark.django_db
PASSWORD = "滨海新区-潮起-2026"


def test_a_link_makes_one_account_with_its_role() -> None:
    token = make_invitation(Role.ADMINISTRATOR, made_by=None, now=NOW)
    row = Invitation.objects.get()
    assert token not in (row.token_hash, row.role)
    assert row.token_hash == token_hash(token)
    assert why_invalid(token, now=NOW) is None
    user = accept(token, " chenlan ", PASSWORD, now=NOW)
    assert user.username == "chenlan"
    assert user.check_password(PASSWORD)
    assert roles_of(user) == {Role.ADMINISTRATOR}
    assert not user.is_superuser
    with pytest.raises(NotAllowed, match="已经用过"):
        accept(token, "other", PASSWORD, now=NOW)
    assert list(AuditRow.objects.order_by("number").values_list("verb", flat=True)) == ["invite", "accept"]


def test_a_link_lasts_a_day() -> None:
    token = make_invitation("officer", made_by=None, now=NOW)
    with pytest.raises(NotAllowed, match="已过期"):
        accept(token, "chen", PASSWORD, now=NOW + timedelta(hours=24))
    with pytest.raises(NotAllowed, match="无效"):
        accept("made-up", "chen", PASSWORD, now=NOW)


@pytest.mark.parametrize(
    ("username", "password", "reason"),
    [
        ("chen", "short1", "至少"),
        ("chen", "123456789012", "数字"),
        ("chenlanfang", "chenlanfang", "相似"),
        ("带 空格", PASSWORD, "用户名"),
        ("", PASSWORD, "空"),
    ],
)
def test_a_bad_name_or_password_is_refused_in_chinese_and_the_link_stays_good(
    username: str, password: str, reason: str
) -> None:
    token = make_invitation(Role.OFFICER, made_by=None, now=NOW)
    with pytest.raises(NotAllowed, match=reason):
        accept(token, username, password, now=NOW)
    assert why_invalid(token, now=NOW) is None
    assert not User.objects.exists()


def test_a_taken_name_is_refused_whatever_its_case(officer: User) -> None:
    token = make_invitation(Role.OFFICER, made_by=None, now=NOW)
    with pytest.raises(NotAllowed, match="已有人使用"):
        accept(token, officer.username.upper(), PASSWORD, now=NOW)


def test_only_an_administrator_invites_and_only_to_known_roles(officer: User, person: Callable[..., User]) -> None:
    with pytest.raises(NotAllowed, match="请由管理员办理"):
        make_invitation(Role.OFFICER, made_by=officer, now=NOW)
    with pytest.raises(NotAllowed, match="没有“root”这个岗位"):
        make_invitation("root", made_by=person("guan", Role.ADMINISTRATOR), now=NOW)
    assert may_act(person("shen", Role.APPROVER), Act.READ_AUDIT) is None
