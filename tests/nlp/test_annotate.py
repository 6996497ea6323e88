"""The annotator as colleagues and commands use it, on the shipped models."""

from datetime import datetime, timedelta, timezone

import pytest

from nlp.annotate import Annotator, Text
from store.stages import Annotation

AT = datetime(2026, 1, 21, 14, 30, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator.load()


def text(words: str, *, title: str = "", context: str = "") -> Text:
    return Text(id="1", title=title, text=words, published_at=AT, source="board", context=context)


def one(annotator: Annotator, words: str, **options: str) -> Annotation:
    return annotator.annotate([text(words, **options)])[0]


MARINE = [
    ("预计21日夜间到22日上午，塘沽沿海将出现80到150厘米的风暴增水", "海洋灾害"),
    ("渤海湾浮冰外缘线38海里，渔船注意", "海洋灾害"),
    ("浒苔又来了，海滩上绿油油一片", "海洋生态灾害"),
    ("海面上漂着一层彩色油膜，像是溢油", "海洋环境污染"),
    ("海水淡化水进小区，水价涨一块，凭什么", "海水利用"),
    ("北塘的皮皮虾被甲醛泡了，吃了进医院", "渔业与海鲜安全"),
]


@pytest.mark.parametrize(("words", "category"), MARINE)
def test_marine_matters_are_heard_under_their_category(annotator, words, category):
    found = one(annotator, words)
    assert found.relevant
    assert category in found.categories
    assert found.category == found.categories[0]


@pytest.mark.parametrize(
    "words",
    [
        "大港油田职工下班回家又堵车了",
        "金融海啸过去这么多年，哪些银行还活着",
        "海洋王照明发布半年报",
        "歌手张海浪新专辑下周发布",
        "台风残余云系影响河南，郑州发布暴雨红色预警",
        "上海鲜肉月饼排队两小时",
        "我在知识的海洋里遨游",
        "渤海银行理财产品到期",
    ],
)
def test_words_that_only_look_like_the_sea_are_not_let_in(annotator, words):
    found = one(annotator, words)
    assert not found.relevant
    assert found.category == ""
    assert found.categories == ()


def test_reasons_say_in_chinese_what_was_found(annotator):
    assert "出现海洋词：风暴潮、警戒潮位" in one(annotator, "风暴潮超过警戒潮位").reasons
    assert any(reason.startswith("排除“大港油田”：") for reason in one(annotator, "大港油田食堂").reasons)
    assert one(annotator, "今天好累").reasons == ("没有出现海洋词或沿海地点",)


def test_a_reply_without_its_own_matter_takes_relevance_and_category_from_what_it_answers(annotator):
    asked = "塘沽沿海风暴潮警报，海水漫过海堤"
    reply = one(annotator, "真的假的？", context=asked)
    assert reply.relevant
    assert reply.category == one(annotator, asked).category
    assert any(reason.startswith("自身未提海洋，承接所回复的内容：塘沽沿海") for reason in reply.reasons)
    assert not one(annotator, "真的假的？").relevant
    assert not one(annotator, "真的假的？", context="这家银行的信用卡年费好贵").relevant


def test_a_reply_that_brings_another_matter_speaks_for_itself(annotator):
    assert not one(annotator, "金融海啸那年我刚毕业", context="塘沽沿海风暴潮警报").relevant


def test_a_rumour_like_text_carries_more_risk_than_a_notice(annotator):
    rumour = one(annotator, "听说北塘海鲜有毒，我朋友医院说已经死了三个人，快转发给家人！！")
    notice = one(annotator, "国家海洋博物馆本周一闭馆，周二恢复开放。")
    assert rumour.claim_risk > 0.5 > notice.claim_risk
    assert {"hearsay", "repost"} <= {cue.name for cue in rumour.cues}
    assert notice.cues == ()


def test_places_times_and_words_come_along(annotator):
    found = one(annotator, "今天夜间汉沽有海冰")
    assert [place.name for place in found.places] == ["汉沽"]
    assert [time.text for time in found.times] == ["今天夜间"]
    assert found.tokens == ("今天", "夜间", "汉沽", "有", "海冰")


def test_the_title_is_read_with_the_text(annotator):
    assert one(annotator, "详见附件。", title="天津沿海风暴潮黄色警报").relevant


def test_voices_and_feelings(annotator):
    assert one(annotator, "请问办海域使用权证要什么材料？").voice == "question"
    assert one(annotator, "举报有人夜里往海里偷倒渣土，拍了视频，请派人来查").voice == "report"
    assert one(annotator, "海边日出太美了，开心！").emotion == "happy"


@pytest.mark.parametrize(
    ("words", "department"),
    [
        ("请问小区物业乱收停车费归谁管？业主委员会投诉多次没有结果", "城乡建设"),
        ("海水淡化水进小区，水价涨一块，物业乱收费，凭什么？", ""),  # a matter of the sea is ours
        ("今天去小区门口的药店买了菜，心情不错", ""),  # idle talk is nobody's
        ("这是为什么呢？", ""),  # no word that tells
    ],
)
def test_only_what_asks_something_of_another_office_is_given_its_department(annotator, words, department):
    assert one(annotator, words).department == department


def test_the_cut_into_batches_changes_nothing(annotator):
    texts = [text(words) for words, _ in MARINE] * 3
    assert annotator.annotate(texts) == [annotator.annotate([each])[0] for each in texts]
    assert annotator.annotate([]) == []


def test_an_empty_text_is_annotated_and_not_relevant(annotator):
    assert not one(annotator, "").relevant


def test_every_annotation_names_the_version_that_judged(annotator):
    assert one(annotator, "赤潮").model == annotator.version
    assert len(annotator.version) > 12
