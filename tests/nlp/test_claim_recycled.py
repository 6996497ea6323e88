"""Old material under a new place or date is flagged from readers, from our archive, and from words of time gone stale."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from nlp.claims import ClaimInput, Older, Records, SeenPicture, find_claims
from nlp.normalise import normalise
from nlp.segment import words
from store.stages import Place
from tests.nlp.test_claims import AT, FLOOD, TIANJIN, said

DONGJIANG = Place(name="东疆", within="天津市滨海新区")
NINGBO = Place(name="宁波市", within="浙江省")
OLD_TEXT = "【现场视频】宁波北仑海水倒灌了！画面里海浪直接翻过海堤，汽车都漂起来了"


def flood(hours: float = 0.0, **more: object) -> ClaimInput:
    return said("flood", FLOOD, hours, claim_risk=0.9, places=(DONGJIANG, TIANJIN), **more)


def older(**more: object) -> Older:
    base = Older(
        id=3,
        text=OLD_TEXT,
        published_at=AT - timedelta(days=400),
        about="海湾微博",
        words=tuple(words(normalise(OLD_TEXT))),
        places=(NINGBO,),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def flags(*documents: ClaimInput, archive: tuple[Older, ...] = ()) -> tuple[str, ...]:
    doubter = said("r", "真的假的", 5, reply_to="flood")
    (claim,) = find_claims([*documents, doubter], [], records=Records(older=archive))
    return claim.flags


def test_an_older_text_of_another_place_is_a_moved_place() -> None:
    (flag,) = flags(flood(), archive=(older(),))
    assert flag == "2024年12月16日已有相近的文字（海湾微博），当时说的是宁波市，此说法说的是东疆"


def test_an_older_text_of_the_same_place_is_a_moved_date() -> None:
    (flag,) = flags(flood(), archive=(older(places=(TIANJIN,)),))
    assert flag.endswith("比此说法早400天")


@pytest.mark.parametrize(
    "other",
    [
        older(words=tuple(words("宁波今天晴，适合出海")), text="宁波今天晴，适合出海"),
        older(published_at=AT - timedelta(hours=3)),
    ],
)
def test_an_unlike_or_a_recent_text_is_no_sign(other: Older) -> None:
    assert flags(flood(), archive=(other,)) == ()


def test_a_copy_that_says_last_night_days_later_is_flagged() -> None:
    first = replace(flood(), text="昨晚" + FLOOD)
    copy = replace(first, id="late", url="late", published_at=AT + timedelta(days=6), duplicate_of="flood")
    assert flags(first, copy) == ("转述仍说“昨晚”，而最早一条发布于1月20日，已过6天",)


def test_a_bay_that_many_towns_share_points_to_no_other_place() -> None:
    bay = said("b", "渤海湾那边真的假的", 1, reply_to="flood", places=(Place(name="渤海湾", within="渤海"),))
    assert flags(flood(), bay) == ()


SHOWN = "0f1e2d3c4b5a6978"


def seen(**more: object) -> SeenPicture:
    base = SeenPicture(document=9, hash=SHOWN, published_at=AT - timedelta(days=400), about="海湾微博")
    return replace(base, **more)  # type: ignore[arg-type]


def picture_flags(*archive: SeenPicture, pictures: tuple[str, ...] = (SHOWN,)) -> tuple[str, ...]:
    doubter = said("r", "真的假的", 5, reply_to="flood")
    (claim,) = find_claims([flood(pictures=pictures), doubter], [], records=Records(seen=archive))
    return claim.flags


@pytest.mark.parametrize("shown", [SHOWN, "0f1e2d3c4b5a6947"])
def test_a_picture_that_an_older_document_showed_is_named_with_its_day(shown: str) -> None:
    (flag,) = picture_flags(seen(), seen(document=10, published_at=AT - timedelta(days=30)), pictures=(shown,))
    assert flag == "配图与2024年12月16日的一条旧内容相同或相近（海湾微博）"


@pytest.mark.parametrize(
    "other",
    [seen(hash="f0e1d2c3b4a59687"), seen(published_at=AT - timedelta(hours=3)), seen(document="flood")],
)
def test_another_picture_a_recent_one_or_its_own_is_no_sign(other: SeenPicture) -> None:
    assert picture_flags(other) == ()
