"""Measures whether a claim finds the answer that a fact checker gave to it, and how far a sure match can be trusted.

Candidates are the answers (claims taken off) of two checkers and a thousand headlines of a third, which repeat claims.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.answer_types import Answer, Heard, Match
from nlp.answers import KnownAnswers
from nlp.normalise import normalise
from nlp.quality.figures import Figure, Rows, interval
from nlp.quality.sets import Row, held, rows

POSTS = "rumour_weibo21_trainval"
POST_CHARACTERS = 160  # of the other matter that a claim is set into
JIAOZHEN, DXY, PIYAO = "debunk_kb_jiaozhen_debunks", "debunk_kb_dxy_debunks", "debunk_kb_piyao_titles"
TASK = "known answers: jiaozhen claim to its own debunk"
POST_TASK = "known answers: jiaozhen claim as the last sentence of a post on other matters"
SAME_CLAIM = 0.5  # share of common character pairs (Dice) from which two claims are the same story told twice
GAIN = 0.10  # over the floor: what we strive for
PRECISION = 0.95  # that a sure match owes
SPLIT = (
    "no labels learned; values of data/answers.yml lie on a plateau seen on both checkers and were chosen on the other one's "
    "claims (dxy). Own record only counts, a twin's is a miss (one claim stands twice)"
)
POST_SPLIT = (
    "beginnings of posts by other writers, evenly drawn; sentence_share was set with such posts in view. " + SPLIT
)
SURE_SPLIT = (
    "each half of the claims asked of the other half's answers too: half the claims have no answer there; right is the own "
    "record or one of a claim worded alike (Dice of character pairs at least 0.5); "
)


@dataclass(frozen=True, slots=True)
class Checker:
    """One fact checker's claims and the answers to them, in the same order."""

    name: str
    claims: tuple[str, ...]
    answers: tuple[Answer, ...]


def figures(folder: Path) -> list[Figure]:
    """Every figure of known answers; [] where one of the three sets is absent."""
    if not all(held(folder, name) for name in (JIAOZHEN, DXY, PIYAO)):
        return []
    jiaozhen, dxy = (checker(name, rows(folder, name)) for name in (JIAOZHEN, DXY))
    headlines = [Answer(id=f"headline {n}", claim=row["claim"]) for n, row in enumerate(rows(folder, PIYAO))]
    candidates = [*jiaozhen.answers, *dxy.answers, *headlines]
    found = _ranking(jiaozhen, jiaozhen.claims, candidates, task=TASK, split=SPLIT)
    if held(folder, POSTS):
        posts = _in_posts(jiaozhen.claims, rows(folder, POSTS))
        found += _ranking(jiaozhen, posts, candidates, task=POST_TASK, split=POST_SPLIT)
    return [
        *found,
        *_sureness(jiaozhen, headlines, "sure and lead were set on these claims"),
        *_sureness(dxy, headlines, "lead was set on jiaozhen's, sure with both checkers in view"),
    ]


