"""Invitations: a one-time link is the only way an account is made; only the link's hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from responders.roles import Act, Role, ensure_roles, may_act
from store import audit
from store.errors import NotAllowed
from store.models import Invitation

VALID_FOR = timedelta(hours=24)
TOKEN_BYTES = 32
PASSWORD_WORDS = {  # by the code of Django's validator
    "password_too_short": "密码至少要有{min_length}位",
    "password_too_common": "密码太常见，请换一个",
    "password_entirely_numeric": "密码不能全是数字",
    "password_too_similar": "密码与用户名太相似",
}


def make_invitation(role: Role | str, *, made_by: User | None, now: datetime) -> str:
    """A token for one account with this role, valid for 24 hours; it is shown once and cannot be read again.

    None as made_by is the first start or the command line. Raises NotAllowed for an unknown role and for a person who
    may not invite.
    """
    refusal = may_act(made_by, Act.INVITE) if made_by is not None else None
    if refusal is not None:
        raise NotAllowed(refusal)
    if role not in set(Role):
        raise NotAllowed(f"没有“{role}”这个岗位。")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        row = Invitation.objects.create(
            token_hash=token_hash(token), role=str(role), made_by=made_by, made_at=now, expires_at=now + VALID_FOR
        )
        audit.append(made_by, "invite", "invitation", row.pk, {"role": row.role}, now=now)
    return token


def token_hash(token: str) -> str:
    """What is kept of a token: SHA-256 hex (the token itself has 256 random bits and needs no slow hash)."""
    return hashlib.sha256(token.encode()).hexdigest()


def why_invalid(token: str, *, now: datetime) -> str | None:
    """Why this link makes no account, in Chinese, or None when it does."""
    return _why_invalid(Invitation.objects.filter(token_hash=token_hash(token)).first(), now=now)


def accept(token: str, username: str, password: str, *, now: datetime) -> User:
    """Make the account and use the link up; raises NotAllowed with every reason in Chinese."""
    with transaction.atomic():
        row = Invitation.objects.select_for_update().filter(token_hash=token_hash(token)).first()
        reason = _why_invalid(row, now=now)
        if row is None or reason is not None:
            raise NotAllowed(reason or "邀请链接无效。")
        user = _account(username.strip(), password)
        ensure_roles()
        user.groups.add(Group.objects.get(name=row.role))
        row.used_at, row.used_by = now, user
        row.save(update_fields=["used_at", "used_by"])
        audit.append(user, "accept", "invitation", row.pk, {"role": row.role, "user": user.pk}, now=now)
        return user


def _why_invalid(row: Invitation | None, *, now: datetime) -> str | None:
    if row is None:
        return "邀请链接无效，请向管理员索取新的链接。"
    if row.used_at is not None:
        return "邀请链接已经用过，请直接登录；忘记密码请联系管理员。"
    if row.expires_at <= now:
        return "邀请链接已过期（有效期24小时），请向管理员索取新的链接。"
    return None


def _account(username: str, password: str) -> User:
    user = User(username=username)
    reasons = _bad_name(user) + _bad_password(password, user)
    if reasons:
        raise NotAllowed("".join(f"{reason}。" for reason in reasons))
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise NotAllowed("这个用户名已有人使用。") from error
    return user


def _bad_name(user: User) -> list[str]:
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError:
        return ["用户名不能为空，只能用文字、数字和 @ . + - _，不含空格，不超过150字"]
    return ["这个用户名已有人使用"] if User.objects.filter(username__iexact=user.username).exists() else []


def _bad_password(password: str, user: User) -> list[str]:
    """What Django's validators say, in our words: its Chinese translation lacks some of them."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [
            PASSWORD_WORDS.get(one.code or "", " ".join(one.messages)).format(**one.params or {})
            for one in error.error_list
        ]
    return []
