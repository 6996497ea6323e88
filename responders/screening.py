"""Reads a draft as a strict colleague would and says what to look at; a person decides, nothing is changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from responders.negative_list import negative_list
from responders.wording import unfilled
from store.settings import settings

MARK = re.compile(r"\[(E\d+)\]")
FIGURE = re.compile(
    r"\d+(?:\.\d+)?|[一二三四五六七八九十百千万两]+(?=(?:厘米|米|公里|海里|毫米|吨|人|艘|户|条|起|次|亩|%|万|亿))"
)
NUMBERING = re.compile(r"^\s*(?:\d+[.．、]|[一二三四五六七八九十]+、)\s*")
WARNING = re.compile(r"(?:红|橙|黄|蓝)色?(?:警报|预警)|警戒潮位")
DATE_LINE = re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日$")
OUR_CLOCK = re.compile(r"下次发布(?:时间)?(?:不晚于|：|:)?[^，。；]*")  # the office's own appointment needs no source
SENTENCE = re.compile(r"[^。！？\n]+[。！？]?(?:”)?(?:\[E\d+\])*。?")


class Evidence(Protocol):
    """What the screening reads of a record: a DraftEvidence row is one."""

    mark: str
    label: str
    quote: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at."""

    rule: str  # stable name
    message: str  # Chinese: what and what to do
    words: str  # the place in the text


def screen(title: str, body: str, evidence: Sequence[Evidence]) -> list[Finding]:
    """What to look at before the text is submitted or signed, in reading order within each rule."""
    text = f"{title}\n{body}"
    return [
        *_gaps(text),
        *_unknown_marks(body, evidence),
        *_figures(body, evidence),
        *_personal(text),
        *_cause(body, evidence),
        *_verdicts(text),
        *_not_public(text),
        *_issuer(body, evidence),
        *_signature(body),
    ]


def _gaps(text: str) -> Iterator[Finding]:
    for gap in unfilled(text):
        yield Finding("gap", "还没有填写。", gap)


def _unknown_marks(body: str, evidence: Sequence[Evidence]) -> Iterator[Finding]:
    known = {one.mark for one in evidence}
    for mark in dict.fromkeys(MARK.findall(body)):
        if mark not in known:
            yield Finding("unknown_mark", "没有这条依据，请改为已有的依据编号。", f"[{mark}]")


def _figures(body: str, evidence: Sequence[Evidence]) -> Iterator[Finding]:
    """Figures without a mark, and figures that the record they point to does not hold."""
    sources = {one.mark: f"{one.label} {one.quote}" for one in evidence}
    for sentence in _sentences(body):
        figures = _numbers(OUR_CLOCK.sub("", NUMBERING.sub("", MARK.sub("", sentence))))
        marks = MARK.findall(sentence)
        if not figures or DATE_LINE.match(sentence):
            continue
        if not marks:
            yield Finding("unmarked_figure", "有数字而没有注明依据，请加依据编号或删去数字。", sentence)
            continue
        held = set(_numbers(" ".join(sources.get(mark, "") for mark in marks)))
        strange = [figure for figure in dict.fromkeys(figures) if figure not in held]
        if strange:
            words = "、".join(strange)
            yield Finding("figure_not_in_evidence", f"数字{words}在所引依据中没有，请核对。", sentence)


def _personal(text: str) -> Iterator[Finding]:
    for name, words in negative_list().personal_data(text).items():
        for word in dict.fromkeys(words):
            yield Finding("personal", f"疑似个人信息（{name}），公开前应当删去。", word)


def _cause(body: str, evidence: Sequence[Evidence]) -> Iterator[Finding]:
    """Words of cause and blame that the cited record does not use itself."""
    quotes = {one.mark: one.quote for one in evidence}
    for sentence in _sentences(body):
        cited = " ".join(quotes.get(mark, "") for mark in MARK.findall(sentence))
        for word in negative_list().cause:
            if word in sentence and word not in cited:
                yield Finding("cause", f"“{word}”涉及原因或责任认定，官方结论公布前不写。", sentence)


def _verdicts(text: str) -> Iterator[Finding]:
    for word in negative_list().verdict:
        if word in text:
            yield Finding("verdict", "给说法或人定性的用语，请改为陈述事实。", word)


def _not_public(text: str) -> Iterator[Finding]:
    for word in negative_list().safe:
        text = text.replace(word, "")
    for group in negative_list().not_public:
        for word in group.words:
            if word in text:
                yield Finding("not_public", f"可能属于不予公开的内容（{group.article}），请作保密审查。", word)


def _issuer(body: str, evidence: Sequence[Evidence]) -> Iterator[Finding]:
    """A warning is named with who issued it (海洋观测预报管理条例 art. 25)."""
    match = WARNING.search(body)
    issuers = {one.label.split("，")[0] for one in evidence}
    if match and not any(issuer and issuer in body for issuer in issuers):
        yield Finding("no_issuer", "提到警报而没有写明发布单位，转发预警须注明发布单位和时间。", match.group())


def _signature(body: str) -> Iterator[Finding]:
    lines = [line.strip() for line in body.strip().splitlines()]
    if settings().bureau not in lines[-3:] or not any(DATE_LINE.match(line) for line in lines[-2:]):
        yield Finding("no_signature", "文末应有落款单位和日期。", lines[-1] if lines else "")


def _numbers(text: str) -> list[str]:
    """The figures of a text; 09时 and 9时 are the same."""
    return [figure.lstrip("0") or "0" for figure in FIGURE.findall(text)]


def _sentences(body: str) -> list[str]:
    return [match.strip() for match in SENTENCE.findall(body) if match.strip()]
