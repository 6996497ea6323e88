"""Change a source on the desk, or take the change back: the same strict reading as a file's, and a row in the audit chain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from responders.roles import Act, may_act
from responders.source_edits import InForce, changes_of, complaint, in_force, merged, said
from spiders.sources import read_source, read_values
from store import audit
from store.errors import BadSource, NotAllowed, NotFound, StaleText
from store.models import SourceEdit
from store.settings import settings


def edit_source(slug: str, text: str, read: str, actor: User, *, now: datetime) -> list[str]:
    """Let a source be heard as this text says; returns what that changes of its file, in Chinese.

    `read` is the mark of the text that was read before it was changed; StaleText where another has been saved since.
    Text equal to the file's takes an earlier change back. Raises NotAllowed, with the key named in Chinese, for a text
    that would not be read as a file, NotFound for a source without a file.
    """
    known = _known(slug, actor)
    if known.mark != read:
        raise StaleText("这个来源刚被别人改过，请重新打开这一页再改。")
    values = _read(slug, text)
    return _put(known, changes_of(known.file_values, values), actor, now=now)


def switch_source(slug: str, actor: User, *, on: bool, now: datetime) -> list[str]:
    """Switch a source on or off over what its file says; the other keys stay as they are in force."""
    known = _known(slug, actor)
    values = merged(known.file_values, known.edit.values if known.edit else {})
    return _put(known, changes_of(known.file_values, {**values, "on": on}), actor, now=now)


def revert_source(slug: str, actor: User | None, *, now: datetime) -> None:
    """Take the desk's change of a source back; None as actor is the command line. Raises NotFound where there is none."""
    refusal = may_act(actor, Act.TEND_SOURCES) if actor is not None else None
    if refusal is not None:
        raise NotAllowed(refusal)
    with transaction.atomic():
        edit = SourceEdit.objects.select_for_update().filter(pk=slug).first()
        if edit is None:
            raise NotFound(f"来源 {slug} 没有在工作台上改过。")
        edit.delete()
        audit.append(actor, "revert", "source", slug, {"values": sorted(edit.values)}, now=now)


def _known(slug: str, actor: User) -> InForce:
    refusal = may_act(actor, Act.TEND_SOURCES)
    if refusal is not None:
        raise NotAllowed(refusal)
    known = in_force().get(slug)
    if known is None:
        raise NotFound(f"没有名为 {slug} 的来源文件。")
    return known


def _read(slug: str, text: str) -> Mapping[str, Any]:
    values: object = None
    try:
        values = read_values(text, where=slug)
        read_source(slug, values, where=slug, ports_from=settings().sample_port)
    except BadSource as error:
        raise NotAllowed(complaint(error, values)) from error
    assert isinstance(values, dict), "read_source has read it"
    return values


def _put(known: InForce, changes: Mapping[str, Any], actor: User, *, now: datetime) -> list[str]:
    slug = known.source.slug
    with transaction.atomic():
        edit = SourceEdit.objects.select_for_update().filter(pk=slug).first()
        before = edit.values if edit else {}
        if before == changes:
            raise NotAllowed("没有改动。")
        if changes:
            values = {"values": dict(changes), "made_at": now, "made_by": actor}
            SourceEdit.objects.update_or_create(slug=slug, defaults=values)
        elif edit:
            edit.delete()
        lines = said(known.file_values, changes)
        audit.append(actor, "edit", "source", slug, {"changes": lines or ["恢复为来源文件"]}, now=now)
    return lines
