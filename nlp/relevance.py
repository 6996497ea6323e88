"""Whether a text is a matter of the sea, with the reasons an officer can check."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlp.lexicons import Grade, Shore, other_matters
from nlp.models import Recipe
from nlp.reading import Reading
from nlp.word_files import LEXICONS, exact_keys, read_yaml

RECIPE = Recipe("relevance", ("relevant",), 10.0, text_scale=3.0, sea_scale=0.5)
THRESHOLD = (
    0.6  # of the calibrated probability: as good an F1 as 0.5 and a third fewer hard negatives (data/models/README.md)
)
LONGEST_REPLY = 120  # characters; a longer text brings its own matter
SHOWN = 6  # words an officer reads at a glance


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of data/lexicons/reasons.yml, each with its blank."""

    sea: str
    water: str
    shore: str
    guard: str
    other: str
    context: str
    silent: str


@lru_cache(maxsize=1)
def wording(path: Path = LEXICONS / "reasons.yml") -> Wording:
    """The sentences in force; raises BadSettings naming file and key."""
    return Wording(**exact_keys(read_yaml(path), set(Wording.__slots__), path.name))


def follows(reading: Reading) -> bool:
    """Whether a reply brings no matter of its own, so that it is about what it answers."""
    brings = reading.speaks_of_the_sea() or reading.guards() or sum(reading.matters.values()) > 1
    return len(reading.plain) <= LONGEST_REPLY and not brings


def reasons(reading: Reading, *, context: str = "") -> tuple[str, ...]:
    """Chinese sentences that say what spoke for and against; `context` is the marine text a reply follows, "" for none."""
    say = wording()
    found = [
        (say.sea, [*reading.of(Grade.STRONG), *reading.of(Grade.LIKELY)]),
        (say.water, reading.along(Shore.SEA)),
        (say.shore, reading.along(Shore.SHORE)),
        (say.other, [other_matters().reasons[name] for name in reading.matters]),
    ]
    said = [sentence.format("、".join(words[:SHOWN])) for sentence, words in found if words]
    said += dict.fromkeys(say.guard.format(hit.entry.word, hit.entry.guard) for hit in reading.guards())
    if context:
        said.append(of_context(context))
    return tuple(said) or (say.silent,)


def of_context(context: str) -> str:
    """The sentence that a reply is judged by the text it answers."""
    return wording().context.format(context[:30].replace("\n", " "))
