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


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("大港油田今天停产", []),
        ("大港海边今天停电", ["大港"]),
        ("东方航空延误", []),
        ("南沙岛礁附近渔船获救", ["南沙群岛"]),
        ("广州南沙新开一条地铁", ["广州"]),
        ("佛山南海区招生", []),
        ("上海临港新片区落户", []),
        ("临港经济区海边有异味", ["临港"]),
        ("曹妃甸港和京唐港封航", ["曹妃甸", "京唐港"]),
        ("滦河入海口鱼汛", ["滦河口"]),
        ("天津国际邮轮母港复航", ["天津国际邮轮母港"]),
    ],
)
def test_an_ambiguous_name_is_read_by_its_company(text, places):
    assert names(text) == places
