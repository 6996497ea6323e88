"""Named things: bodies, creatures, ships and hazards are read strictly and found in texts."""

import shutil

import pytest

from nlp.entities import Entity, Kind, entities
from nlp.lexicons import Grade, lexicon, taxonomy
from nlp.reading import read
from nlp.word_files import LEXICONS
from store.errors import BadSettings

MATTERS = {category.key for category in taxonomy()}


def named(text: str) -> dict[str, Entity]:
    return {entity.name: entity for hit in read(text).hits for entity in hit.entry.entities}


def test_a_short_form_names_the_body_and_whether_it_is_an_authority() -> None:
    assert named("北海预报中心发布海浪警报")["自然资源部北海预报减灾中心"].official
    assert not named("中海油的平台在排水")["中国海油"].official


def test_creatures_tell_protection_and_whether_they_are_eaten() -> None:
    assert named("渔民误捕一只玳瑁")["玳瑁"].protection == "一级"
    assert named("摊上有人卖麦螺")["织纹螺"].eating == "有毒"
    assert named("海边发现瓜头鲸")["虎鲸"].matter == "coast"


def test_creatures_and_ships_are_sea_words_of_their_matter() -> None:
    fishery = [category.key for category in taxonomy()].index("fishery")
    entry = lexicon().entries["三疣梭子蟹"]
    assert entry.grade is not None
    assert fishery in entry.sea
    assert lexicon().entries["客滚船"].grade in (Grade.LIKELY, Grade.STRONG)


def test_hazards_tell_whose_they_are() -> None:
    assert named("疯狗浪把人卷走")["海浪"].marine
    assert not named("城市内涝严重")["暴雨"].marine


def test_there_are_enough_of_each_kind() -> None:
    names = {(entity.kind, entity.name) for _, entity in entities(LEXICONS, MATTERS)}
    counts = {kind: sum(known is kind for known, _ in names) for kind in Kind}
    assert counts[Kind.BODY] >= 80
    assert counts[Kind.SPECIES] >= 140
    assert counts[Kind.SHIP] >= 35
    assert counts[Kind.HAZARD] >= 18
    assert counts[Kind.TYPHOON] >= 60


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("institutions.yml", "port: {official: maybe, bodies: {}}\n", "institutions.yml 'port' official: 'maybe'"),
        ("institutions.yml", "port: {bodies: {}}\n", "key 'official' is missing"),
        ("species.yml", "fish: {matter: fishery, species: {带鱼: [无]}}\n", "species.yml 'fish' '带鱼'"),
        ("species.yml", "fish: {matter: fishery, species: {带鱼: [三级, 可食]}}\n", "'三级' is not one of"),
        ("species.yml", "fish: {matter: fish, species: {}}\n", "matter: 'fish' is not one of"),
        ("ships.yml", "a: {matter: '', official: false, ships: {船: [], 舟: [船]}}\n", "names both"),
        ("hazard_words.yml", "海冰: {marine: true, words: [], colour: x}\n", "key 'colour' is unknown"),
    ],
)
def test_a_wrong_file_fails_naming_file_and_key(tmp_path, file, text, message):
    folder = tmp_path / "lexicons"
    shutil.copytree(LEXICONS, folder)
    (folder / file).write_text(text, "utf-8")
    with pytest.raises(BadSettings, match=message):
        list(entities(folder, MATTERS))


def test_a_typhoon_is_known_by_its_name_alone_but_not_inside_another_word() -> None:
    storms = named("杜苏芮登陆福建，轩岚诺还在路上")
    assert {name for name, entity in storms.items() if entity.kind is Kind.TYPHOON} == {"杜苏芮", "轩岚诺"}
    assert storms["杜苏芮"].group == "台风"
    for other in ("三星堆考古超过四分之三是90后", "闭幕式唱美声的是乌苏拉吗", "冬天也想吃山竹", "梅花开了"):
        assert not any(entity.kind is Kind.TYPHOON for entity in named(other).values()), other
