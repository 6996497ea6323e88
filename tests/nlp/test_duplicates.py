"""Equal, edited and passed-on texts find their original; other texts do not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.duplicates import Candidate, NearDuplicates, bulletin_number, comparable, text_key

ORIGINAL = (
    "南港工业区东边独流减河口，十来辆大车在海边倒土，推土机直接往海里推。这是在围填海吗？有海域使用权吗？谁批的？"
)
OTHER = "今天退潮，汉沽滩涂上遗鸥少说两千只，结果七八个扛大炮的直接下滩，鸟呼啦全飞了，喊也不听。"


def index(*texts: str) -> NearDuplicates:
    known = NearDuplicates()
    for number, text in enumerate(texts):
        known.add(Candidate(number, text))
    return known


@pytest.mark.parametrize(
    "repeat",
    [
        ORIGINAL,
        ORIGINAL.replace("，", ",").replace("。", " "),
        f"转发微博//@滨海夜行者：{ORIGINAL}",
        f"太过分了//@甲：真的吗//@乙:{ORIGINAL}",
        f"【转】{ORIGINAL}#南港夜间填海# https://t.example/abc",
        ORIGINAL.replace("十来辆大车", "十几辆渣土车").replace("谁批的", "谁批准的"),
        f"半夜有人往海里倒土\n{ORIGINAL}",
        "據市民反映，" + ORIGINAL.replace("东边", "東邊").replace("这是在", "這是在"),
    ],
)
def test_a_repeat_finds_its_original(repeat: str) -> None:
    match = index(OTHER, ORIGINAL).add(Candidate("new", repeat))
    assert match is not None
    assert match.original == 1
    assert 0.5 < match.similarity <= 1.0


def test_an_equal_text_is_wholly_alike() -> None:
    match = index(ORIGINAL).add(Candidate("new", ORIGINAL))
    assert match is not None
    assert match.similarity == 1.0


@pytest.mark.parametrize(
    "text",
    [
        OTHER,
        "南港那边的围填海到底有没有海域使用权，希望海洋局公布一下核查结果，别让老百姓猜。",
        f"我查了一整天资料，把这片海域二十年的图都翻了出来，结论完全不同，大家看图说话，别只看标题{'，再看看' * 20}//@甲：求真相",
    ],
)
def test_another_text_on_the_same_matter_is_no_repeat(text: str) -> None:
    assert index(ORIGINAL).add(Candidate("new", text)) is None


@pytest.mark.parametrize("chatter", ["支持", "转发微博", "真的假的？", "哈哈哈"])
def test_what_everyone_says_repeats_nobody(chatter: str) -> None:
    assert index(chatter).add(Candidate("new", chatter)) is None


def test_short_texts_repeat_only_when_equal() -> None:
    known = index("海博馆的票怎么抢啊")
    assert known.add(Candidate("b", "海博馆的票怎么买啊")) is None
    assert known.add(Candidate("c", "海博馆的票怎么抢啊！")) is not None


def test_a_repeat_of_a_repeat_names_the_first() -> None:
    known = index(ORIGINAL)
    known.add(Candidate("second", ORIGINAL + "大家都来看看"))
    match = known.add(Candidate("third", f"转发//@某：{ORIGINAL}大家都来看看"))
    assert match is not None
    assert match.original == 0


def test_bulletins_of_one_form_with_other_numbers_are_different() -> None:
    form = "天津市海洋环境监测预报中心发布风暴潮蓝色警报，编号为津海预警〔2026〕第{}号，预计天津沿海将出现增水，请做好防御。"
    known = index(form.format(3))
    assert known.add(Candidate("next", form.format(4))) is None
    assert known.add(Candidate("copy", "转：" + form.format(3))) is not None
    assert bulletin_number(form.format(12)) == "2026〕第12号"


def test_the_key_is_one_for_all_widths_and_scripts_and_parts_title_from_text() -> None:
    assert text_key("風暴潮警報", "ＡＢＣ") == text_key("风暴潮警报", "ABC")
    assert text_key("风暴潮", "警报") != text_key("风暴潮警报", "")


def test_the_quoted_text_speaks_unless_the_comment_outweighs_it() -> None:
    assert comparable(f"看看//@某某：{ORIGINAL}") == comparable(ORIGINAL)
    long_comment = OTHER * 2
    assert comparable(f"{long_comment}//@某某：{ORIGINAL}").startswith(comparable(long_comment))


@given(st.text(max_size=80))
def test_any_text_repeats_itself_or_is_too_short(text: str) -> None:
    known = NearDuplicates()
    assert known.add(Candidate("a", text)) is None
    again = known.add(Candidate("b", text))
    assert again is None or (again.original == "a" and again.similarity == 1.0)


def test_few_changed_characters_are_found_nearly_always() -> None:
    random.seed(20160620)
    letters = "海天津滨风浪潮船港渔"
    words = [
        "独流减河",
        "海水淡化",
        "高沙岭",
        "油污",
        "渔港",
        "缆绳",
        "听证会",
        "水价",
        "预约",
        "沙滩",
        "警报",
        "增水",
        "窗口",
        "续期",
    ]
    bases = ["，".join(random.sample(words, 8)) + "".join(random.choices(letters, k=20)) for _ in range(200)]
    known = index(*bases)
    found = 0
    for number, base in enumerate(bases):
        edited = list(base)
        for _ in range(2):
            edited[random.randrange(len(edited))] = random.choice(letters)
        match = known.add(Candidate(f"edit{number}", "".join(edited)))
        found += match is not None and match.original == number
    assert found >= 190
