"""Fills drafts from material: numbered evidence marks, a template with a version, and the row that people then work on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import count

from django.db import transaction
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from responders.material import CaseMaterial, Record, case_material
from responders.record import keep_version
from responders.wording import day, moment, short_moment, text_hash, until
from store import audit
from store.models import BulletinRow, Case, Draft, DraftEvidence
from store.settings import DATA

VERSION = re.compile(r"\{#-? (\w+) (\d+):")  # the template's first line: its name and version
STOPS = re.compile(r"([。！？]+)")
NUMERALS = "零一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Marked:
    """A record with the mark that sentences point to it with."""

    mark: str  # "E1"
    record: Record

    @property
    def quote(self) -> str:
        """The record's words."""
        return self.record.quote

    @property
    def when(self) -> str:
        """The record's time as a sentence says it."""
        return self.record.when

    @property
    def issuer(self) -> str:
        """Who said it."""
        return self.record.issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A text filled from a template, before it is a row."""

    kind: str
    template: str  # name and version, "response@1"
    title: str
    body: str
    evidence: tuple[Marked, ...]
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a filled text belongs: its key makes it once."""

    key: str
    case: Case
    bulletin: BulletinRow | None = None
    supersedes: Draft | None = None


def prepare_drafts(cases: Iterable[Case], *, now: datetime) -> list[Draft]:
    """One first draft for each case that has none; returns the new ones.

    An incident's drafts come with its bulletins (responders/updates.py) and are not made here.
    """
    drafts = []
    for case in cases:
        place = Place(key=f"case:{case.key}:1", case=case)
        if Draft.objects.filter(key=place.key).exists():
            continue
        material = case_material(case, now=now)
        if material is not None:
            drafts.append(store_draft(fill_case(material), place, now=now))
    return drafts


def waiting_cases() -> list[Case]:
    """Open cases that have no draft yet, oldest first."""
    rows = Case.objects.filter(status=Case.OPEN, drafts=None, incident=None)
    return list(rows.select_related("topic", "claim", "emergency").order_by("opened_at", "pk"))


def fill_case(material: CaseMaterial) -> Filled:
    """The text of one case from its template, with the lack of evidence said in it."""
    numbers = count(1)
    heard, official, reported, known = (
        [Marked(f"E{next(numbers)}", record) for record in records]
        for records in (material.heard, material.official, material.reported, material.known)
    )
    values = {
        "m": material,
        "subject": _subject(material.subject),
        "heard": heard,
        "official": official,
        "reported": reported,
        "known": known,
    }
    title, body, template = render(material.kind, values)
    return Filled(
        kind=material.kind,
        template=template,
        title=title,
        body=body,
        evidence=(*heard, *official, *reported, *known),
        lacking=material.lacking,
    )


def render(kind: str, values: Mapping[str, object]) -> tuple[str, str, str]:
    """Title, body and "name@version" of a filled template; its first line is the title, blank lines fall away."""
    template = _templates().get_template(f"{kind}.txt.j2")
    text = template.render(values, heading=Headings())
    title, *paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    return title[:200], "\n".join(paragraphs), _version(kind)


def store_draft(filled: Filled, place: Place, *, now: datetime) -> Draft:
    """Keep a filled text as a draft by the machine, with its first wording, evidence and audit row."""
    with transaction.atomic():
        draft = Draft.objects.create(
            key=place.key,
            case=place.case,
            kind=filled.kind,
            title=filled.title,
            body=filled.body,
            machine_title=filled.title,
            machine_body=filled.body,
            template=filled.template,
            text_hash=text_hash(filled.title, filled.body),
            enough=not filled.lacking,
            lacking=list(filled.lacking),
            drill=place.case.drill,
            bulletin=place.bulletin,
            supersedes=place.supersedes,
            created_at=now,
            changed_at=now,
        )
        keep_version(draft, None, now=now)
        DraftEvidence.objects.bulk_create(_evidence(draft, filled.evidence))
        detail = {"key": draft.key, "template": draft.template, "enough": draft.enough, "text_hash": draft.text_hash}
        audit.append(None, "prepare", "draft", draft.pk, detail, now=now)
        return draft


def _evidence(draft: Draft, evidence: Sequence[Marked]) -> list[DraftEvidence]:
    return [
        DraftEvidence(
            draft=draft,
            mark=one.mark,
            document_id=one.record.document,
            bulletin_id=one.record.bulletin,
            label=one.record.label[:200],
            quote=one.record.quote,
            url=one.record.url,
        )
        for one in evidence
    ]


class Headings:
    """Numbers a draft's headings in their order: 一、…, 二、…."""

    def __init__(self) -> None:
        self._number = count(1)

    def __call__(self, words: str) -> str:
        """The next heading with these words."""
        return f"{NUMERALS[next(self._number)]}、{words}"


def _subject(subject: str) -> str:
    """What the matter is called, in the quotation marks of a title."""
    return f"“{inner(subject)}”"


def inner(text: str) -> str:
    """A text as it stands inside quotation marks: its own become single ones."""
    text = re.sub(r'"([^"]*)"', r"‘\1’", text)
    return text.translate(str.maketrans("“”【】", "‘’[]"))


def marked(text: str, mark: str) -> str:
    """The text with an evidence mark in every sentence, before its full stop."""
    parts = [part for part in STOPS.split(text) if part]  # words, stop, words, stop, …
    return "".join(part if STOPS.fullmatch(part) else f"{part}[{mark}]" for part in parts)


def ended(text: str, is_last: bool) -> str:
    """A point of a list with its stop: 。 for the last, ； for the others."""
    return text.rstrip("；。;") + ("。" if is_last else "；")


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(  # plain text, no markup: the portal escapes it when it becomes a page
        loader=FileSystemLoader(DATA / "templates" / "drafts"),
        autoescape=False,  # noqa: S701
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        day=day, moment=moment, short_moment=short_moment, until=until, inner=inner, ended=ended, marked=marked
    )
    return environment


@lru_cache(maxsize=8)
def _version(kind: str) -> str:
    head = (DATA / "templates" / "drafts" / f"{kind}.txt.j2").read_text(encoding="utf-8").splitlines()[0]
    match = VERSION.match(head)
    if match is None:
        raise ValueError(f"data/templates/drafts/{kind}.txt.j2: the first line must be {{#- {kind} <version>: …")
    return f"{match[1]}@{match[2]}"
