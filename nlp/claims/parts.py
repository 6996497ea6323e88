"""What in a text can be checked: who, what, where, when, how much, each with the words that say it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from nlp.entities import Kind
from nlp.lexicons import Entry
from nlp.reading import Reading, read
from nlp.time_words import BEIJING
from nlp.times import times
from nlp.word_files import LEXICONS, exact_keys, read_yaml, word_list
from store.stages import TimeMention

LABELS = {"who": "何人", "what": "何事", "where": "何地", "when": "何时", "how_much": "数量"}
MISSING = {"who": "未说何人", "what": "未说何事", "where": "未说地点", "when": "未说时间", "how_much": "未说数量"}
SHOWN = 6  # words shown of one part
_NUMBER = r"(?:约|近|超过?|大约|上|好|成)?(?:\d+(?:\.\d+)?(?:[-~到至]\d+(?:\.\d+)?)?[十百千万亿]*|[一二两三四五六七八九十百千万几数半]+)"
_UNIT = (
    r"(?:多|余|来)?(?:人|名|例|户|条人命|家|艘|辆|只|头|厘米|公分|毫米|公里|千米|海里|米|吨|公斤|千克|斤|升|立方米?"
    r"|口(?=人|[,。!]|$)|个(?!月|小时|星期|礼拜|多月|人)(?:[^,。!\d]{0,5}?(?:学生|工人|村民|孩子|渔民|小孩|小区|老人|游客))?|个人|平方公里|平方米|亩|%|成|倍|级|度|万元|元|块钱?|万块|万|层楼|小时|天|年|次|贝克勒尔|毫克)(?!钱|楼|级)"
)
AMOUNT = re.compile(
    rf"{_NUMBER}\s*{_UNIT}|百分之[一二三四五六七八九十百\d]+|[红橙黄蓝]色(?=警报|预警|[^,。]{{0,4}}(?:警报|预警))"
)
NO_AMOUNT = re.compile(
    r"^千万$|^(?:一|半|几)(?:个|家|天|年|次|度|级|成|头|只|名|人|块|万)$|^[\d.]+年$|^[一二两三四五六七八九十\d]+天$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of an assertion in the words of its text; an empty part is not said. Times carry their reading."""

    who: tuple[str, ...] = ()
    what: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    how_much: tuple[str, ...] = ()

    def rows(self) -> list[tuple[str, tuple[str, ...], str]]:
        """Chinese name, words, and what to say where they are missing, in the order people ask."""
        return [(label, getattr(self, name), MISSING[name]) for name, label in LABELS.items()]

    @property
    def said(self) -> int:
        """How many of the five parts are said, 0..5: the fewer, the harder it is to check."""
        return sum(bool(words) for _, words, _ in self.rows())

    @property
    def can_be_held_to(self) -> bool:
        """Whether it says where, when or how much."""
        return bool(self.where or self.when or self.how_much)


def _is_body(entry: Entry) -> bool:
    """Whether a word names an office (天津海事局): who, not where."""
    return any(entity.kind is Kind.BODY for entity in entry.entities)


def parts(text: str, assertion: str, published_at: datetime) -> Parts:
    """The parts of a text whose assertion is known. Times are read from the text's publication."""
    reading = read(text)
    return Parts(
        who=_shown(_who(reading)),
        what=(assertion,) if assertion else (),
        where=_shown(h.entry.word for h in reading.hits if h.entry.places and not _is_body(h.entry)),
        when=_shown(_when(mention) for mention in times(reading.plain, published_at)),
        how_much=_shown(found for found in AMOUNT.findall(reading.plain) if not NO_AMOUNT.search(found)),
    )


def _shown(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))[:SHOWN]


def _when(mention: TimeMention) -> str:
    """今晚（1月21日18:00至次日0:00）; a whole day by its date."""
    start, end = mention.start.astimezone(BEIJING), mention.end.astimezone(BEIJING)
    hours = (end - start).total_seconds() / 3600
    day = f"{start.year}年" if "年" in mention.text or hours > 24 * 200 else ""
    if hours > 24 * 27:
        return (
            f"{mention.text}（{start.year}年{start.month}月起）"
            if hours < 24 * 200
            else f"{mention.text}（{start.year}年）"
        )
    if start.hour == end.hour == 0 and hours == 24:
        return f"{mention.text}（{day}{start.month}月{start.day}日）"
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{end.month}月{end.day}日{end:%H:%M}"
    return f"{mention.text}（{day}{start.month}月{start.day}日{start:%H:%M}至{until}）"


@dataclass(frozen=True, slots=True)
class Actors:
    """The lists of data/lexicons/who.yml."""

    endings: tuple[str, ...]
    others: frozenset[str]
    named: tuple[str, ...]


@lru_cache(maxsize=1)
def actors(path: Path = LEXICONS / "who.yml") -> Actors:
    """The lists in force; raises BadSettings naming file and key."""
    known = exact_keys(read_yaml(path), {"endings", "not", "species", "ships", "people"}, path.name)
    lists = {name: word_list(words, f"{path.name} '{name}'") for name, words in known.items()}
    named = (*lists["species"], *lists["ships"], *lists["people"])
    return Actors(lists["endings"], frozenset(lists["not"]), tuple(sorted(named, key=lambda word: (-len(word), word))))


def _who(reading: Reading) -> list[str]:
    """Institutions, groups, species and ships in the order they are named."""
    return [found for found in _actors_in(reading) if found not in actors().others]


def _actors_in(reading: Reading) -> Iterable[str]:
    """A run of words that ends as institutions do takes the place names right before it."""
    before = ""
    for token in reading.words:
        ends = any(token.endswith(ending) for ending in actors().endings)
        if ends:
            yield before + token
        elif found := [word for word in actors().named if word == token or (len(word) > 1 and word in token)]:
            yield found[0]
        before = _name_before(before, token, reading)


def _name_before(before: str, token: str, reading: Reading) -> str:
    """The place names that stand right before the next word: 天津市 + 滨海新区."""
    is_place = any(hit.entry.places and hit.entry.word == token for hit in reading.hits)
    return before + token if is_place else ""
