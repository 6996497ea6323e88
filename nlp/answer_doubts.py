"""Why a known answer may not fit after all (another place, number or day, old, superseded), and the reason of a match in words."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from nlp.answer_types import Answer, AnswerParameters, Heard
from nlp.answer_wording import letters
from nlp.features import word_share
from nlp.normalise import normalise
from nlp.places import moved_place, places_named
from nlp.segment import words
from nlp.time_words import number
from store.stages import Place

SHOWN = 4  # common words named in a reason
SAID = re.compile(r"\w{2,}")
AMOUNT = re.compile(
    r"(\d+(?:\.\d+)?)(?:多|余|来)?(万|亿)?(元|人|名|例|个|只|头|条|艘|辆|吨|公斤|斤|克|米|公里|海里|厘米|毫米|级|度|℃|%|小时|分钟|天|岁|倍|次|毫克)"
)
DAY = re.compile(r"(\d{1,2}|[一二三四五六七八九十]{1,3})月(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]")


@dataclass(frozen=True, slots=True)
class Found:
    """An answer found for a text by one of its wordings, with its score 0..1."""

    heard: Heard
    wording: str
    answer: Answer
    score: float


def doubts(found: Found, parameters: AnswerParameters) -> tuple[str, ...]:
    """Chinese phrases that keep a match from being sure; () when nothing speaks against it."""
    said, answered = found.wording, normalise(found.answer.wording())
    open_questions = [
        _moved(_places(found.heard.places, said), _places(found.answer.places, answered)),
        _apart("数字不同", _amounts(said), _amounts(answered)),
        _apart("日期不同", _days(said), _days(answered)),
        _age(found, parameters),
    ]
    if found.answer.superseded:
        open_questions.append("这条答复已被取代")
    if not found.answer.answers(parameters):
        open_questions.append("这条记录只有说法，没有答复")
    if letters(said) < parameters.least_characters:
        open_questions.append("原文太短")
    return tuple(question for question in open_questions if question)


def reason(found: Found, open_questions: Sequence[str]) -> str:
    """The reason of a match as an officer reads it."""
    return "；".join([_common(found), *open_questions])


def _common(found: Found) -> str:
    answered = normalise(found.answer.wording()).lower()
    said = dict.fromkeys(word for word in words(found.wording.lower()) if SAID.fullmatch(word))
    common = sorted((word for word in said if word in answered), key=lambda word: (math.log(word_share(word)), word))
    return f"共同的词：{'、'.join(common[:SHOWN])}" if common else "只有零散的字相同"


def _moved(said: Sequence[Place], answered: Sequence[Place]) -> str:
    if not moved_place(said, answered):
        return ""
    return f"地点不同：已有信息说的是{answered[0].name}，原文说的是{said[0].name}"


def _places(given: tuple[Place, ...] | None, text: str) -> tuple[Place, ...]:
    return places_named(text) if given is None else given


@lru_cache(maxsize=4096)
def _amounts(text: str) -> tuple[tuple[str, str], ...]:
    """(unit, amount as written) of each number with a unit."""
    return tuple((unit, f"{amount}{tens}{unit}") for amount, tens, unit in AMOUNT.findall(text))


@lru_cache(maxsize=4096)
def _days(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(("", f"{number(month)}月{number(day)}日") for month, day in DAY.findall(text))


def _apart(name: str, said: Sequence[tuple[str, str]], answered: Sequence[tuple[str, str]]) -> str:
    """A figure of the text that the answer never names though it names others of its kind."""
    for kind, figure in said:
        others = [other for unit, other in answered if unit == kind]
        if others and figure not in others:
            return f"{name}：已有信息说的是{others[0]}，原文说的是{figure}"
    return ""


def _age(found: Found, parameters: AnswerParameters) -> str:
    at, published = found.answer.at, found.heard.published_at
    if at is None or published is None or published - at <= timedelta(days=parameters.stale_days):
        return ""
    return f"已有信息早于此说法{(published - at).days}天"
