"""Says which of the six matters that offices must collect (国办发〔2016〕80号) a text belongs to, each with its reason in Chinese."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from nlp.entities import Entity, Kind
from nlp.lexicons import Hit
from nlp.matching import WordGroups
from nlp.word_files import LEXICONS, exact_keys, read_yaml, word_list
from store.errors import BadSettings
from store.stages import PolicyTag

SHOWN = 4  # words a reason names
COMPLAINING = {"complaint", "report"}


class Matter(StrEnum):
    """The six, in the rule's order; their names and words stand in data/lexicons/policy_tags.yml."""

    DECISION = "decision"
    INTEREST = "interest"
    TRUST = "trust"
    EMERGENCY = "emergency"
    MORALS = "morals"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Wording:
    """One tag as the file words it."""

    name: str
    short: str
    because: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The file whole, its words found in one scan."""

    wordings: Mapping[Matter, Wording]
    words: WordGroups
    least_claim_risk: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the models said of a text, as far as the tags ask."""

    relevant: bool
    voice: str
    stance: str
    claim_risk: float


@dataclass(frozen=True, slots=True)
class _Seen:
    judgement: Judgement
    words: Sequence[str]  # of the tag that is asked for
    entities: Sequence[Entity]
    least_claim_risk: float

    def authorities(self) -> list[str]:
        return [entity.name for entity in self.entities if entity.official]

    def hazards(self) -> list[str]:
        hazards = (Kind.HAZARD, Kind.TYPHOON)
        return [entity.name for entity in self.entities if entity.kind in hazards and entity.marine]


@lru_cache(maxsize=1)
def rules(path: Path = LEXICONS / "policy_tags.yml") -> Rules:
    """The tags in force; raises BadSettings naming file and key."""
    content = exact_keys(read_yaml(path), {"least_claim_risk", "tags"}, path.name)
    least, entries = content["least_claim_risk"], exact_keys(content["tags"], {*Matter}, f"{path.name} tags")
    if not isinstance(least, float) or not 0.0 <= least <= 1.0:
        raise BadSettings(f"{path.name}: 'least_claim_risk' is {least!r}, expected a share from 0.0 to 1.0")
    wordings = {matter: _wording(entries[matter], f"{path.name} '{matter}'") for matter in Matter}
    words = WordGroups({matter.value: wording.words for matter, wording in wordings.items()})
    return Rules(wordings, words, least)


@lru_cache(maxsize=1)
def short_names() -> dict[str, str]:
    """What stands on the desk for each tag's key, in the rule's order."""
    return {matter.value: wording.short for matter, wording in rules().wordings.items()}


def _wording(entry: object, where: str) -> Wording:
    known = exact_keys(entry, {"name", "short", "because", "note", "words"}, where)
    if known["because"].count("{}") != 1:
        raise BadSettings(f"{where}: 'because' needs one {{}} for the words found")
    return Wording(known["name"], known["short"], known["because"], word_list(known["words"], where))


def tags(text: str, hits: Iterable[Hit], judgement: Judgement) -> tuple[PolicyTag, ...]:
    """The tags of a normalised text in the rule's order; a text that is no matter of the sea has none.

    No tag says that a text is true or false: ORDER names a claim that has to be checked.
    """
    if not judgement.relevant:
        return ()
    known = rules()
    found = known.words.found(text)
    entities = tuple(dict.fromkeys(entity for hit in hits for entity in hit.entry.entities))
    given = []
    for matter, shows in SHOWS.items():
        words = found.get(matter.value, [])
        if not words and matter is not Matter.TRUST:  # the one that a named office alone can show
            continue
        reason = shows(_Seen(judgement, words, entities, known.least_claim_risk))
        if reason:
            because = known.wordings[matter].because.format("、".join(dict.fromkeys(reason[:SHOWN])))
            given.append(PolicyTag(key=matter.value, reason=because))
    return tuple(given)


def _decision(seen: _Seen) -> Sequence[str]:
    return seen.words


def _interest(seen: _Seen) -> Sequence[str]:
    return seen.words if seen.judgement.voice == "news" else ()


def _trust(seen: _Seen) -> Sequence[str]:
    opposed = seen.judgement.stance == "against" or seen.judgement.voice in COMPLAINING
    return [*seen.words, *(seen.authorities() if opposed else ())]


def _emergency(seen: _Seen) -> Sequence[str]:
    return [*seen.hazards(), *seen.words] if seen.hazards() and seen.words else ()


def _morals(seen: _Seen) -> Sequence[str]:
    return seen.words


def _order(seen: _Seen) -> Sequence[str]:
    return seen.words if seen.judgement.claim_risk >= seen.least_claim_risk else ()


SHOWS: Mapping[Matter, Callable[[_Seen], Sequence[str]]] = {
    Matter.DECISION: _decision,
    Matter.INTEREST: _interest,
    Matter.TRUST: _trust,
    Matter.EMERGENCY: _emergency,
    Matter.MORALS: _morals,
    Matter.ORDER: _order,
}
