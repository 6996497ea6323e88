"""First and second level: the likeliest matters, and the parts their words show."""

import numpy as np
import pytest

from nlp.category import categories, parts
from nlp.lexicons import category_names, taxonomy
from nlp.reading import read


def shown(text: str, *matters: str) -> tuple[str, ...]:
    return parts(read(text).hits, matters)


def test_a_second_matter_is_named_only_where_it_is_likely_by_itself() -> None:
    probabilities = np.zeros(12, dtype=np.float32)
    probabilities[[3, 5]] = 0.9, 0.5
    assert categories(probabilities) == (category_names()[3], category_names()[5])
    probabilities[5] = 0.3
    assert categories(probabilities) == (category_names()[3],)


@pytest.mark.parametrize(
    ("text", "matter", "part"),
    [
        ("塘沽风暴潮增水，潮位超警", "海洋灾害", "风暴潮"),
        ("鲅鱼圈浮冰封住港池", "海洋灾害", "海冰"),
        ("青岛浒苔又上岸", "海洋生态灾害", "绿潮"),
        ("福岛核污染水排海", "海洋环境污染", "放射性"),
        ("养殖户说海域使用金太高", "海域使用", "海域使用金"),
        ("汉沽盐场扒盐", "海水利用", "盐业"),
        ("渔船碰撞沉没，三人失联", "海上安全与事故", "事故与搜救"),
    ],
)
def test_the_words_decide_the_part(text, matter, part):
    assert shown(text, matter)[0] == f"{matter}/{part}"


def test_each_matter_brings_its_own_part_and_none_where_no_word_shows_one() -> None:
    found = shown("溢油后渔民捞上死鱼", "海洋环境污染", "渔业与海鲜安全")
    assert found[0] == "海洋环境污染/溢油"
    assert any(part.startswith("渔业与海鲜安全/") for part in found)
    assert shown("今天好累", "海洋灾害") == ()
    assert shown("溢油", *()) == ()


def test_every_part_is_one_of_the_taxonomy() -> None:
    known = {f"{category.name}/{part.name}" for category in taxonomy() for part in category.parts}
    text = "风暴潮赤潮溢油围填海沙滩海警渔政海水淡化海鲜潮汐许可沉船码头"
    assert set(shown(text, *category_names())) <= known
