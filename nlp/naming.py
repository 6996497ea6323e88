"""Gives the matters of a run the codes of topics known before: the core of a topic keeps its code, a part gets a new one."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from nlp.topic_types import Known, TrackItem
from store.stages import ChangeKind

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")  # a topic's code carries the office's date


@dataclass(frozen=True, slots=True)
class Step:
    """A change before it is weighed: `count` documents came to the matter `label`, named `topic`, from `other`.

    `beside` (label, code) are the documents they are to be held against: those of `topic` there, or what `other` kept.
    """

    kind: ChangeKind
    label: int
    topic: str
    other: str
    count: int
    beside: tuple[int, str]


@dataclass(frozen=True, slots=True)
class Naming:
    """The code of every matter by its label, and what that changes."""

    codes: Mapping[int, str]
    steps: tuple[Step, ...]


def topic_code(url: str, published_at: datetime) -> str:
    """The code of a topic by its first document: "T", its date in China, six hex digits of its URL's SHA-256."""
    return f"T{published_at.astimezone(OFFICE_ZONE):%Y%m%d}-{hashlib.sha256(url.encode()).hexdigest()[:6]}"


def named(documents: Sequence[TrackItem], labels: Sequence[int], known: Known) -> Naming:
    """Codes for the matters of documents given in order of age.

    A topic lives where most of its documents are, the older matter among equals; of several topics living in one matter
    the oldest gives its code and the others are merged into it. A matter no topic lives in gets a new code from its first
    document, even where that named a topic before: no code is used twice.
    """
    parts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    members: defaultdict[int, list[TrackItem]] = defaultdict(list)
    for document, label in zip(documents, labels, strict=True):
        members[label].append(document)
        if document.topic:
            parts[document.topic][label] += 1
    homes = {code: min(found, key=lambda label: (-found[label], label)) for code, found in parts.items()}
    tenants: defaultdict[int, list[str]] = defaultdict(list)
    for code in sorted(homes, key=lambda code: (known.began[code], code)):
        tenants[homes[code]].append(code)
    codes = {label: codes_here[0] for label, codes_here in tenants.items()}
    given = set(known.given)
    for label in sorted(members):
        if label not in codes:
            codes[label] = _new_code(members[label][0], given)
            given.add(codes[label])
    return Naming(codes, tuple(_steps(parts, homes, codes)))


def _new_code(first: TrackItem, given: set[str]) -> str:
    code = topic_code(first.url, first.published_at)
    again = 1
    while code in given:
        code = topic_code(f"{first.url}#{again}", first.published_at)
        again += 1
    return code


def _steps(parts: Mapping[str, Counter[int]], homes: Mapping[str, int], codes: Mapping[int, str]) -> list[Step]:
    living = {codes[label] for label in homes.values()}
    steps = []
    for code in sorted(parts):
        for label, count in sorted(parts[code].items()):
            to = codes[label]
            if to == code:
                continue
            apart = ChangeKind.MOVED if to in living else ChangeKind.SPLIT
            kind = ChangeKind.MERGED if label == homes[code] else apart
            beside = (homes[code], code) if kind is ChangeKind.SPLIT else (label, to)
            steps.append(Step(kind, label, to, code, count, beside))
    return steps
