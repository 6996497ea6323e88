"""Words, times, colours and drawings for the templates of the desk."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import template
from django.contrib.auth.models import User
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dashboard import charts, diffs, labels, words
from dashboard.queries.drafts import Group
from dashboard.queries.names import cue_labels
from responders.roles import Role
from store.models import AuditRow, Draft
from store.models.drafts import DraftStatus
from store.stages import Level

register = template.Library()
MARK = re.compile(r"\[(E\d+)\]")
COLOURS = {Level.RED: "red", Level.ORANGE: "orange", Level.YELLOW: "yellow", Level.BLUE: "blue"}


@register.filter
def label(value: object, table: str) -> str:
    """The Chinese word of a stored value."""
    return labels.label(table, value)


@register.simple_tag
def offered(what: str, value: str) -> str:
    """The Chinese word of what is said on one side of a document."""
    return labels.offered(what, value)


@register.filter
def tone(state: str) -> str:
    """The colour class of a source's state."""
    return labels.harvest_tone(state)


@register.filter
def standing_tone(standing: str) -> str:
    """The colour class of how a source stands."""
    return labels.STANDING_TONE.get(standing, "idle")


@register.filter
def colour(level: str) -> str:
    """The colour class of a warning's level as published; "none" where none is stated."""
    return COLOURS[Level(level)] if level in Level._value2member_map_ else "none"


@register.simple_tag(takes_context=True)
def moment(context: Mapping[str, Any], value: datetime | None) -> SafeString | str:
    """A time in Beijing time, with the whole date for machines and on hover."""
    if value is None:
        return "—"
    local = value.astimezone(words.BEIJING)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="minutes"),
        f"{local:%Y-%m-%d %H:%M:%S} 北京时间",
        words.moment(value, context["now"]),
    )


@register.simple_tag(takes_context=True)
def ago(context: Mapping[str, Any], value: datetime | None) -> str:
    """How long ago, in words; a dash for never."""
    return words.ago(value, context["now"]) if value else "—"


@register.simple_tag(takes_context=True)
def deadline(context: Mapping[str, Any], due: datetime, met: datetime | None = None) -> SafeString:
    """A deadline's clock: its words in its colour."""
    clock = words.deadline(due, context["now"], met=met)
    return format_html('<span class="clock {}">{}</span>', clock.tone, clock.words)


@register.filter
def cadence(seconds: int) -> str:
    """How often a source is asked, in words."""
    for size, unit in ((86400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= size and seconds % size == 0:
            return f"每 {seconds // size} {unit}" if seconds != size else f"每{unit}"
    return f"每 {seconds} 秒"


@register.simple_tag
def sparkline(values: Sequence[float], label: str) -> SafeString:
    """A small line of counts."""
    return charts.sparkline(values, label)


@register.simple_tag
def bar(value: float, most: float) -> SafeString:
    """A small bar."""
    return charts.bar(value, most)


@register.inclusion_tag("dashboard/parts/diff.html")
def diff(old: str, new: str) -> dict[str, object]:
    """Two wordings as one text with deletions and additions marked."""
    return {"pieces": diffs.changes(old, new)}


@register.filter
def span(value: timedelta | None) -> str:
    """A length of time in words; a dash for none."""
    return words.span(value) if value is not None else "—"


@register.filter
def outward(url: str) -> str:
    """The URL when it is safe to link to (http or https), else ""."""
    return url if urlsplit(url).scheme in ("http", "https") else ""


@register.filter
def named(slug: str, names: Mapping[str, str]) -> str:
    """A source's title; its slug while it has none."""
    return names.get(slug, slug)


@register.filter
def host(url: str) -> str:
    """The host a URL leads to."""
    return urlsplit(url).netloc


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: object) -> str:
    """The page's query string with some of its values changed; an empty value leaves it out."""
    pairs = {**context["request"].GET.dict(), **{k: str(v) for k, v in changes.items()}}
    return "?" + urlencode({k: v for k, v in pairs.items() if v not in ("", "None")})


@register.simple_tag(takes_context=True)
def lasted(context: Mapping[str, Any], since: datetime) -> str:
    """How long something has gone on, in words."""
    return words.span(context["now"] - since)


@register.filter
def held_by(draft: Draft) -> str:
    """In whose hands a draft is: the person, or the role that has to act."""
    match draft.status:
        case DraftStatus.SUBMITTED:
            return f"{Role.APPROVER.word}（{_name(draft.submitted_by)}提交）"
        case DraftStatus.APPROVED:
            return f"{Role.OFFICER.word}或{Role.APPROVER.word}（{_name(draft.approved_by)}签发）"
        case DraftStatus.DRAFT:
            person = draft.last_editor or draft.author or draft.case.holder
            return _name(person) if person else "无人接办"
        case _:
            return "—"


def _name(person: User | None) -> str:
    return person.username if person else "系统"


@register.filter
def has_drafts(groups: Sequence[Group]) -> bool:
    """Whether any group holds a draft."""
    return any(group.drafts for group in groups)


@register.filter
def percent(share: float) -> str:
    """A share, 0..1, as people read it; never quite none or all."""
    return f"{min(max(round(share * 100), 1), 99)}%"


@register.filter
def share(part: float) -> str:
    """A measured share, 0..1, in whole percent; all is only said of all."""
    return "100%" if part == 1 else f"{int(part * 100)}%"


@register.filter
def cue(name: str) -> str:
    """The Chinese label of a claim cue; its key where the lexicon no longer has it."""
    return cue_labels().get(name, name)


@register.filter
def about(row: AuditRow) -> str:
    """The page of what an act was about, "" where it has none."""
    folder = {"draft": "drafts", "case": "cases", "claim": "claims", "document": "documents", "bulletin": "bulletins"}
    if row.object_type == "source":
        return f"/sources/{row.object_id}/"
    return (
        f"/{folder[row.object_type]}/{row.object_id}/" if row.object_type in folder and row.object_id.isdigit() else ""
    )


@register.filter
def detail(row: AuditRow) -> str:
    """What an act recorded, in one line of Chinese; hashes are shortened, empty values left out."""
    return labels.detail(row.detail)


@register.filter
def undrilled(title: str) -> str:
    """A title without the mark of a drill, where the page shows its own."""
    return title.removeprefix("【演练】")


@register.filter
def cited(text: str) -> SafeString:
    """A draft's text with its marks [E1] as links to the records below."""
    parts = MARK.split(text)  # text, mark, text, mark, …
    pairs = zip(parts[::2], [*parts[1::2], ""], strict=True)
    links = [(plain, format_html('<a href="#{0}">[{0}]</a>', mark) if mark else "") for plain, mark in pairs]
    return format_html_join("", "{}{}", links)
