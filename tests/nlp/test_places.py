"""Places: resolved once each, never inside a guard."""

import pytest

from nlp.places import places
from nlp.reading import read


def names(text: str) -> list[str]:
    return [place.name for place in places(read(text).hits)]


def test_places_come_in_order_and_once() -> None:
    assert names("汉沽、塘沽沿海，塘沽站高潮") == ["汉沽", "塘沽"]


def test_another_name_resolves_to_the_same_place_with_its_spot() -> None:
    (place,) = places(read("海河入海口发现油膜").hits)
    assert place.name == "海河口"
    assert place.within == "天津市滨海新区"
    assert (place.longitude, place.latitude) == pytest.approx((117.73, 38.97), abs=0.05)


def test_a_name_inside_another_meaning_names_no_place() -> None:
    assert names("大港油田、渤海银行、北海道") == []
