"""Whose matter a message is: the words, their shares, and what the model says."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from nlp import department
from nlp.department import LABELS, WORD_SETS, departments, probabilities, shares, sure, telling_words, trained
from nlp.reading import batch, read
from store.errors import BadSettings, ModelRefused

MESSAGES = {
    "请管管我们小区物业\n物业乱收停车费，业主委员会投诉多次没有结果": "城乡建设",
    "砖厂天天冒黑烟\n废气刺鼻，粉尘落满院子，环保局来过一次就没有下文": "环境保护",
    "出租车不打表\n汽车站门口的出租车拒载又不打表，运管所没人管": "交通运输",
    "小学乱收补课费\n班主任要求全班学生周末补课，老师每人收三百元": "教育文体",
    "拖欠农民工工资\n公司不签劳动合同，也不交社保": "劳动和社会保障",
    "景区门票和导游强制消费\n旅行社退款迟迟不到，虚假宣传坑害游客": "商贸旅游",
    "医院手术后感染\n医生和护士推诿，患者至今住院": "卫生计生",
}


def judged(texts: list[str]) -> np.ndarray:
    readings = [read(text) for text in texts]
    return probabilities(trained(), batch(readings), readings)


def test_a_plain_message_goes_to_its_department() -> None:
    found = judged(list(MESSAGES))
    assert departments(found) == list(MESSAGES.values())
    assert all(sure(found))


def test_a_text_of_no_city_matter_is_not_surely_anyones() -> None:
    assert sure(judged(["今晚月色真美", ""])) == [False, False]


def test_the_words_that_tell_are_named_without_their_parts() -> None:
    text = "小区物业乱收停车费，公交车位也占了"
    assert telling_words(text, "城乡建设") == ["物业", "停车费", "车位"]
    assert telling_words("今晚月色真美", "城乡建设") == []


def test_the_title_counts_more_than_the_text() -> None:
    above, below = shares(["医院\n快递", "快递\n医院"])
    assert above[LABELS.index("卫生计生")] > below[LABELS.index("卫生计生")]


@given(some.lists(some.sampled_from([*"海，\n", "物业", "医院", "低保", "快递"]), max_size=30).map("".join))
def test_shares_are_parts_of_a_whole(text: str) -> None:
    (found,) = shares([text])
    assert found.shape == (len(WORD_SETS),)
    assert found.min() >= 0 and found.sum() < 1


def test_the_words_of_other_offices_weigh_against_the_seven() -> None:
    alone, beside = shares(["物业", "物业 低保 派出所 法院"])
    assert beside[0] < alone[0]


def test_a_missing_department_in_the_list_is_named(tmp_path: Path) -> None:
    (tmp_path / "departments.yml").write_text("城乡建设: {reason: 住房, sure: [物业], likely: []}\n", "utf-8")
    with pytest.raises(BadSettings, match=r"departments.yml: key '交通运输' is missing"):
        department.matters.__wrapped__(tmp_path / "departments.yml")


def test_a_model_of_other_word_sets_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(department, "WORD_SETS", (*WORD_SETS, "又一个"))
    with pytest.raises(ModelRefused, match="other word sets"):
        trained()
