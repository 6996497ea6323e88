"""Assertions that should be checked are found with spread, doubts, flags and official statements; other texts are not."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.claims import ClaimInput, FoundClaim, Records, Statement, every_claim, find_claims
from nlp.claims.wording import assertion, asserts_nothing, groups, not_claims, speaks_as_office, touches
from nlp.normalise import normalise
from nlp.places import moved_place
from nlp.segment import words
from store.stages import Cue, Place

AT = datetime(2026, 1, 20, 11, 0, tzinfo=UTC)
TIANJIN, TANGGU = Place(name="天津市", within="天津市"), Place(name="塘沽", within="天津市滨海新区")
QINHUANGDAO = Place(name="秦皇岛", within="河北省")
POISON = "【紧急扩散】刚接到通知：天津的毛蚶有毒，塘沽已经有人吃毛蚶中毒住院了！千万别买，赶紧转发给家里人！！"
MARKS = (
    Cue(name="spread", words="扩散"),
    Cue(name="harm", words="有毒"),
    Cue(name="urgency", words="紧急"),
)
NOTICE = "【注意】近日我市近岸海域贻贝样品检出麻痹性贝类毒素超标，误食可致口唇麻木、四肢无力。请市民不要食用。——天津市海洋和渔业局"
FLOOD = "【现场视频】天津东疆海水倒灌了！！汽车都漂起来了，速转！"


def said(url: str, text: str, hours: float = 0.0, **more: object) -> ClaimInput:
    base = ClaimInput(
        id=url,
        url=url,
        title="",
        text=text,
        published_at=AT + timedelta(hours=hours),
        relevant=True,
        claim_risk=0.2,
        words=tuple(words(normalise(text))),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def poison(**more: object) -> ClaimInput:
    return said("first", POISON, 0.0, claim_risk=0.9, cues=MARKS, places=(TIANJIN, TANGGU), **more)


def only(documents: list[ClaimInput], statements: list[Statement] | None = None) -> FoundClaim:
    found = find_claims(documents, statements or [])
    assert len(found) == 1
    return found[0]


def test_a_risky_assertion_is_found_with_what_it_says_and_whom_it_touches() -> None:
    claim = only([poison()])
    assert claim.assertion == "天津的毛蚶有毒，塘沽已经有人吃毛蚶中毒住院了"
    assert "消费者" in claim.touches
    assert [cue.words for cue in claim.cues] == ["扩散", "有毒", "紧急"]
    assert claim.key == hashlib.sha256(b"first").hexdigest()
    assert claim.asserts == ("first",)


def test_repeats_and_rewordings_are_its_spread() -> None:
    reworded = said("reworded", "听我说，塘沽有人吃毛蚶中毒住院了，天津的毛蚶有毒！", 2, claim_risk=0.8, cues=MARKS[:2])
    claim = only([poison(), said("copy", POISON, 1, duplicate_of="first", claim_risk=0.9), reworded])
    assert claim.spread == 3


def test_two_different_assertions_are_two_claims_the_more_urgent_first() -> None:
    flood = said(
        "flood", FLOOD, claim_risk=0.6, cues=(Cue(name="spread", words="速转"), Cue(name="exclaim", words="!!"))
    )
    found = find_claims([flood, poison()], [])
    assert [claim.first for claim in found] == ["first", "flood"]
    assert 0 < found[1].priority < found[0].priority <= 100


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("听说塘沽有人吃毛蚶中毒住院，真的假的？求证", "chat"),
        ("毛蚶有毒是谣言，医院没有接诊，先别转了", "chat"),
        ("毛蚶有毒？那我吃了三十年早成仙了哈哈[doge]", "chat"),
        ("海挡的缺口报修三年没人管，都橙色警报了", "complaint"),
        ("什么时候开放东疆沙滩", "question"),
        ("建议把短信发快一点", "suggestion"),
    ],
)
def test_question_clearing_up_jest_and_criticism_are_no_claims(text: str, voice: str) -> None:
    assert find_claims([said("x", text, claim_risk=0.9, voice=voice)], []) == []


def test_offices_and_newsrooms_make_no_claims_here() -> None:
    assert find_claims([poison(trusted=True)], []) == []


def test_many_marks_outweigh_a_voice_read_as_complaint() -> None:
    assert only([poison(voice="complaint")]).first == "first"


def test_an_irrelevant_quiet_text_is_left_alone() -> None:
    assert find_claims([said("x", "今天包了饺子", relevant=False)], []) == []


def test_doubters_are_counted_whether_they_reply_repost_or_name_it() -> None:
    documents = [
        poison(),
        said("reply", "文号呢？哪家医院？有依据吗", 1, reply_to="first"),
        said("repost", f"真的假的？//@某某：{POISON}", 2, duplicate_of="first"),
        said("elsewhere", "毛蚶有毒、塘沽有人住院这条，求官方辟谣", 3),
        said("other", "海博馆代抢名额是假的，别信", 4),
        said("newsroom", "毛蚶有毒、塘沽有人住院系谣言", 5, trusted=True),
    ]
    claim = only(documents)
    assert claim.doubts == ("reply", "repost", "elsewhere")
    assert claim.spread == 1


def test_what_is_passed_on_and_doubted_is_checked_even_in_calm_words() -> None:
    calm = "东疆那边的海堤昨晚被浪冲开一个口子，水进了停车场"
    copies = [said(f"c{n}", calm, n, duplicate_of="c0" if n else "") for n in range(3)]
    assert find_claims(copies, []) == []
    assert only([*copies, said("r", "真的假的", 5, reply_to="c1")]).spread == 3


def test_a_notice_in_an_offices_name_is_flagged_when_it_spreads() -> None:
    copies = [said("n0", NOTICE, voice="official"), said("n1", NOTICE, 1, duplicate_of="n0", voice="official")]
    assert "以机关名义落款，但发布者不是官方来源" in only(copies).flags


def official(**more: object) -> Statement:
    base = Statement(
        id="document:7",
        title="贻贝消费预警",
        text="近岸海域贻贝样品检出麻痹性贝类毒素超标，误食可致口唇麻木、四肢无力，请市民不要食用。",
        published_at=AT - timedelta(days=1),
        issuer="秦皇岛市海洋和渔业局",
        places=(QINHUANGDAO,),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def notices() -> list[ClaimInput]:
    copies = [said("n0", NOTICE), said("n1", NOTICE, 1, duplicate_of="n0")]
    return [replace(copy, places=(TIANJIN,)) for copy in copies]


def test_a_true_warning_moved_to_another_place_is_flagged_and_never_sure() -> None:
    claim = only(notices(), [official()])
    assert "秦皇岛市海洋和渔业局的相似信息说的是秦皇岛，此说法说的是天津市" in claim.flags
    assert claim.matches[0].score > 0.6
    assert not claim.matches[0].sure
    assert "地点不同" in claim.matches[0].why


def test_an_old_warning_passed_on_as_new_is_flagged() -> None:
    claim = only(notices(), [official(published_at=AT - timedelta(days=265), places=(TIANJIN,))])
    assert any("比此说法早265天" in flag for flag in claim.flags)


def test_a_statement_that_agrees_in_place_is_sure_and_an_unrelated_one_is_not_shown() -> None:
    ice = official(id="bulletin:1", title="海冰消息", text="渤海湾浮冰外缘线离岸约18海里。")
    claim = only(notices(), [ice, official(places=(TANGGU,))])
    assert [(match.answer, match.sure) for match in claim.matches] == [("document:7", True)]


def test_a_statement_published_by_two_offices_is_as_sure_as_by_one() -> None:
    again = official(id="document:8", issuer="天津市农业农村委", places=(TANGGU,))
    claim = only(notices(), [official(places=(TANGGU,)), again])
    assert {match.answer: match.sure for match in claim.matches} == {"document:7": True, "document:8": False}


def test_what_one_of_several_bulletins_alike_says_is_relayed_all_the_same() -> None:
    text = "近岸海域贻贝样品检出麻痹性贝类毒素超标，误食可致口唇麻木、四肢无力，千万别吃，赶紧转发！！"
    copies = [
        replace(said(f"p{n}", text, n, duplicate_of="p0" if n else "", claim_risk=0.9), places=(TANGGU,))
        for n in range(3)
    ]
    first = official(places=(TANGGU,))
    second = replace(first, id="document:8", text=first.text.replace("请市民不要食用", "市民如有不适请立即就医"))
    assert find_claims(copies, [first, second]) == []
    (relayed,) = every_claim(copies, [first, second])
    assert not any(match.sure for match in relayed.matches)
    assert any(match.fits for match in relayed.matches)


def test_statements_are_found_among_many_that_share_its_common_words() -> None:
    others = [
        official(id=f"document:{n}", title="消费提示", text=f"近岸海域第{n}批样品检出情况公布，请市民放心食用。")
        for n in range(20, 60)
    ]
    claim = only(notices(), [*others, official(places=(TANGGU,))])
    assert claim.matches[0].answer == "document:7"


def test_passing_on_what_an_office_said_is_no_claim_until_somebody_doubts_it() -> None:
    text = "近岸海域贻贝样品检出麻痹性贝类毒素超标，误食可致口唇麻木、四肢无力，千万别吃，赶紧转发！！"
    copies = [
        replace(said(f"p{n}", text, n, duplicate_of="p0" if n else "", claim_risk=0.9), places=(TANGGU,))
        for n in range(3)
    ]
    assert only(copies, []).spread == 3
    assert find_claims(copies, [official(places=(TANGGU,))]) == []
    doubted = [*copies, said("r", "真的假的", 5, reply_to="p1")]
    answered = only(doubted, [official(places=(TANGGU,))])
    assert "已有相符的官方信息：-20.0分" in answered.reasons
    assert answered.priority == pytest.approx(only(doubted, []).priority - 20, abs=0.1)


def test_repliers_who_point_to_old_footage_and_other_places_are_flagged() -> None:
    documents = [
        said("flood", FLOOD, claim_risk=0.6, places=(Place(name="东疆", within="天津市滨海新区"),)),
        said(
            "r1",
            "这视频我见过，2018年宁波台风的画面",
            1,
            reply_to="flood",
            places=(Place(name="宁波市", within="浙江省"),),
        ),
    ]
    claim = only(documents)
    assert "有网民质疑画面另有时间或出处（1条）" in claim.flags
    assert "有网民提到宁波市（1条）" in claim.flags


def test_spread_and_doubt_raise_the_priority_and_the_reasons_say_so() -> None:
    alone = only([poison()])
    doubted = only([poison(), *(said(f"r{n}", "求证", n, reply_to="first") for n in range(1, 4))])
    spread = only([poison(), *(said(f"c{n}", POISON, n, duplicate_of="first") for n in range(1, 9))])
    assert alone.priority < doubted.priority
    assert alone.priority < spread.priority
    assert any(reason.startswith("9条转述：+") for reason in spread.reasons)
    assert any(reason.startswith("3条质疑：+") for reason in doubted.reasons)


def test_nothing_a_machine_writes_brands_a_claim() -> None:
    claim = only([*notices(), said("r", "真的假的", 3, reply_to="n0")], [official()])
    written = " ".join([*claim.flags, *claim.reasons, *(match.why for match in claim.matches)])
    assert "谣" not in written
    assert "不实" not in written


def test_the_order_of_documents_changes_nothing() -> None:
    documents = [poison(), *notices(), said("r", "真的假的", 3, reply_to="n0"), said("f", FLOOD, claim_risk=0.7)]
    shuffled = documents[:]
    random.Random(5).shuffle(shuffled)
    assert find_claims(documents, [official()]) == find_claims(shuffled, [official()])


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(6)), st.lists(st.sampled_from(MARKS), unique=True, max_size=3))
def test_neither_order_nor_fewer_marks_raise_a_claim(order: list[int], kept: list[Cue]) -> None:
    documents = [poison(), *notices(), *(said(f"r{n}", "真的假的", 3 + n, reply_to="n0") for n in range(3))]
    marked = find_claims([documents[n] for n in order], [official()])
    assert marked == find_claims(documents, [official()])
    bare = find_claims([replace(document, cues=tuple(kept)) for document in documents[1:]], [])
    none = find_claims([replace(document, cues=()) for document in documents[1:]], [])
    risks = {claim.key: claim.risk for claim in bare}
    assert all(claim.risk <= risks[claim.key] for claim in none)


def test_a_reply_bears_no_marks_and_no_risk_of_its_threads_title() -> None:
    title = "紧急扩散：高沙岭海面全是油，千万别下竿"
    reply = said("r", "鱼护别下水，油粘上洗不掉", title=title, reply_to="t", claim_risk=0.99, cues=MARKS)
    assert find_claims([reply], []) == []


def test_a_very_risky_text_with_one_strong_mark_needs_no_second_voice() -> None:
    lone = said(
        "x",
        "内部消息：大港海底管线漏油三天了，鱼全死了",
        claim_risk=0.97,
        cues=(Cue(name="hearsay", words="内部消息"),),
    )
    assert only([lone]).spread == 1
    assert find_claims([replace(lone, claim_risk=0.6)], []) == []


def test_a_calm_report_of_an_alarming_event_is_found_unless_it_names_its_source() -> None:
    calm = "今晨渤海湾两艘油轮相撞，六万吨原油入海，津冀沿海取水口全部关闭"
    copies = [said(f"c{n}", calm, n, duplicate_of="c0" if n else "", voice="news") for n in range(3)]
    assert only(copies).parts.how_much == ("两艘", "六万吨")
    named = [replace(copy, text="天津海事局通报：" + calm) for copy in copies]
    assert find_claims(named, []) == []


def test_a_call_to_an_office_and_a_quoted_alarm_are_no_claims() -> None:
    for text in (
        "独流减河口南侧海堤掏空了一段，请水务和海洋的抓紧来看",
        "那条“塘沽有人中毒住院”的消息还挂在群里，新的通告又贴了一张在码头",
    ):
        copies = [said(f"c{n}", text, n, duplicate_of="c0" if n else "") for n in range(3)]
        assert find_claims([*copies, said("r", "真的假的", 5, reply_to="c0")], []) == []


def test_a_level_that_no_warning_bears_is_flagged_for_checking() -> None:
    text = "刚接到通知，今晚塘沽发布海啸红色警报，居民全部撤离，速转！"
    copies = [
        said(f"c{n}", text, n, duplicate_of="c0" if n else "", claim_risk=0.9, places=(TANGGU,)) for n in range(3)
    ]
    (claim,) = find_claims(copies, [], records=Records(now=AT + timedelta(hours=4)))
    assert "未见所说时间和地点在有效期内的海啸警报，请核对" in claim.flags


def test_an_assertion_is_the_sentence_that_says_most_without_its_calls() -> None:
    assert assertion(FLOOD, (Place(name="东疆"),)) == "天津东疆海水倒灌了"
    assert assertion(f"真的吗//@某某：{POISON}", ()) == "天津的毛蚶有毒，塘沽已经有人吃毛蚶中毒住院了"
    assert assertion("速转！！", ()) == "速转！！"


@pytest.mark.parametrize(
    ("claimed", "stated", "apart"),
    [
        ((TANGGU,), (TIANJIN,), ""),
        ((TIANJIN,), (QINHUANGDAO,), "秦皇岛与天津市"),
        ((), (QINHUANGDAO,), ""),
        ((TIANJIN, QINHUANGDAO), (QINHUANGDAO,), ""),
    ],
)
def test_places_differ_only_when_none_lies_in_another(
    claimed: tuple[Place, ...], stated: tuple[Place, ...], apart: str
) -> None:
    assert moved_place(claimed, stated) == apart


def test_the_lexicons_in_force_can_be_read() -> None:
    assert {"asks", "mocks", "clears_up", "footage"} <= set(not_claims())
    assert any(group.vulnerable for group in groups())
    assert touches("孩子在沙滩上") == (("儿童与学生", "游客"), True)
    assert asserts_nothing("塘沽外滩上水了") == ""
    assert speaks_as_office(NOTICE)