def _in_posts(claims: Sequence[str], posts: Sequence[Row]) -> list[str]:
    """Each claim after the beginning of another post, the posts spread evenly over their file."""
    step = max(1, len(posts) // max(1, len(claims)))
    others = [str(row["text"])[:POST_CHARACTERS] for row in posts[::step]]
    return [f"{others[number % len(others)]}。{claim}。" for number, claim in enumerate(claims)]


def checker(name: str, found: Sequence[Row]) -> Checker:
    """The claims of a set with their answers, the claim taken off."""
    answers = [Answer(id=f"{name} {number}", debunk=row["debunk"]) for number, row in enumerate(found)]
    return Checker(name.split("_")[2], tuple(row["claim"] for row in found), tuple(answers))


def _alike(one: str, other: str) -> bool:
    """Whether two claims are the same story, told twice."""
    mine, theirs = _pairs(one), _pairs(other)
    return bool(mine and theirs) and 2 * len(mine & theirs) / (len(mine) + len(theirs)) >= SAME_CLAIM


def _pairs(claim: str) -> set[str]:
    plain = "".join(filter(str.isalnum, normalise(claim)))
    return {plain[start : start + 2] for start in range(len(plain) - 1)}


def _ranking(
    asked: Checker, texts: Sequence[str], candidates: Sequence[Answer], *, task: str, split: str
) -> list[Figure]:
    found = KnownAnswers(candidates).find([Heard(text) for text in texts])
    places = np.array([_place(own.id, matches) for own, matches in zip(asked.answers, found, strict=True)])
    floors = tfidf_places(texts, [answer.wording() for answer in candidates])
    return [
        _figure(_gain(places, most), _gain(floors, most), task=task, metric=metric, split=split)
        for metric, most in (("recall@1", 1), ("recall@5", 5), ("MRR@10", 0))
    ]


def _place(own: object, matches: Sequence[Match]) -> int:
    """The place of the own answer, 1 the best; 0 when it is not among those named."""
    return next((place for place, match in enumerate(matches, 1) if match.answer == own), 0)


def tfidf_places(claims: Sequence[str], candidates: Sequence[str]) -> Rows:
    """Where character 1-2-gram TF-IDF cosine puts candidate i for claim i; equals count against it."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    model = TfidfVectorizer(analyzer="char", ngram_range=(1, 2))
    scores = (model.fit_transform(candidates) @ model.transform(claims).T).toarray().T
    own = scores[np.arange(len(claims)), np.arange(len(claims))]
    return np.asarray(np.count_nonzero(scores >= own[:, None], axis=1), dtype=np.int64)


def _gain(places: Rows, most: int) -> NDArray[np.float64]:
    """What each claim earns: 1 when its answer is among the first `most`, or the reciprocal of its place up to 10 for 0."""
    named = places > 0
    if most:
        return (named & (places <= most)).astype(np.float64)
    return np.where(named & (places <= 10), 1.0 / np.maximum(places, 1), 0.0)


def _figure(gains: NDArray[np.float64], floors: NDArray[np.float64], *, task: str, metric: str, split: str) -> Figure:
    low, high = interval(lambda chosen: float(gains[chosen].mean()), range(len(gains)))
    floor = round(float(floors.mean()), 4)
    return Figure(
        task=task,
        metric=metric,
        score=round(float(gains.mean()), 4),
        low=low,
        high=high,
        floor=floor,
        reach=round(min(1.0, floor + GAIN), 4),
        rows=len(gains),
        split=split,
    )


def _sureness(asked: Checker, headlines: Sequence[Answer], note: str) -> list[Figure]:
    """How often a sure match is the claim's own answer, and how many answered claims get one or at least a suggestion."""
    sure, right, suggested, answered = (
        np.array(column, dtype=bool) for column in zip(*_asked(asked, headlines), strict=True)
    )
    groups = np.tile(np.arange(len(asked.claims)), 2)
    task = f"known answers: {asked.name} claims, half without an answer"

    def figure(metric: str, hits: NDArray[np.bool_], among: NDArray[np.bool_], floor: float | None) -> Figure:
        def share(chosen: Rows) -> float:
            return float(hits[chosen].sum() / max(1, among[chosen].sum()))

        low, high = interval(share, groups.tolist())
        score = round(share(np.arange(len(hits))), 4)
        split = SURE_SPLIT + note
        return Figure(
            task=task, metric=metric, score=score, low=low, high=high, floor=floor, rows=int(among.sum()), split=split
        )

    return [
        figure("precision of sure matches", sure & right, sure, PRECISION),
        figure("answered claims with a sure match", sure & right & answered, answered, None),
        figure("answered claims whose answer is suggested", suggested, answered, None),
    ]


def _asked(asked: Checker, headlines: Sequence[Answer]) -> list[tuple[bool, bool, bool, bool]]:
    """(sure, right, own answer suggested, answered) of every claim, asked once of each half of the answers."""
    told = []
    claims: dict[int | str, str] = {answer.id: claim for answer, claim in zip(asked.answers, asked.claims, strict=True)}
    for half in (0, 1):
        known = KnownAnswers([*asked.answers[half::2], *headlines])
        for number, matches in enumerate(known.find([Heard(claim) for claim in asked.claims])):
            own = asked.answers[number].id
            first = matches[0] if matches else None
            told.append(
                (
                    first is not None and first.sure,
                    first is not None and (first.answer == own or _alike(claims.get(first.answer, ""), claims[own])),
                    any(match.suggest and match.answer == own for match in matches),
                    number % 2 == half,
                )
            )
    return told
