"""What a bulletin does to the ones before it: a new warning, a change of one, or its end; and the numbers it names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.bulletins.facts import any_of, facts
from store.stages import MessageType

_WORDS = facts().message_words
_PRODUCT = any_of([product.name for product in facts().products])
_ACTS = re.compile(any_of(_WORDS.issue + _WORDS.update + _WORDS.cancel))
_NOT_YET = re.compile(any_of(_WORDS.not_yet))
_CANCEL = re.compile(any_of(_WORDS.cancel))
_UPDATE = re.compile(any_of(_WORDS.update))
_YEAR = r"(?:[〔\[【(]\s*(?:19|20)\d\d\s*[〕\]】)]|(?:19|20)\d\d年?)"
_NUMBER = re.compile(rf"(?P<series>[\u4e00-\u9fffA-Za-z]{{0,12}}?)\s*{_YEAR}\s*(?:第\s*)?\d+\s*[号期]")
_TSUNAMI = re.compile(r"(?P<event>海啸\d{4}-\d{4}-\d{4})-(?P<serial>\d+)")  # 海啸 + date + quake time + serial
_PLAN = re.compile(r"函|法|令|规划|国发|办发")  # document numbers of plans and laws


def declaration(sentences: Sequence[str], title: str) -> str:
    """The sentence that issues, changes or ends the warning; "" when no sentence does. Advice about later messages is none."""
    for sentence in sentences:
        if sentence == title or re.match(r"^[\u4e00-\u9fff\s]{2,8}:", sentence):
            continue
        if _ACTS.search(sentence) and re.search(_PRODUCT, sentence) and not _NOT_YET.search(sentence):
            return sentence
    return ""


def message_type(title: str, sentence: str, number: str) -> MessageType:
    """Cancel, Update or Alert by the title's and the issuing sentence's words and a tsunami product's serial."""
    for part in (title, sentence):
        if _CANCEL.search(part) and not _NOT_YET.search(part):
            return MessageType.CANCEL
    serial = _TSUNAMI.search(number)
    if _UPDATE.search(title) or _UPDATE.search(sentence) or (serial and int(serial["serial"]) > 1):
        return MessageType.UPDATE
    return MessageType.ALERT


def number_in(line: str, *, alone: bool) -> str:
    """The issuer's number in a head line; `alone`: only when the line holds nothing else (brackets aside)."""
    for pattern in (_TSUNAMI, _NUMBER):
        match = pattern.search(line)
        if match and (not alone or re.sub(r"[\s()]", "", line) == re.sub(r"[\s()]", "", match[0])):
            return re.sub(r"\s+", "", match[0])
    return ""


def numbers_named(text: str, own: str) -> tuple[str, ...]:
    """Numbers of other bulletins in the text: those in brackets after 警报 and the like, and those of its own series."""
    found: dict[str, None] = {}
    series = re.split(r"[〔\[【(]?(?:19|20)\d\d", own, maxsplit=1)[0] if own else ""
    for match in _NUMBER.finditer(text):
        number = re.sub(r"\s+", "", match[0])
        in_brackets = re.search(rf"{_PRODUCT}\s*\($", text[: match.start()])
        same_series = len(series) >= 2 and number.startswith(series)
        if number != own and (in_brackets or same_series) and not _PLAN.search(match["series"]):
            found[number] = None
    return tuple(found) or _earlier_serial(own)


def _earlier_serial(own: str) -> tuple[str, ...]:
    """The product before this one of the same tsunami: serial 3 changes serial 2."""
    match = _TSUNAMI.fullmatch(own)
    if not match or int(match["serial"]) < 2:
        return ()
    return (f"{match['event']}-{int(match['serial']) - 1}",)
