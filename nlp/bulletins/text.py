"""A warning's plain text to a Bulletin: the three templates of surge, wave and local centre, and the tsunami's product."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from nlp.bulletins.facts import any_of, facts
from nlp.bulletins.levels import area_levels, headline_level, places_of
from nlp.bulletins.message import declaration, message_type, number_in, numbers_named
from nlp.bulletins.times import first_moment, plain_numbers, span
from store.errors import BadInput
from store.stages import Bulletin, Hazard, Level, MessageType

_HEAD_LINES = 12  # lines in which a title and labels stand
_ISSUER_ENDING = any_of(facts().issuers.endings)
_ISSUER = re.compile(rf"[\u4e00-\u9fff()]{{2,24}}?{_ISSUER_ENDING}(?![\u4e00-\u9fff]*?{_ISSUER_ENDING})")
_KNOWN = re.compile(any_of(facts().issuers.known))
_BEFORE = re.compile(rf"^(?:.*?[年月日时分])?(?:{any_of(facts().issuers.before)})?")
_PRODUCT = any_of([product.name for product in facts().products])


@dataclass(frozen=True, slots=True)
class _Message:
    """The text in its normal form (NFKC) beside the text as published; lines match one to one."""

    published: list[str]
    plain: list[str]

    @property
    def text(self) -> str:
        return "\n".join(self.plain)

    def labelled(self, words: tuple[str, ...]) -> str:
        """What follows "LABEL：" at the start of a line, "" when no line has it."""
        label = re.compile(rf"^[\[【(]?\s*{_spaced(words)}\s*[\]】)]?\s*:\s*(.+)$")
        return next((match[1].strip() for line in self.plain if (match := label.match(line))), "")

    @property
    def sentences(self) -> list[str]:
        return [part for line in self.plain for part in re.split(r"[。;]", line) if part.strip()]


def parse_text(message: str, *, url: str = "", published_at: datetime | None = None) -> Bulletin:
    """The bulletin a plain text states; BadInput says which of issuer, hazard and time of issue is missing."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    text = _Message(lines, [_plain(line) for line in lines])
    title = _title(text)
    hazard = _hazard(title, text)
    number = _number(title, text)
    issued_at = _issued_at(text, number, published_at)
    sentence = declaration(text.sentences, title)
    kind, references = message_type(title, sentence, number), numbers_named(text.text, number)
    if references and kind is MessageType.ALERT:
        kind = MessageType.UPDATE
    lifted = kind is MessageType.CANCEL
    areas = _areas(title, text, lifted=lifted)
    onset, expires = (None, None) if lifted else span(text.text, issued_at=issued_at)
    return Bulletin(
        issuer=_issuer(text),
        number=number,
        hazard=hazard,
        message_type=kind,
        level=None if lifted else _level(title, sentence, areas),
        areas=tuple(areas.items()),
        issued_at=issued_at,
        onset=onset,
        expires=expires,
        headline=_headline(title, text),
        text=message.strip(),
        instruction=_instruction(text),
        references=references,
        url=url,
    )


def _spaced(words: tuple[str, ...]) -> str:
    """Any of the words, also with spaces between their characters (编 号)."""
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(r"\s*".join(map(re.escape, word)) for word in ordered) + ")"


def _title(text: _Message) -> str:
    """The first head line that names a product without being a sentence or a label; else the issuing sentence."""
    for line in text.plain[:_HEAD_LINES]:
        is_label = re.match(
            rf"^{_spaced(facts().labels.issuer + facts().labels.number + facts().labels.issued_at)}\s*:", line
        )
        if not is_label and len(line) <= 60 and re.search(_PRODUCT, line) and not re.search(r"[。;]", line):
            return line
    return _clause(declaration(text.sentences, "")) or (text.plain[0] if text.plain else "")


def _headline(title: str, text: _Message) -> str:
    """The title as published: its line, or its part of the issuing sentence."""
    for published, plain in zip(text.published, text.plain, strict=True):
        if plain == title:
            return published
        for sentence in re.split(r"[。；;]", published):
            if _clause(_plain(sentence)) == title and (clause := _clause(sentence)):
                return clause
    return title


def _plain(text: str) -> str:
    """Half-width, roman numbers as letters, Chinese numbers of dates as digits."""
    return plain_numbers(unicodedata.normalize("NFKC", text)).strip()


def _clause(sentence: str) -> str:
    """The part of an issuing sentence that names the product: 发布风暴潮III级警报(黄色)."""
    if bracketed := re.match(rf"^【([^】]*{_PRODUCT}[^】]*)】", sentence):
        return bracketed[1]
    parts = [part for part in re.split(r"[,:，：]", re.sub(r"《[^》]*》", "", sentence)) if re.search(_PRODUCT, part)]
    return parts[-1].strip() if parts else sentence


