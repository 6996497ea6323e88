"""The six collection tags: each with its reason, none on texts of no sea, none that calls a text false."""

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.reading import read
from nlp.tags import Judgement, Matter, rules, short_names, tags
from nlp.word_files import LEXICONS
from store.errors import BadSettings

PLAIN = Judgement(relevant=True, voice="chat", stance="none", claim_risk=0.1)


def given_to(text: str, judgement: Judgement = PLAIN) -> dict[str, str]:
    reading = read(text)
    return {tag.key: tag.reason for tag in tags(reading.plain, reading.hits, judgement)}


def judged(**values: object) -> Judgement:
    return Judgement(**({"relevant": True, "voice": "chat", "stance": "none", "claim_risk": 0.1} | values))  # type: ignore[arg-type]


def test_a_central_decision_is_named_in_the_reason() -> None:
    assert given_to("国务院印发意见，加快建设海洋强国")["decision"] == "涉及中央决策部署：国务院、海洋强国"


def test_public_interest_needs_a_report() -> None:
    text = "滨海新区海水淡化水价下月调整，涉及居民三万户"
    assert "水价" in given_to(text, judged(voice="news"))["interest"]
    assert "interest" not in given_to(text, judged(voice="question"))


def test_an_authority_named_in_a_complaint_touches_trust() -> None:
    text = "天津海事局说的护栏到现在没装"
    assert given_to(text, judged(voice="complaint"))["trust"] == "对部门作为有质疑：天津海事局"
    assert "trust" not in given_to(text, judged(voice="news"))
    assert "trust" in given_to("举报到现在没人管，互相踢皮球")


def test_a_hazard_is_an_emergency_only_where_something_is_done_or_suffered() -> None:
    assert given_to("风暴潮蓝色警报：请沿海撤离")["emergency"].startswith("涉及风暴潮")
    assert "emergency" not in given_to("今年的海冰真好看")
    assert "emergency" not in given_to("暴雨预警，城区积水")  # rain on land is another office's


def test_what_offends_morals_is_named() -> None:
    assert "吃海龟" in given_to("饭店后厨吃海龟还拍视频")["morals"]


def test_a_risky_claim_is_to_be_checked_and_never_called_false() -> None:
    text = "赶紧囤盐！海里有剧毒，马上封港"
    reason = given_to(text, judged(claim_risk=0.9))["order"]
    assert reason.endswith("的待核实说法")
    assert "order" not in given_to(text, judged(claim_risk=0.2))


@settings(deadline=None)  # the first call loads the lists
@given(st.text(max_size=80), st.floats(0, 1))
def test_no_tag_calls_a_text_a_rumour_and_texts_of_no_sea_have_none(text, risk):
    for tag in given_to(text, judged(claim_risk=risk)).values():
        assert "谣言" not in tag
    assert given_to(text, judged(relevant=False, claim_risk=risk)) == {}


def test_a_text_may_carry_several_in_the_rules_order() -> None:
    found = given_to("海堤决口，官方封锁消息，多人死亡", judged(claim_risk=0.9, stance="against"))
    assert list(found) == [key for key in short_names() if key in found]
    assert {"trust", "order"} <= set(found)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  decision:", "  decisions:", "policy_tags.yml tags: key 'decision' is missing"),
        ("least_claim_risk: 0.5", "least_claim_risk: 5.0", "least_claim_risk"),
        ("because: 涉及中央决策部署：{}", "because: 涉及中央决策部署", "needs one"),
    ],
)
def test_a_wrong_file_fails_naming_the_place(tmp_path, old, new, message):
    path = tmp_path / "policy_tags.yml"
    shutil.copy(LEXICONS / "policy_tags.yml", path)
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(BadSettings, match=message):
        rules.__wrapped__(path)


def test_every_matter_has_a_name_and_words() -> None:
    assert list(rules().wordings) == list(Matter)
    assert all(len(wording.words) >= 30 for wording in rules().wordings.values())
