"""Word lists: read strictly, found whole, and kept from words that only look like the sea."""

import shutil

import pytest

from nlp import lexicons, segment
from nlp.lexicons import Grade, Hit, Shore, gazetteer, lexicon, taxonomy
from nlp.matching import Finder, WordGroups
from nlp.normalise import normalise
from nlp.word_files import LEXICONS
from store.errors import BadSettings


def found(text: str) -> list[Hit]:
    plain = normalise(text)
    return lexicon().hits(plain, segment.starts(segment.engine().cut(plain)))


def words(text: str, grade: Grade | None = None) -> list[str]:
    return [
        hit.entry.word for hit in found(text) if not hit.entry.guard and (grade is None or hit.entry.grade is grade)
    ]


def guards(text: str) -> list[str]:
    return [hit.entry.word for hit in found(text) if hit.entry.guard]


def test_the_taxonomy_holds_the_twelve_matters_in_order() -> None:
    assert [category.name for category in taxonomy()] == [
        "海洋灾害", "海洋生态灾害", "海洋环境污染", "海域使用", "海岸带与海岛", "海洋执法", "海洋经济与产业",
        "海水利用", "渔业与海鲜安全", "观测预报与科研", "行政许可与政务服务", "海上安全与事故",
    ]  # fmt: skip


def test_the_longest_word_wins() -> None:
    assert words("橙色警戒潮位已到") == ["橙色警戒潮位"]


@pytest.mark.parametrize(
    ("text", "guard"),
    [
        ("大港油田职工", "大港油田"),
        ("又一场金融海啸", "金融海啸"),
        ("海洋王照明", "海洋王"),
        ("渤海银行网点", "渤海银行"),
        ("郑州发布暴雨红色预警", "暴雨红色预警"),
        ("流浪地球票房", "流浪地球"),
        ("寒潮来了", "寒潮"),
        ("歌手王海浪新歌", "王海浪"),
        ("鲨鱼玩偶又补货了", "鲨鱼玩偶"),
        ("太湖里的蓝藻", "太湖里的蓝藻"),
        ("题海无边", "题海"),
    ],
)
def test_words_that_only_look_like_the_sea_are_guarded_with_a_reason(text, guard):
    assert guard in guards(text)
    assert not words(text, Grade.STRONG)
    assert all(hit.entry.guard for hit in found(text) if hit.entry.word == guard)


def test_a_guarded_place_is_no_place() -> None:
    assert not [hit for hit in found("大港油田今天停产") if hit.entry.places]
    assert [hit for hit in found("大港海边今天停电") if hit.entry.places]


@pytest.mark.parametrize("text", ["上海鲜肉月饼", "上海浪费粮食", "珠海域名注册"])
def test_a_word_across_the_border_of_two_words_is_not_found(text):
    assert not words(text, Grade.STRONG)
    assert "海鲜" not in words(text)
    assert "海浪" not in words(text)


def test_a_longer_word_still_names_the_place_inside_it() -> None:
    places = [place.name for hit in found("东疆湾沙滩开放") for place, _ in hit.entry.places]
    assert places == ["东疆湾"]


def test_the_gazetteer_has_sixty_coastal_places_with_coordinates_in_chinese_waters() -> None:
    shore = [place for _, place, kind in gazetteer() if kind is not Shore.INLAND]
    assert len({place.name for place in shore}) >= 60
    assert {"塘沽", "汉沽", "高沙岭", "蔡家堡", "曹妃甸", "黄骅", "莱州湾"} <= {place.name for place in shore}
    inland = [place for _, place, kind in gazetteer() if kind is Shore.INLAND]
    assert len(inland) > 100
    for place in [*shore, *inland]:
        assert place.longitude is not None
        assert place.latitude is not None
        abroad = place.within in ("世界大洋", "大西洋", "印度洋", "埃及", "汤加")
        assert abroad or 70 < place.longitude < 150
        assert abroad or -10 < place.latitude < 54


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        (
            "sea_words.yml",
            "strong: [海]\nlikely: []\ncompany: []\nextra: []\n",
            "sea_words.yml: key 'extra' is unknown",
        ),
        ("sea_words.yml", "strong: [海, 海]\nlikely: []\ncompany: []\n", "'海' stands twice"),
        ("guards.yml", "- words: [寒潮]\n", "guards.yml entry 1: key 'reason' is missing"),
        ("guards.yml", "- pattern: '('\n  reason: x\n", "no regular expression"),
        ("places.yml", "sea: {}\nshore: {塘沽: [天津]}\ninland: {}\n", "places.yml '塘沽'"),
        ("sea_words.yml", "strong: [", "sea_words.yml: cannot be read"),
    ],
)
def test_a_wrong_list_fails_naming_file_and_key(tmp_path, file, text, message):
    folder = tmp_path / "lexicons"
    shutil.copytree(LEXICONS, folder)
    (folder / file).write_text(text, "utf-8")
    with pytest.raises(BadSettings, match=message.replace("(", r"\(")):
        lexicons.lexicon.__wrapped__(folder)


def test_a_finder_of_many_words_finds_each_of_them() -> None:
    many = [chr(0x4E00 + number) + "潮" + "位" * (number % 3) for number in range(900)]
    find = Finder(many)
    assert [find(f"今{word}!") for word in many] == [[(number, 1, 1 + len(word))] for number, word in enumerate(many)]
    assert find("没有") == []


def test_groups_count_different_words_once_each() -> None:
    groups = WordGroups({"a": ["潮", "浪"], "b": ["浪"]})
    assert groups.counts("潮潮浪") == {"a": 2, "b": 1}
    assert groups.counts("山") == {}
