"""A text finds the answers already given to what it says; what differs in place, number or day is said and never sure."""

from __future__ import annotations

import random
import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.answer_types import Answer, AnswerParameters, Heard, Match
from nlp.answer_wording import frames, wordings
from nlp.answers import KnownAnswers
from store.stages import Place

AT = datetime(2026, 1, 20, 4, 0, tzinfo=UTC)
SALT = Answer(
    id="salt",
    debunk="我国食用盐以井矿盐为主，占比87%，不受海水影响；海盐也没有被污染，食盐供应充足，没有必要囤盐。",
    at=AT - timedelta(days=30),
)  # 2023: is sea salt polluted by the discharge?
SHELLFISH = Answer(
    id="shellfish",
    debunk="秦皇岛市海洋和渔业局4月30日提醒市民不要食用海虹，检测显示秦皇岛近岸海域贻贝麻痹性贝类毒素超标。",
    at=AT - timedelta(days=30),
)  # a true warning of another city
FLOOD = Answer(
    id="flood",
    claim="东疆海水倒灌，汽车被淹",
    text="视频拍摄于2018年台风期间的宁波，与天津东疆无关。",
    at=AT - timedelta(days=30),
)
POISON = Answer(
    id="poison",
    claim="海河闸死鱼是氰化物造成的",
    text="经检测，海河闸附近水体未检出氰化物，死鱼由缺氧造成，检测断面共16个。",
    at=AT - timedelta(days=30),
)
HEADLINE = Answer(id="headline", claim="海盐被核污染水污染了，要赶紧囤盐？")
ALL = [SALT, SHELLFISH, FLOOD, POISON, HEADLINE]


def best(text: str, answers: list[Answer] = ALL, published_at: datetime | None = AT) -> Match:
    return KnownAnswers(answers).find([Heard(text, published_at)])[0][0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("海盐都被污染了，快去囤盐", "salt"),
        ("秦皇岛的海虹有毒不能吃", "shellfish"),
        ("天津东疆海水倒灌，车都淹了！！", "flood"),
        ("海河闸的鱼是氰化物毒死的", "poison"),
    ],
)
def test_a_claim_finds_its_own_answer(text: str, wanted: str) -> None:
    assert best(text).answer == wanted


def test_a_headline_that_repeats_the_claim_stands_behind_the_text_that_answers_it() -> None:
    found = KnownAnswers(ALL).find([Heard("海盐被污染了，要囤盐")])[0]
    assert [match.answer for match in found][:2] == ["salt", "headline"]


def test_a_claim_told_again_in_its_own_words_is_sure_and_the_reason_names_the_words() -> None:
    match = best("网传东疆海水倒灌，汽车被淹，真的吗？")
    assert match.sure
    assert match.suggest
    assert match.why.startswith("共同的词：")
    assert "倒灌" in match.why


def test_another_matter_is_not_suggested() -> None:
    found = KnownAnswers(ALL).find([Heard("今天包了饺子，味道很好")])[0]
    assert not [match for match in found if match.suggest or match.sure]


@pytest.mark.parametrize(
    ("answer", "text", "doubt"),
    [
        (
            SHELLFISH,
            "大连的海虹麻痹性贝类毒素超标，市民不要食用海虹贻贝",
            "地点不同：已有信息说的是秦皇岛，原文说的是大连",
        ),
        (
            POISON,
            "经检测海河闸附近水体未检出氰化物，死鱼由缺氧造成，检测断面共3个",
            "数字不同：已有信息说的是16个，原文说的是3个",
        ),
        (
            SHELLFISH,
            "5月12日提醒市民不要食用海虹，秦皇岛近岸海域贻贝麻痹性贝类毒素超标",
            "日期不同：已有信息说的是4月30日，原文说的是5月12日",
        ),
        (replace(FLOOD, superseded=True), "东疆海水倒灌，汽车被淹", "这条答复已被取代"),
        (replace(FLOOD, at=AT - timedelta(days=800)), "东疆海水倒灌，汽车被淹", "已有信息早于此说法800天"),
        (replace(FLOOD, text=""), "东疆海水倒灌，汽车被淹", "这条记录只有说法，没有答复"),
    ],
)
def test_what_speaks_against_a_match_is_said_and_keeps_it_from_being_sure(
    answer: Answer, text: str, doubt: str
) -> None:
    match = KnownAnswers([answer, SALT], replace(AnswerParameters.load(), suggest=0.1)).find([Heard(text, AT)])[0][0]
    assert match.answer == answer.id
    assert doubt in match.why
    assert not match.sure


def test_the_same_texts_are_sure_where_nothing_speaks_against_them() -> None:
    told = "提醒市民不要食用海虹，秦皇岛近岸海域贻贝麻痹性贝类毒素超标"
    assert KnownAnswers([SHELLFISH, SALT]).find([Heard(told, AT)])[0][0].sure
    assert KnownAnswers([FLOOD, SALT]).find([Heard("东疆海水倒灌，汽车被淹", AT)])[0][0].sure


def test_a_short_text_is_never_sure() -> None:
    match = best("倒灌被淹", [FLOOD, SALT])
    assert not match.sure


