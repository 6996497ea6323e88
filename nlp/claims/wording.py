"""Reads the wording of claims: what is asserted, whom it touches, and whether a text asserts at all."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlp.claims.mood import moods_of
from nlp.cues import cue_rules, doubt
from nlp.features import WORD, word_share
from nlp.normalise import REPOST, normalise
from nlp.segment import words
from nlp.sentences import sentences, without_tags
from nlp.word_files import LEXICONS, compiled, exact_keys, read_yaml, word_list
from store.stages import Cue, Place

PLACE_FACTOR = 2.0  # a sentence that says where can be checked
TAG = re.compile(r"^\s*(?:[【\[(][^】\])]{1,8}[】\])])\s*")
OPENING = re.compile(
    r"^(?:早上好|大家注意|家人们|姐妹们看看|各位)?[!,:。\s]*(?:刚{1,2}接到(?:紧急)?通知|紧急通知|紧急扩散|速看|注意)?[!,:。\s]*"
)
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|「[^」]*」")
ASIDE = ("footage", "attributes")  # wordings that say something else than that a text asserts nothing
CALLS = ("spread", "repost")  # cues that ask for reposts: no part of what is asserted
OFFICE = re.compile(r"[—-]{1,2}\s*\S{2,16}(?:局|中心|委员会|厅|办公室|指挥部|政府)[\s。!]*$")
FOUND = 110  # characters of an assertion at most
HALF_WIDTH = re.compile(r"(?<=[\u4e00-\u9fff”’）》])[,!?;:]+")
FULL_WIDTH = str.maketrans(",!?;:", "，！？；：")


@dataclass(frozen=True, slots=True)
class Group:
    """People an assertion may touch."""

    name: str
    words: tuple[str, ...]
    vulnerable: bool


@lru_cache(maxsize=1)
def groups(path: Path = LEXICONS / "touched.yml") -> tuple[Group, ...]:
    """The groups in the file's order; raises BadSettings naming file and key."""
    return tuple(_group(name, entry, f"{path.name} '{name}'") for name, entry in read_yaml(path).items())


def _group(name: str, entry: object, where: str) -> Group:
    known = exact_keys(entry, {"words", "vulnerable"}, where)
    return Group(name, word_list(known["words"], where), bool(known["vulnerable"]))


@lru_cache(maxsize=1)
def not_claims(path: Path = LEXICONS / "not_claims.yml") -> dict[str, re.Pattern[str]]:
    """Patterns of texts that assert nothing, by name."""
    entries = read_yaml(path).items()
    return {
        name: compiled(exact_keys(entry, {"pattern", "reason"}, f"{path.name} '{name}'")["pattern"], path.name)
        for name, entry in entries
    }


@lru_cache(maxsize=1)
def _alarms(path: Path = LEXICONS / "alarms.yml") -> dict[str, tuple[str, ...]]:
    return {name: word_list(entry, f"{path.name} '{name}'") for name, entry in read_yaml(path).items()}


def alarms(text: str) -> tuple[str, ...]:
    """The kinds of alarming event a normalised text names as its own, in the file's order; what it quotes is left out."""
    own = QUOTED.sub("", text)
    return tuple(name for name, held in _alarms().items() if any(word in own for word in held))


def own_part(text: str) -> str:
    """What the last writer says of a repost chain, in normal form; the whole text where there is no chain."""
    return REPOST.split(normalise(text), maxsplit=1)[0]


def asserts_nothing(text: str) -> str:
    """The wording by which a normalised text asserts nothing ("asks", "mocks", …), "" when it may; footage and attribution left aside."""
    for name, pattern in not_claims().items():
        if name not in ASIDE and pattern.search(text):
            return name
    return "asks" if doubt(text) else ""


def doubts(text: str) -> bool:
    """Whether a normalised text doubts or clears up what it speaks of."""
    return bool(doubt(text)) or bool(not_claims()["clears_up"].search(text)) or points_to_footage(text)


def points_to_footage(text: str) -> bool:
    """Whether a normalised text says that pictures come from elsewhere or another time."""
    return bool(not_claims()["footage"].search(text))


def attributes(text: str) -> bool:
    """Whether a normalised text names the office or newsroom it has its news from."""
    return bool(not_claims()["attributes"].search(text))


def strong_cues(cues: Iterable[Cue], lift: float) -> list[Cue]:
    """The cues at least `lift` times commoner in rumours than elsewhere."""
    strong = {rule.name for rule in cue_rules() if rule.lift >= lift}
    return [cue for cue in cues if cue.name in strong]


def own_cues(cues: Iterable[Cue], text: str) -> list[Cue]:
    """The cues whose words a normalised text says itself; words within quotation marks are spoken of, not used."""
    own = QUOTED.sub("", text)
    return [cue for cue in cues if cue.words in own or cue.words not in text]


def speaks_as_office(text: str) -> bool:
    """Whether a text is signed in an office's name."""
    return bool(OFFICE.search(normalise(text)))


def touches(text: str) -> tuple[tuple[str, ...], bool]:
    """The groups a text names, and whether one of them comes first in the queue."""
    plain = normalise(text)
    found = [group for group in groups() if any(word in plain for word in group.words)]
    return tuple(group.name for group in found), any(group.vulnerable for group in found)


def term_weights(text: str) -> dict[str, float]:
    """The words of a text with their rarity in general Chinese."""
    return {w: -math.log(word_share(w)) for w in words(normalise(text)) if WORD.fullmatch(w)}


def weighted_share(wanted: Mapping[str, float], held: Iterable[str]) -> float:
    """Share of the weight of `wanted` words that `held` has, 0..1; 0.0 when nothing is wanted."""
    total = sum(wanted.values())
    own = set(held)
    return sum(weight for word, weight in wanted.items() if word in own) / total if total else 0.0


def assertion(text: str, places: Iterable[Place]) -> str:
    """The sentence that says most, one that plainly states before others; the text's head where none is left.

    Tags, greetings and calls to repost are left off.
    """
    names = [place.name for place in places]
    original = REPOST.split(normalise(text))[-1]
    spoken = [(c, not moods_of(sentence)) for sentence in sentences(original) if (c := _cleaned(sentence))]
    cleaned = [said for said, states in spoken if states] or [said for said, _ in spoken]
    if not cleaned:
        return chinese_punctuation(original[:FOUND])
    return chinese_punctuation(max(enumerate(cleaned), key=lambda row: (_weight(row[1], names), -row[0]))[1][:FOUND])


def chinese_punctuation(text: str) -> str:
    """The text with the full-width marks people read, where the normal form has half-width ones after Chinese words."""
    return HALF_WIDTH.sub(lambda mark: mark[0].translate(FULL_WIDTH), text)


def _cleaned(sentence: str) -> str:
    bare = OPENING.sub("", TAG.sub("", without_tags(sentence)))
    calls = [rule.pattern for rule in cue_rules() if rule.name in CALLS]
    clauses = [c for c in bare.strip(" 。!,:").split(",") if not any(call.search(c) for call in calls)]
    return ",".join(clauses).strip(" 。!,:")


def _weight(sentence: str, places: list[str]) -> float:
    where = PLACE_FACTOR if any(place in sentence for place in places) else 1.0
    return where * said_weight(sentence)


def said_weight(sentence: str) -> float:
    """How much a sentence says: the rarity of its words, damped so that a long one does not win by length alone."""
    terms = term_weights(sentence)
    return sum(terms.values()) / math.sqrt(len(terms) + 4)
