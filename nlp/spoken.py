"""Which words of a text spoke for and against each judgement on it, as a reader is told them when he asks why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nlp import claim_risk, emotion, relevance
from nlp.annotate import NAMES, Text
from nlp.explain import Explanation, Run, Shares, character_shares, explain, explained
from nlp.keywords import stop_words
from nlp.models import MODELS, LinearModel, fitting, load
from nlp.reading import Reading, read

LABELLED = ("category", "voice", "stance", "emotion")  # models that choose one of several labels
OF_THE_MATTER = ("relevance", "category")  # a reply takes these over from what it answers
CLAIM_RISK = "claim_risk"
LOOKED_AT = 12  # runs each way of which the first readable ones are told
LONGEST = 2000  # characters of a text that are looked through, so that a page opens at once
SHOWN = 4  # runs each way: what a reader takes in beside the text


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words for and against a judgement in the text's normal form, strongest first, each once; none where only style spoke.

    Single characters and stop words have their weight too, but tell a reader nothing and are left out.
    """

    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    in_answered: bool = False  # they stand in the text that a reply answers, by which it was judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was said of a text: a label of each of LABELLED, "" for none, its relevance, 0..1, and the sentences beside it."""

    labels: Mapping[str, str]
    relevance: float
    reasons: Iterable[str]


def speakers(folder: Path = MODELS) -> dict[str, LinearModel]:
    """The models of a folder whose words can be told, by name; about 0.3 s. Raises ModelRefused saying what to do."""
    return {name: fitting(load(name, folder)) for name in NAMES}


def spoken(models: Mapping[str, LinearModel], text: Text, told: Told) -> dict[str, Spoken]:
    """The words behind the relevance, each label and the claim risk (key CLAIM_RISK) of this text; about 20 ms for a post.

    Of a text over LONGEST characters those of its beginning.

    A label that its model does not know (an older taxonomy's) is left out.
    """
    return dict(_spoken(models, text, told))


def _spoken(models: Mapping[str, LinearModel], text: Text, told: Told) -> Iterator[tuple[str, Spoken]]:
    own = read(text.wording()[:LONGEST])
    follows = bool(text.context) and relevance.of_context(text.context) in told.reasons
    matter = read(text.context[:LONGEST]) if follows else own
    for name, named in {"relevance": "relevant", **told.labels}.items():
        label = emotion.feeling(models[name], own, named) if name == "emotion" and named in emotion.LABELS else named
        if label in models[name].labels:  # an older taxonomy's label is passed over
            by_answered = follows and name in OF_THE_MATTER
            found = _words(_runs(models[name], matter if by_answered else own, label), in_answered=by_answered)
            yield name, _turned(found) if name == "relevance" and told.relevance < relevance.THRESHOLD else found
    yield CLAIM_RISK, _words(explained(own, _risk_shares(models, own, told.relevance), most=LOOKED_AT))


def _runs(model: LinearModel, reading: Reading, label: str) -> Explanation:
    return explain(model, reading, label, most=LOOKED_AT)


def _risk_shares(models: Mapping[str, LinearModel], reading: Reading, marine: float) -> Shares:
    """What each character added to the risk: both models' shares, each as far as it was heard."""
    rumour, claim = (character_shares(models[name], reading, 0) for name in ("rumour", "claim"))
    share = claim_risk.MARINE_SHARE * marine
    return (1 - share) * rumour + share * claim


def _words(found: Explanation, *, in_answered: bool = False) -> Spoken:
    return Spoken(_telling(found.speaks_for), _telling(found.speaks_against), in_answered)


def _turned(found: Spoken) -> Spoken:
    """What spoke against the sea speaks for "not of the sea"."""
    return Spoken(found.speaks_against, found.speaks_for, found.in_answered)


def _telling(runs: Iterable[Run]) -> tuple[str, ...]:
    words = dict.fromkeys(run.words.strip() for run in runs)
    return tuple([word for word in words if len(word) > 1 and word not in stop_words()][:SHOWN])
