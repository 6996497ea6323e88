"""Gathers what a case's draft is filled from: what was heard, what officials said, what is missing; plain values only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from responders.cases import CONCERN, shortened
from responders.facts import incidents_of
from responders.quotes import is_like, quote, sentences, shared
from responders.wording import clause, day, moment, short_moment
from store.models import BulletinRow, Case, Claim, ClaimEvidence, DocumentRow, KnownAnswer, Topic
from store.settings import settings
from store.stages import NEWSROOMS, MessageType

HEARD, OFFICIAL, REPORTED = 3, 3, 2  # records at most in a draft
NEAR_ENOUGH = 3  # pairs of characters a quote shares with the matter
AUTHORITY = re.compile(  # a report that names whom it asked
    r"获悉|通报|(?:部门|负责人|工作人员|人员|窗口|中心|局|公司|海事|执法队)[^，。]{0,8}(?:表示|介绍|回应|答复|说)"
)
HEARD_LENGTH, OFFICIAL_LENGTH = 70, 150  # characters of a quote
CANDIDATES = 40  # documents looked at
COUNT = re.compile(r"（\d+条）$")  # of a claim's flag: a figure for officers, without a record a draft could point to


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One dated record that a sentence may point to."""

    label: str  # who said it and when, Beijing time
    issuer: str  # who said it
    at: datetime
    quote: str
    url: str = ""
    document: int | None = None
    bulletin: int | None = None

    @property
    def when(self) -> str:
        """The record's time as a sentence says it."""
        return short_moment(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMaterial:
    """Everything a template may say about a case."""

    kind: str  # template: response or clarification
    subject: str  # what the matter is called
    heard: tuple[Record, ...]  # what people say, without people
    official: tuple[Record, ...]  # what officials said of it
    reported: tuple[Record, ...] = ()  # what outlets say they heard from authorities; to be checked with those
    known: tuple[Record, ...] = ()  # answers given before that surely match; to be checked whether they still hold
    checking: tuple[str, ...]  # Chinese: what is open
    lacking: tuple[str, ...]  # Chinese: evidence that is missing
    due: datetime | None  # when the first clock runs out
    drill: bool
    bureau: str
    now: datetime

    @property
    def enough(self) -> bool:
        """Whether the evidence bears a text."""
        return not self.lacking


def case_material(case: Case, *, now: datetime) -> CaseMaterial | None:
    """The material of one case; None for a case whose drafts are made elsewhere (an incident's updates)."""
    if case.claim is not None:
        return _claim_material(case, case.claim, now=now)
    if case.topic is not None:
        return _topic_material(case, case.topic, now=now)
    if case.emergency is not None:
        return _emergency_material(case, now=now)
    return None


def _claim_material(case: Case, claim: Claim, *, now: datetime) -> CaseMaterial:
    about = claim.assertion + (claim.topic.title if claim.topic else "")
    asserting = DocumentRow.objects.filter(
        pk__in=claim.evidence.filter(role=ClaimEvidence.ASSERTS).values("document"), duplicate_of=None
    ).order_by("published_at", "pk")[:CANDIDATES]
    first = [claim.first_document] if claim.first_document else []
    heard = _heard([*first, *asserting], about)
    official = _matched(claim, about)
    reported = _reported(DocumentRow.objects.filter(membership__topic=claim.topic), about) if claim.topic else ()
    return CaseMaterial(
        kind="clarification",
        subject=shortened(clause(claim.assertion), 30),
        heard=heard,
        official=official,
        reported=reported,
        known=_known(claim, about),
        checking=(
            "上述说法所指的时间、地点和事件是否属实；",
            *(f"{COUNT.sub('', str(flag)).rstrip('。；')}；" for flag in claim.flags),
        ),
        lacking=_lacking(heard, official),
        due=_due(case),
        drill=case.drill,
        bureau=settings().bureau,
        now=now,
    )


def _topic_material(case: Case, topic: Topic, *, now: datetime) -> CaseMaterial:
    about = topic.title + " ".join(map(str, topic.keywords))
    heard = _heard(_speaking(topic), about)
    members = DocumentRow.objects.filter(membership__topic=topic, duplicate_of=None)
    official = _said(members.filter(official=True), _warnings(topic), about)
    return CaseMaterial(
        kind="response",
        subject=shortened(clause(topic.title), 30),
        heard=heard,
        official=official,
        reported=_reported(members, about),
        checking=("反映情况的时间、地点和具体经过；", "有关单位的处置情况；"),
        lacking=_lacking(heard, official),
        due=_due(case),
        drill=case.drill,
        bureau=settings().bureau,
        now=now,
    )


def _emergency_material(case: Case, *, now: datetime) -> CaseMaterial:
    """An emergency starts from the warnings in force; a drill sees only the drill's."""
    running = BulletinRow.objects.filter(incident__closed_at=None, incident__drill=case.drill)
    running = running.exclude(expires__lt=now).exclude(message_type=MessageType.CANCEL)
    official = tuple(_of_bulletin(row, case.title) for row in running.order_by("-issued_at", "-pk")[:OFFICIAL])
    return CaseMaterial(
        kind="response",
        subject=shortened(case.title, 30),
        heard=(),
        official=official,
        checking=("灾害影响的范围和程度；", "有关单位的处置情况；"),
        lacking=() if official else ("没有正在生效的官方警报可以引用，请补充发布单位、时间和编号",),
        due=_due(case),
        drill=case.drill,
        bureau=settings().bureau,
        now=now,
    )


def _speaking(topic: Topic) -> list[DocumentRow]:
    """Originals that ask something of the office, the most repeated first, then what else people wrote.

    Outlets' articles stand in only for people who wrote nothing.
    """
    rows = DocumentRow.objects.filter(membership__topic=topic, official=False, duplicate_of=None)
    people = rows.exclude(kind__in=NEWSROOMS, reply_to="")
    ordered = (people if people.exists() else rows).annotate(copies=Count("duplicates"))
    ordered = ordered.order_by("-copies", "published_at", "pk")
    asking = ordered.filter(annotation__voice__in=CONCERN)[:CANDIDATES]
    return [*asking, *ordered.exclude(annotation__voice__in=CONCERN)[:CANDIDATES]]


def _heard(rows: Iterable[DocumentRow], about: str) -> tuple[Record, ...]:
    """Different things that people say of the matter; one that is far from it only when nothing is near."""
    records: list[Record] = []
    far: Record | None = None
    for row in rows:
        record = of_document(row, about, limit=HEARD_LENGTH)
        if record.quote and shared(record.quote, about) < NEAR_ENOUGH:
            far = far or record
        elif record.quote and not any(is_like(record.quote, one.quote) for one in records):
            records.append(record)
    return tuple(records[:HEARD]) or ((far,) if far else ())


def _said(rows: Iterable[DocumentRow], warnings: Iterable[BulletinRow], about: str) -> tuple[Record, ...]:
    """The newest official statements and warnings that can be quoted, oldest first."""
    records = [of_document(row, about, limit=OFFICIAL_LENGTH) for row in rows]
    records += [_of_bulletin(row, about) for row in warnings]
    newest = sorted((one for one in records if one.quote), key=lambda one: one.at, reverse=True)[:OFFICIAL]
    return tuple(reversed(newest))


def _warnings(topic: Topic) -> list[BulletinRow]:
    """The last word of each official warning that the topic speaks of."""
    last = [incident.bulletins.order_by("-issued_at", "-pk").first() for incident in incidents_of(topic)]
    return [row for row in last if row is not None]


def _reported(rows: QuerySet[DocumentRow], about: str) -> tuple[Record, ...]:
    """What named outlets write that an authority told them, newest first."""
    articles = rows.filter(official=False, kind__in=NEWSROOMS, reply_to="", duplicate_of=None).exclude(publisher="")
    records: list[Record] = []
    for row in articles.order_by("-published_at", "pk")[:CANDIDATES]:
        told = "\n".join(one for one in sentences(row.text) if AUTHORITY.search(one))
        record = of_document(row, about, text=told, limit=OFFICIAL_LENGTH)
        if shared(record.quote, about) >= NEAR_ENOUGH and not any(is_like(record.quote, one.quote) for one in records):
            records.append(record)
    return tuple(records[:REPORTED])


def _matched(claim: Claim, about: str) -> tuple[Record, ...]:
    """The official statements that the claim was matched with, best first."""
    records = []
    for match in sorted(claim.matches, key=lambda match: -float(match.get("score", 0))):
        row = BulletinRow.objects.filter(pk=match["bulletin"]).first() if match.get("bulletin") else None
        document = DocumentRow.objects.filter(pk=match["document"]).first() if match.get("document") else None
        if row is not None:
            records.append(_of_bulletin(row, about))
        elif document is not None and document.official:
            records.append(of_document(document, about, limit=OFFICIAL_LENGTH))
    return tuple(record for record in records if record.quote)[:OFFICIAL]


def _known(claim: Claim, about: str) -> tuple[Record, ...]:
    """The answers given before that surely match, dated ones of a named issuer only."""
    sure = [match["answer"] for match in claim.answers if match.get("sure")]
    rows = KnownAnswer.objects.filter(pk__in=sure, withdrawn_at=None).exclude(valid_from=None).exclude(text="")
    found = [_of_answer(row, about) for row in sorted(rows, key=lambda row: sure.index(row.pk))]
    return tuple(record for record in found if record.quote and record.issuer)


def _of_answer(row: KnownAnswer, about: str) -> Record:
    assert row.valid_from is not None
    issuer = row.issuer or row.source
    return Record(
        label=f"{issuer}，{day(row.valid_from)}",
        issuer=issuer,
        at=row.valid_from,
        quote=quote(row.text, about, limit=OFFICIAL_LENGTH),
        url=row.url,
    )


def of_document(row: DocumentRow, about: str, *, limit: int, text: str | None = None) -> Record:
    """A document as a record, quoted from `text` where only a part of it may be; "" when nothing can be quoted."""
    issuer = row.publisher or ("官方信息" if row.official else "网上信息")
    stated = "" if row.time_is_stated else "前后（页面未注明时间）"
    return Record(
        label=f"{issuer}，{moment(row.published_at)}{stated}",
        issuer=issuer,
        at=row.published_at,
        quote=quote(row.text if text is None else text, about, limit=limit),
        url=row.url,
        document=row.pk,
    )


def _of_bulletin(row: BulletinRow, about: str) -> Record:
    number = f"，{row.number}" if row.number else ""
    return Record(
        label=f"{row.issuer}，{moment(row.issued_at)}{number}",
        issuer=row.issuer,
        at=row.issued_at,
        quote=quote(row.text, about, limit=OFFICIAL_LENGTH) or row.headline,
        url=row.url,
        bulletin=row.pk,
    )


def _lacking(heard: Sequence[Record], official: Sequence[Record]) -> tuple[str, ...]:
    missing = []
    if not heard:
        missing.append("没有能够引用的公众原话，请补充所回应的内容和出处")
    if not official:
        missing.append("没有查到可以引用的官方信息，请承办处室提供核查结果、时间和出处")
    return tuple(missing)


def _due(case: Case) -> datetime | None:
    clock = case.deadlines.filter(met_at__isnull=True).order_by("due_at").first()
    return clock.due_at if clock else None