@pytest.mark.parametrize("text", ["", "   ", "https://weibo.com/123", "@某某", "！！！", "🌊🌊"])
def test_a_text_that_says_nothing_finds_nothing(text: str) -> None:
    assert KnownAnswers(ALL).find([Heard(text)]) == [()]


def test_no_answers_answer_nothing() -> None:
    assert KnownAnswers([]).find([Heard("海盐被污染了")]) == [()]


def test_two_answers_nearly_alike_leave_the_choice_to_a_person() -> None:
    twin = replace(FLOOD, id="twin", verdict="属实")
    found = KnownAnswers([FLOOD, twin, SALT]).find([Heard("东疆海水倒灌，汽车被淹", AT)])[0]
    assert [match.answer for match in found[:2]] == ["flood", "twin"]
    assert not found[0].sure


def test_one_answer_told_twice_is_no_choice() -> None:
    found = KnownAnswers([FLOOD, replace(FLOOD, id="twin"), SALT]).find([Heard("东疆海水倒灌，汽车被淹", AT)])[0]
    assert [match.sure for match in found[:2]] == [True, False]


def test_places_known_of_a_text_and_an_answer_count_instead_of_those_they_name() -> None:
    at_home, away = Place(name="东疆", within="天津市滨海新区"), Place(name="宁波市", within="浙江省")
    index = KnownAnswers([replace(FLOOD, places=(at_home,)), SALT])
    same, moved = (
        index.find([Heard("东疆海水倒灌，汽车被淹", AT, places=(place,))])[0][0] for place in (at_home, away)
    )
    assert (same.sure, moved.sure) == (True, False)
    assert "地点不同：已有信息说的是东疆，原文说的是宁波市" in moved.why


def test_records_of_one_id_count_as_one_answer() -> None:
    found = KnownAnswers([FLOOD, replace(FLOOD, text="画面为2018年宁波台风。"), SALT]).find([Heard("东疆海水倒灌")])[0]
    assert [match.answer for match in found].count("flood") == 1


def test_a_long_post_finds_the_answer_to_one_of_its_sentences() -> None:
    post = (
        "今天和家人去看了冬天的海，风很大，码头上停着很多船，孩子玩得很开心，晚上吃了锅贴。"
        "听说海河闸死鱼是氰化物造成的。回来路上堵车，到家已经十点多了，明天还要上班，大家晚安，祝好梦。"
    )
    assert best(post).answer == "poison"


def test_the_first_text_of_a_repost_chain_is_what_is_looked_for() -> None:
    assert best("哈哈这也信//@某某：海河闸死鱼是氰化物造成的").answer == "poison"


def test_frames_are_left_out_unless_nothing_else_is_said() -> None:
    given_ = AnswerParameters.load()
    assert wordings("网传海水倒灌，真的吗？求辟谣", given_) == ["海水倒灌, ?"]
    assert wordings("辟谣", given_) == ["辟谣"]
    assert frames().search("听说")


def test_nothing_a_machine_writes_brands_a_claim() -> None:
    written = "".join(
        match.why for found in KnownAnswers(ALL).find([Heard(a.wording()) for a in ALL]) for match in found
    )
    assert "谣" not in written
    assert "不实" not in written


def test_what_is_found_depends_neither_on_the_order_of_answers_nor_on_the_other_texts() -> None:
    texts = [Heard(text) for text in ("海盐被污染", "海虹有毒", "东疆倒灌", "氰化物毒死鱼", "饺子")]
    shuffled = ALL[:]
    random.Random(3).shuffle(shuffled)
    found = KnownAnswers(ALL).find(texts)
    assert KnownAnswers(shuffled).find(texts) == found
    assert [KnownAnswers(ALL).find([text])[0] for text in texts] == found


CHINESE = st.text(alphabet="海盐虹贝毒水倒灌污染鱼死天津东疆秦皇岛不要吃囤 ，。？!a7", max_size=60)


@given(st.lists(CHINESE, max_size=6), CHINESE, st.randoms(use_true_random=False))
def test_scores_lie_in_0_to_1_best_first_and_the_order_of_answers_is_nothing(
    texts: list[str], asked: str, mixer: random.Random
) -> None:
    answers = [Answer(id=number, text=text) for number, text in enumerate(texts)]
    found = KnownAnswers(answers).find([Heard(asked)])[0]
    scores = [match.score for match in found]
    assert all(0.0 <= score <= 1.0 for score in scores)
    assert scores == sorted(scores, reverse=True)
    assert len(found) <= AnswerParameters.load().matches
    assert all(match.suggest for match in found if match.sure)
    mixer.shuffle(answers)
    assert KnownAnswers(answers).find([Heard(asked)])[0] == found


@given(st.text(alphabet=string.ascii_lowercase + " ", min_size=8, max_size=40))
def test_an_answer_that_shares_nothing_with_a_text_is_not_named_for_it(other: str) -> None:
    known = KnownAnswers([*ALL, Answer(id="other", text=other)])
    found = known.find([Heard("海盐都被污染了，快去囤盐")])[0]
    assert "other" not in [match.answer for match in found]
    assert found[0].answer == "salt"


def test_an_answers_own_wording_finds_it_first() -> None:
    found = KnownAnswers(ALL[:4]).find([Heard(answer.wording()) for answer in ALL[:4]])
    assert [matches[0].answer for matches in found] == [answer.id for answer in ALL[:4]]