def _hazard(title: str, text: _Message) -> Hazard:
    """The hazard in the title, else in the issuing sentence; a report that issues nothing has none."""
    if facts().hazard_named(text.text) and not re.search(_PRODUCT, title):
        raise BadInput(
            "the text names a marine hazard but issues no warning: no 警报、预警、消息 or 信息 in title or issuing sentence"
        )
    for part in (title, declaration(text.sentences, "")):
        named = facts().hazard_named(part)
        if len(named) > 1:
            raise BadInput(f"the bulletin names {'、'.join(named)} in one title; hand in one message for each hazard")
        if named:
            return named[0]
    raise BadInput(f"the hazard is missing: {title[:60]!r} is not a marine hazard ({'、'.join(Hazard)})")


def _issuer(text: _Message) -> str:
    """The labelled issuer, else a known institution, else a name that ends like one; BadInput when none is named."""
    if stated := text.labelled(facts().labels.issuer):
        return stated
    if known := _KNOWN.search(text.text):
        return known[0]
    for sentence in (part for whole in text.sentences for part in re.split(r"[,:\s《》]", whole)):
        if match := _ISSUER.search(sentence):
            return _BEFORE.sub("", match[0], count=1) or match[0]
    raise BadInput("the issuer is missing: a warning is relayed only with the institution that issued it (发布单位)")


def _number(title: str, text: _Message) -> str:
    if stated := text.labelled(facts().labels.number):
        return re.sub(r"\s+", "", stated)
    for line in [title, *text.plain[:_HEAD_LINES]]:
        if found := number_in(line, alone=line != title):
            return found
    return ""


def _issued_at(text: _Message, number: str, published_at: datetime | None) -> datetime:
    """The labelled time, else that of the issuing sentence, else the signature's, else the page's; BadInput when none."""
    near = published_at or _year_of(number)
    stated = text.labelled(facts().labels.issued_at)
    for part in [stated, *_issuing_parts(text), *text.plain[-3:][::-1]]:
        if found := first_moment(part, near=near):
            return found
    if stated and re.search(r"\d\s*日", stated):
        raise BadInput(f"the time of issue {stated[:40]!r} lacks its year or hour; give the page's own time beside it")
    if published_at is None:
        raise BadInput(
            "the time of issue is missing: neither 发布时间 nor a dated signature with its hour stands in the text"
        )
    return published_at.astimezone(UTC)


def _issuing_parts(text: _Message) -> list[str]:
    """Head lines that are nothing but a time, and the start of sentences up to 发布."""
    bare = [
        line
        for line in text.plain[:6]
        if re.fullmatch(r"[(\[]?[\d年月日时分点:\-/. 星期一二三四五六上下午]+(?:发布)?[)\]]?", line)
    ]
    heads = [
        m[1]
        for s in text.sentences
        if (m := re.match(r"^([^,]{4,60}?)(?:继续|联合|首次)?发布", s)) and re.search(r"\d\s*[日时]", m[1])
    ]
    return bare + heads


def _year_of(number: str) -> datetime | None:
    """Mid-year of the year in the bulletin's number, enough to give its dates a year."""
    match = re.search(r"(?:19|20)\d\d", number)
    return datetime(int(match[0]), 7, 1, tzinfo=UTC) if match else None


def _level(title: str, sentence: str, areas: dict[str, Level | None]) -> Level | None:
    """The highest level stated; messages such as 海冰消息 state none even where they name colours."""
    if not _has_level(title):
        return None
    stated = [headline_level(title), headline_level(sentence), *areas.values()]
    return facts().highest([level for level in stated if level])


def _areas(title: str, text: _Message, *, lifted: bool) -> dict[str, Level | None]:
    found = area_levels(text.text) if _has_level(title) and not lifted else {}
    return found or dict.fromkeys(places_of(text.sentences))


def _has_level(title: str) -> bool:
    """Whether this kind of message states a level; 警报 or 预警 in the title outweighs 消息."""
    named = [product for product in facts().products if re.search(rf"{product.name}(?!中心)", title)]
    return any(product.with_level for product in named) or not named


def _instruction(text: _Message) -> str:
    """The advice: from its label to the next label, table or signature, one item a line."""
    labels = facts().labels
    start = re.compile(rf"^[\[【(]?{any_of(labels.instruction)}[\]】)]?\s*[:]?\s*(.*)$")
    stop = re.compile(rf"^(?:{any_of(labels.after_instruction)}\s*:|.*表$|\S+(?:\s+\S+){{3,}}$|\d{{4}}年)")
    kept: list[str] = []
    inside = False
    for published, plain in zip(text.published, text.plain, strict=True):
        match = start.match(plain)
        if match and not inside:
            inside = True
            kept += (
                [re.split(r"[:：]", published, maxsplit=1)[1].strip()]
                if match[1] and re.search("[:：]", published)
                else []
            )
        elif inside and stop.match(plain):
            break
        elif inside:
            kept.append(published)
    return "\n".join(line for line in kept if line)
