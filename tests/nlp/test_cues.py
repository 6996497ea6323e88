"""Claim cues: found with their words, counter-signals kept apart."""

import pytest

from nlp.cues import cue_rules, cues, doubt, marks


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("赶快求扩散", "spread"),
        ("联系13812345678", "phone"),
        ("视频已经被删", "deleted"),
        ("敬请转发", "repost"),
        ("吃了中毒住院", "harm"),
        ("我朋友说不能吃", "acquaintance"),
        ("刚接到通知", "urgency"),
        ("千万别买", "beware"),
        ("太可怕了!!!", "exclaim"),
        ("据说要来了", "hearsay"),
        ("专家称有危险", "authority"),
        ("下周三要有8级大地震", "prophecy"),
        ("超市的盐断货了,快囤盐", "hoard"),
    ],
)
def test_each_mark_is_found_with_the_words_that_show_it(text, name):
    found = {cue.name: cue.words for cue in cues(marks(text))}
    assert name in found
    assert found[name] in text


def test_a_plain_notice_carries_no_cue() -> None:
    assert cues(marks("国家海洋博物馆周一闭馆,敬请留意。")) == ()


def test_links_and_named_sources_speak_against_and_are_no_cue() -> None:
    found = marks("风暴潮警报 http://t.cn/abc")
    assert "link" in found
    assert "link" not in {cue.name for cue in cues(found)}
    assert {rule.name for rule in cue_rules() if rule.lift < 1} == {"link", "source_named"}


@pytest.mark.parametrize(
    ("text", "words"), [("真的假的?", "真的假的"), ("有没有官方消息", "有没有官方"), ("今天天气好", "")]
)
def test_doubt_is_heard(text, words):
    assert doubt(text) == words
