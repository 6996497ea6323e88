"""Drafts say only what their records bear, say what is missing, and are made once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from responders.cases import CaseOpening, open_case
from responders.drafts import inner, marked, prepare_drafts, waiting_cases
from responders.quotes import quote, sentences
from responders.screening import screen
from responders.wording import clause, unfilled
from store.models import AuditRow, Case, Claim, Draft, KnownAnswer, Topic
from tests.responders.conftest import NOW
from tests.responders.rows import make_claim, make_document, make_topic

pytestmark = pytest.mark.django_db
OFFICE = "天津市滨海新区海洋局"


def opened(rule: str, title: str, *, topic: str = "", claim: str = "", drill: bool = False) -> Case:
    key = f"claim:{claim}" if claim else f"topic:{topic}"
    opening = CaseOpening(
        key=key, title=title, rule=rule, reason="", deadlines=("first_response",), topic=topic, claim=claim, drill=drill
    )
    case = open_case(opening, now=NOW)
    assert case is not None
    return case


def reclamation(*, answered: bool) -> Case:
    topic = make_topic("T1", "独流减河口夜间倾倒土方", "海域使用")
    make_document("连续三晚有车在独流减河口倾倒土方，谁批的？", topic=topic, voice="report")
    make_document("联系人138****1234，独流减河口倾倒土方。", topic=topic, voice="report")
    if answered:
        text = "1月22日，执法人员到独流减河口现场核查，已责令停止倾倒，共登记车辆12台。"
        make_document(text, topic=topic, official=True, publisher=OFFICE, kind="news", at=NOW - timedelta(hours=9))
    return opened("public_interest", topic.title, topic="T1")


def only_draft() -> Draft:
    (draft,) = prepare_drafts(waiting_cases(), now=NOW)
    return draft


def test_a_response_quotes_what_was_heard_and_what_officials_said_each_with_its_mark() -> None:
    reclamation(answered=True)
    draft = only_draft()
    assert draft.title == "关于“独流减河口夜间倾倒土方”有关情况的说明"
    assert "“连续三晚有车在独流减河口倾倒土方，谁批的？”[E1]" in draft.body
    assert f"1月22日17时，{OFFICE}发布：“1月22日，执法人员" in draft.body
    assert "登记车辆12台。”[E2]" in draft.body
    assert "下次发布不晚于1月25日2时" in draft.body
    assert draft.body.endswith("天津市海洋局\n2026年1月23日")
    assert (draft.kind, draft.template, draft.enough, draft.author) == ("response", "response@1", True, None)
    records = {row.mark: row for row in draft.evidence.all()}
    assert records["E2"].label == f"{OFFICE}，2026年1月22日17时"
    assert records["E2"].url.startswith("https://site.example/")
    assert draft.versions.get().editor is None
    assert [finding.rule for finding in screen(draft.title, draft.body, list(records.values()))] == ["gap"]


def test_nobodys_number_is_quoted() -> None:
    reclamation(answered=False)
    assert "138" not in only_draft().body


def test_without_an_official_record_the_draft_says_that_it_is_not_enough() -> None:
    reclamation(answered=False)
    draft = only_draft()
    assert not draft.enough
    assert draft.lacking == ["没有查到可以引用的官方信息，请承办处室提供核查结果、时间和出处"]
    assert "目前没有查到可以引用的官方信息，暂不作判断。" in draft.body
    assert "【待填：核查结果、核查单位和时间】" in draft.body


def test_a_claim_is_set_beside_the_official_statement_and_not_judged() -> None:
    statement = make_document(
        "1月21日对汉沽海鲜抽检20批次，结果合格。", official=True, publisher="市场监管部门", at=NOW - timedelta(days=1)
    )
    claim = make_claim("汉沽海鲜有毒不能吃", matches=[{"document": statement.pk, "score": 0.8, "why": "同一地点"}])
    claim.flags = ["说法提到的地点与官方信息不同"]
    claim.save()
    opened("claim", "网传", claim=claim.key)
    draft = only_draft()
    assert draft.title == "关于网传“汉沽海鲜有毒不能吃”的情况说明"
    assert draft.kind == "clarification"
    assert "市场监管部门发布：“1月21日对汉沽海鲜抽检20批次，结果合格。”[E2]" in draft.body
    assert "2. 说法提到的地点与官方信息不同。" in draft.body
    assert not re.search("谣言|不实|虚假", draft.title + draft.body)


def known(**more: object) -> KnownAnswer:
    fields: dict[str, object] = {
        "key": "k" * 64,
        "claim": "汉沽海鲜有毒",
        "text": "汉沽海鲜抽检12批次均未检出该毒素。",
        "verdict": "假",
        "issuer": "某辟谣平台",
        "url": "https://piyao.example/1",
        "valid_from": NOW - timedelta(days=400),
        "added_at": NOW,
        "changed_at": NOW,
    }
    return KnownAnswer.objects.create(**(fields | more))


def with_answer(row: KnownAnswer, *, sure: bool) -> Claim:
    claim = make_claim("汉沽海鲜有毒不能吃")
    claim.answers = [{"answer": row.pk, "score": 0.7, "sure": sure, "why": "共同的词：海鲜"}]
    claim.save()
    opened("claim", "网传", claim=claim.key)
    return claim


def test_a_sure_known_answer_stands_in_the_draft_as_a_gap_to_be_checked_with_its_day_and_page() -> None:
    with_answer(known(), sure=True)
    draft = only_draft()
    wanted = "【待填：此前已有答复，请核对是否仍然适用后采用。某辟谣平台，2024年12月19日：“汉沽海鲜抽检12批次均未检出该毒素。”[E2]】"
    assert wanted in draft.body
    assert not draft.enough
    assert draft.evidence.get(mark="E2").url == "https://piyao.example/1"
    assert "假" not in draft.body


@pytest.mark.parametrize(
    ("more", "sure"),
    [({}, False), ({"valid_from": None}, True), ({"withdrawn_at": NOW}, True), ({"issuer": ""}, True)],
)
def test_a_suggested_undated_withdrawn_or_nameless_answer_stays_out_of_the_draft(
    more: dict[str, object], sure: bool
) -> None:
    with_answer(known(**more), sure=sure)
    assert "此前已有答复" not in only_draft().body


def test_a_claim_with_nothing_official_is_left_open() -> None:
    opened("claim", "网传", claim=make_claim("海水三天后上岸").key)
    draft = only_draft()
    assert not draft.enough
    assert "不能判断上述说法是否属实" in draft.body


def test_a_second_run_makes_no_draft_and_the_first_leaves_an_audit_row() -> None:
    case = reclamation(answered=True)
    only_draft()
    assert prepare_drafts([case], now=NOW) == []
    assert waiting_cases() == []
    assert AuditRow.objects.filter(object_type="draft").get().verb == "prepare"


def test_a_drills_draft_is_a_drill() -> None:
    make_document("有油", topic=make_topic("T1", "演练话题", "海洋环境污染"))
    opened("public_interest", "演练话题", topic="T1", drill=True)
    draft = only_draft()
    assert draft.drill
    assert draft.title.startswith("【演练】")


def test_a_quote_is_the_sentence_that_says_most_and_names_nobody() -> None:
    text = "本网讯（记者 田沐）今天晴。独流减河口有人倒土。市民刘先生说独流减河口倒土很久了。@小王 快看https://a.b/c"
    assert quote(text, "独流减河口倒土", limit=50) == "独流减河口有人倒土。"
    assert quote("哈。", "独流减河口", limit=50) == ""
    assert sentences("电话13812345678打不通。我怀孕五个月天天喝这水。") == []
    assert quote("很长的一句话说了很多很多很多。", "长", limit=8) == "很长的一句话说…"


def test_what_an_outlet_heard_from_an_authority_waits_in_a_gap_for_checking() -> None:
    reclamation(answered=False)
    topic = Topic.objects.get()
    text = "本报讯（记者 田沐）记者从有关部门获悉，独流减河口倾倒土方已被叫停。另有市民议论。"
    make_document(text, topic=topic, publisher="滨海新闻网", kind="news")
    make_document(text + "转载。", topic=topic, publisher="另一家", kind="news")
    draft = only_draft()
    assert not draft.enough
    gap = "【待填：请向有关单位核对后采用。据滨海新闻网1月23日2时报道：“记者从有关部门获悉，独流减河口倾倒土方已被叫停。”[E2]】"
    assert gap in draft.body
    assert "另一家" not in draft.body
    assert "请向有关单位核对后采用" in unfilled(draft.body)


def test_a_reporters_article_is_no_official_answer_to_a_claim() -> None:
    article = make_document("海鲜是安全的，放心吃。", publisher="滨海新闻网", kind="news")
    opened("claim", "网传", claim=make_claim("汉沽海鲜有毒", matches=[{"document": article.pk, "score": 0.9}]).key)
    assert not only_draft().enough


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("【紧急扩散】刚接到通知：天津的贝类、毛蚶有毒，已有人住院", "天津的贝类、毛蚶有毒"),
        ("养殖用海续期材料被退三次，养殖户盼“一次说清”", "养殖用海续期材料被退三次"),
        ("海面油污", "海面油污"),
    ],
)
def test_a_matter_is_named_by_its_first_telling_clause(title: str, name: str) -> None:
    assert clause(title) == name


def test_marks_stand_before_every_full_stop() -> None:
    assert marked("甲。乙！", "E1") == "甲[E1]。乙[E1]！"
    assert marked("甲", "E1") == "甲[E1]"
    assert inner("他说“好”") == "他说‘好’"


def test_an_undated_record_says_so() -> None:
    topic = make_topic("T1", "海边冒烟", "海域使用")
    row = make_document("海边冒烟很久了，没有人管。", topic=topic)
    row.time_is_stated = False
    row.save()
    opened("public_interest", topic.title, topic="T1")
    assert only_draft().evidence.get().label.endswith("前后（页面未注明时间）")
    assert isinstance(row.published_at, datetime)
