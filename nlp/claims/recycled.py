"""Flags of old material under a new place or date: readers who know the footage, older texts of ours, stale date words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from nlp.claims.gathering import Assertion
from nlp.claims.parameters import ClaimParameters
from nlp.claims.standing import original
from nlp.claims.types import ClaimInput, Older
from nlp.claims.wording import own_part, points_to_footage, term_weights, weighted_share
from nlp.normalise import normalise
from nlp.places import same_region
from nlp.time_words import BEIJING
from store.stages import Place

FOOTAGE = ("视频", "画面", "照片", "图片", "现场图", "有图", "录像", "直播", "航拍")
WATER = re.compile(r"(?:湾|海|海域|海峡|洋)$")  # waters many towns lie on; naming one points to no other place
SUFFIX = re.compile(r"(?:市|省|(?<=.)新?区|县)$")
JUST_NOW = re.compile(r"昨[晚夜天日]|今[早晚晨天日夜]|刚刚|刚才|刚接到|此刻|正在")


def recycled(gathered: Assertion, older: Sequence[Older], given: ClaimParameters) -> list[str]:
    """All such flags, in Chinese; none says that the assertion is false."""
    flags = footage_doubted(gathered)
    flags += [f"有网民提到{name}（{count}条）" for name, count in _elsewhere(gathered)]
    flags += told_before(gathered, older, given)
    return flags + stale_words(gathered, given)


def shows_footage(text: str) -> bool:
    """Whether a text says that it comes with pictures."""
    return any(word in normalise(text) for word in FOOTAGE)


def footage_doubted(gathered: Assertion) -> list[str]:
    """Readers who say that pictures come from elsewhere or another time."""
    doubting = [d for d in gathered.doubts if points_to_footage(own_part(d.text))]
    if not doubting or not (shows_footage(gathered.first.text) or "图" in gathered.first.text):
        return []
    return [f"有网民质疑画面另有时间或出处（{len(doubting)}条）"]


def _elsewhere(gathered: Assertion) -> list[tuple[str, int]]:
    """Places that doubters name and the claim does not, the most named first, two at most."""
    counts: defaultdict[str, int] = defaultdict(int)
    for document in gathered.doubts:
        for place in dict.fromkeys(document.places):
            if not WATER.search(place.name) and not any(same_region(place, own) for own in gathered.first.places):
                counts[place.name] += 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ranked[:2]


def told_before(gathered: Assertion, older: Sequence[Older], given: ClaimParameters) -> list[str]:
    """An older text of our archive that tells nearly the same, with another place or long ago; the likest, then the oldest."""
    terms = telling(gathered.first.text, gathered.first.places)
    alike = [(share, old) for old in older if (share := weighted_share(terms, _held(old))) >= given.same_text]
    earlier = [row for row in alike if gathered.first.published_at - row[1].published_at > timedelta(given.moved_days)]
    if not earlier:
        return []
    _, old = min(earlier, key=lambda row: (-row[0], row[1].published_at, str(row[1].id)))
    day = old.published_at.astimezone(BEIJING)
    known = f"{day.year}年{day.month}月{day.day}日已有相近的文字（{old.about}）"
    own = gathered.first.places
    if own and old.places and not any(same_region(one, other) for one in own for other in old.places):
        return [f"{known}，当时说的是{old.places[0].name}，此说法说的是{own[0].name}"]
    age = gathered.first.published_at - old.published_at
    return [f"{known}，比此说法早{age.days}天"]


def telling(text: str, places: Sequence[Place]) -> Mapping[str, float]:
    """The words of a text with their rarity, its places left aside: a moved story changes those."""
    names = {stem for place in places for name in (place.name, place.within) if (stem := SUFFIX.sub("", name))}
    terms = term_weights(original(text))
    return {word: weight for word, weight in terms.items() if not any(word in name or name in word for name in names)}


def _held(old: Older) -> tuple[str, ...]:
    return old.words or tuple(term_weights(old.text))


def stale_words(gathered: Assertion, given: ClaimParameters) -> list[str]:
    """Words such as 昨晚 in a copy that came days after the first text."""
    first = gathered.first
    late = [d for d in gathered.asserts if d.published_at - first.published_at > timedelta(given.moved_days)]
    for document in late:
        if _repeats(document, first) and (found := JUST_NOW.search(normalise(document.text))):
            days = (document.published_at - first.published_at).days
            day = first.published_at.astimezone(BEIJING)
            return [f"转述仍说“{found.group()}”，而最早一条发布于{day.month}月{day.day}日，已过{days}天"]
    return []


def _repeats(document: ClaimInput, first: ClaimInput) -> bool:
    return document.duplicate_of == first.url or document.duplicate_of == first.duplicate_of != ""
