"""Measures whether criticism, complaints, questions, satire and opinion stay out of the list of claims, and claims get in."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from nlp.annotate import Annotator, Text
from nlp.claims import ClaimInput, find_claims
from nlp.quality.figures import Figure, Rows, interval
from store.errors import BadInput
from store.settings import ROOT
from store.stages import Annotation

POSTS = ROOT / "tests" / "fixtures" / "claims" / "critical_posts.jsonl"
WRITTEN = datetime(2026, 1, 20, 11, 0, tzinfo=UTC)  # any fixed time: the posts name few dates
CLAIM = "claim"
KEPT_OUT, FOUND = 0.95, 0.80  # what must hold
SPLIT = "hand-written by another author, nothing learned or chosen on these rows but what the decision record says"
DOUBTER = "真的假的？"


@dataclass(frozen=True, slots=True)
class Post:
    """One hand-written post; `kind` is claim, criticism, complaint, question, satire or opinion; posts of a group share a scene."""

    id: str
    group: str
    kind: str
    text: str


Posts = Sequence[Post]
Judge = Callable[[Post, Annotation], bool]


def figures(folder: Path) -> list[Figure]:  # noqa: ARG001 (every task is handed the folder)
    """Share of non-claims kept out and of claims found, each post alone, passed on twice, and passed on and doubted.

    The posts lie with the tests, not in `folder`.
    """
    posts = read_posts()
    said = Annotator.load().annotate([_text(p) for p in posts])
    pairs = list(zip(posts, said, strict=True))
    lines: list[Figure] = []
    for name, judge in (("alone", alone), ("passed on and doubted", passed_on_and_doubted), ("passed on", passed_on)):
        listed = {post.id for post, annotation in pairs if judge(post, annotation)}
        lines.append(_kept_out(name, [p for p in posts if p.kind != CLAIM], listed))
        lines.append(_found(name, [p for p in posts if p.kind == CLAIM], listed))
    return lines


def read_posts(path: Path = POSTS) -> list[Post]:
    """The posts in the file's order; raises BadInput when it is missing or broken."""
    try:
        return [Post(**json.loads(line)) for line in path.read_text("utf-8").splitlines() if line]
    except (OSError, ValueError, TypeError) as error:
        raise BadInput(f"{path.name} cannot be read ({error}): restore it from the repository") from error


def alone(post: Post, said: Annotation) -> bool:
    """Whether the post by itself enters the list."""
    return bool(find_claims([as_input(post, said)], []))


def passed_on(post: Post, said: Annotation) -> bool:
    """Whether it enters the list once two others repeat it."""
    return bool(find_claims(_copies(post, said), []))


def passed_on_and_doubted(post: Post, said: Annotation) -> bool:
    """Whether it enters the list once two others repeat it and one reader doubts: the severest trial of a critic."""
    doubter = ClaimInput(
        id="doubter", url="doubter", title="", text=DOUBTER, published_at=WRITTEN + timedelta(hours=3),
        relevant=True, claim_risk=0.0, voice="question", reply_to=post.id,
    )  # fmt: skip
    return bool(find_claims([*_copies(post, said), doubter], []))


def _text(post: Post) -> Text:
    return Text(id=post.id, title="", text=post.text, published_at=WRITTEN, source="")


def as_input(post: Post, said: Annotation) -> ClaimInput:
    """The post as the search for claims sees it."""
    return ClaimInput(
        id=post.id, url=post.id, title="", text=post.text, published_at=WRITTEN, relevant=said.relevant,
        claim_risk=said.claim_risk, voice=said.voice, cues=said.cues, places=said.places, times=said.times,
        words=said.tokens,
    )  # fmt: skip


def _copies(post: Post, said: Annotation) -> list[ClaimInput]:
    first = as_input(post, said)
    again = [
        replace(first, id=f"{post.id}-{n}", url=f"{post.id}-{n}", published_at=WRITTEN + timedelta(hours=n), duplicate_of=post.id)
        for n in (1, 2)
    ]  # fmt: skip
    return [first, *again]


def _kept_out(name: str, posts: Posts, listed: set[str]) -> Figure:
    return _share(
        f"critical posts kept out of the claims, {name}", posts, [p.id not in listed for p in posts], KEPT_OUT
    )


def _found(name: str, posts: Posts, listed: set[str]) -> Figure:
    floor = FOUND if name == "passed on and doubted" else None
    return _share(f"claims among critical posts found, {name}", posts, [p.id in listed for p in posts], floor)


def _share(task: str, posts: Posts, right: Sequence[bool], floor: float | None) -> Figure:
    held = np.array(right)

    def share(rows: Rows) -> float:
        return float(held[rows].mean())

    low, high = interval(share, [post.group for post in posts])
    return Figure(
        task=task, metric="share", score=round(float(held.mean()), 4), low=low, high=high, floor=floor, rows=len(posts), split=SPLIT
    )  # fmt: skip
