"""Pictures of a claim that an older document already showed: the flag of recycled media."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from nlp.claims.gathering import Assertion
from nlp.claims.parameters import ClaimParameters
from nlp.claims.types import SeenPicture
from nlp.time_words import BEIJING


def shown_before(gathered: Assertion, seen: Sequence[SeenPicture], given: ClaimParameters) -> list[str]:
    """The oldest showing of one of the claim's pictures, when it is older than the claim by more than `moved_days`."""
    own = {document.id for document in gathered.asserts}
    pictures = {int(picture, 16) for document in gathered.asserts for picture in document.pictures}
    latest = gathered.first.published_at - timedelta(given.moved_days)
    earlier = [
        old
        for old in seen
        if old.document not in own and old.published_at < latest and _is_like(int(old.hash, 16), pictures, given)
    ]
    if not earlier:
        return []
    old = min(earlier, key=lambda picture: (picture.published_at, str(picture.document), picture.hash))
    day = old.published_at.astimezone(BEIJING)
    return [f"配图与{day.year}年{day.month}月{day.day}日的一条旧内容相同或相近（{old.about}）"]


def difference(one: str, two: str) -> int:
    """In how many of 64 bits two difference hashes differ; the same picture recompressed differs in few."""
    return (int(one, 16) ^ int(two, 16)).bit_count()


def _is_like(picture: int, others: set[int], given: ClaimParameters) -> bool:
    return any((picture ^ other).bit_count() <= given.same_picture_bits for other in others)
