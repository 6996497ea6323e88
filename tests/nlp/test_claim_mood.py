"""The mood of a sentence: what plainly states is told from what asks, supposes, wishes, jests, feels, judges, tells of oneself."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.claims.mood import carrier, moods, moods_of
from store.errors import BadSettings


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("东疆的沙滩什么时候开放", "asks"),
        ("都橙色警报了,老海堤还拿沙袋糊着,等淹了再来慰问吗", "asks"),
        ("渔民的网全挂烂了,谁赔", "asks"),
        ("要是风暴潮真来了,这道堤挡不住", "supposes"),
        ("希望把潮位牌做大一点", "wishes"),
        ("执法船天天在港里晒太阳,鱼看了都得说一声谢谢不打扰", "jests"),
        ("看着海边的垃圾,心里难受", "feels"),
        ("海堤裂了没人管", "judges"),
        ("我家楼下又上水了", "self"),
        ("楼上别急,海事会派拖轮", "self"),
    ],
)
def test_a_sentence_that_states_no_outside_fact_is_named_by_its_mood(sentence: str, name: str) -> None:
    assert name in [mood.name for mood in moods_of(sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "塘沽已经有人吃毛蚶中毒住院了",
        "天津东疆海水倒灌了!",
        "我朋友说的,码头已经封了",
        "我市近岸海域贻贝样品检出麻痹性贝类毒素超标",
        "谁不给就扣船,谁举报谁倒霉",
        "不知道在瞒什么的人把数据全撤了",
    ],
)
def test_a_plain_statement_has_no_firm_mood(sentence: str) -> None:
    assert not any(mood.firm for mood in moods_of(sentence))


def test_a_firm_mood_stands_before_a_weak_one() -> None:
    assert moods_of("我觉得这堤该修了吧,谁负责")[0].firm


def test_the_sentence_that_says_most_carries_the_text() -> None:
    said = carrier([("天津东疆海水倒灌了!", 9.0), ("有在东疆的吗?", 3.0)])
    assert (said.sentence, said.moods, said.stated) == ("天津东疆海水倒灌了!", (), 0.75)
    asked = carrier([("闻着没味儿", 2.0), ("昨晚钓的黑头能吃吗?", 6.0)])
    assert asked.moods[0].name == "asks"
    assert carrier([]).sentence == ""


def test_an_unclear_mood_is_refused_with_file_and_key(tmp_path: Path) -> None:
    path = tmp_path / "assertion_mood.yml"
    path.write_text("asks: {label: 问, pattern: 吗, firm: 也许}\n", "utf-8")
    with pytest.raises(BadSettings, match="firm must be true or false"):
        moods.__wrapped__(path)
