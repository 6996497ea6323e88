"""Times, deadlines, changes and drawings are said and drawn as people read them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import labels
from dashboard.charts import bar, grouped, per_hour, sparkline, timeline
from dashboard.diffs import changes
from dashboard.templatetags.desk import cadence, cited, outward
from dashboard.words import ago, deadline, moment, span
from store.stages import HarvestState
from tests.dashboard.factories import NOW


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "不到 1 分钟"), (45, "45 分钟"), (60, "1 小时"), (200, "3 小时 20 分"), (1440, "1 天"), (3060, "2 天 3 小时")],
)
def test_a_span_is_said_in_its_two_largest_units(minutes: int, words: str) -> None:
    assert span(timedelta(minutes=minutes)) == words


def test_a_deadline_says_how_long_or_how_late() -> None:
    hour = timedelta(hours=1)
    said = [deadline(NOW + 5 * hour, NOW), deadline(NOW + 2 * hour, NOW), deadline(NOW - hour, NOW)]
    assert [(c.words, c.tone) for c in said] == [
        ("剩余 5 小时", "calm"),
        ("剩余 2 小时", "soon"),
        ("已超时 1 小时", "late"),
    ]
    assert deadline(NOW, NOW + hour, met=NOW - hour).words == "按时完成"
    assert deadline(NOW, NOW, met=NOW + hour).words == "完成，超时 1 小时"


def test_times_are_beijing_s_and_name_another_year() -> None:
    assert moment(NOW, NOW) == "1月23日 02:00"
    assert moment(NOW - timedelta(days=60), NOW) == "2025年11月24日 02:00"
    assert (ago(NOW - timedelta(hours=3), NOW), ago(NOW + timedelta(hours=1), NOW)) == ("3 小时前", "1 小时后")


def test_each_hour_counts_its_own_documents() -> None:
    times = [NOW, NOW - timedelta(minutes=1), NOW - timedelta(hours=2), NOW - timedelta(days=9)]
    assert per_hour(times, end=NOW, hours=3) == [1, 1, 1]
    assert grouped([1, 2, 3, 4, 5], 2) == [3, 7, 5]


@given(st.lists(st.integers(0, 10_000), max_size=80))
def test_any_counts_can_be_drawn(counts: list[int]) -> None:
    for drawing in (
        sparkline(counts, "走势"),
        timeline(counts, end=NOW, hours_a_bar=2, label="走势"),
        bar(sum(counts), 7),
    ):
        assert drawing.startswith("<svg")
        assert "nan" not in drawing


def test_a_label_cannot_break_out_of_a_drawing() -> None:
    assert "<script>" not in sparkline([1], '"><script>')


@given(st.text("海洋赤潮ab1 。\n", max_size=30), st.text("海洋赤潮ab1 。\n", max_size=30))
def test_the_changes_hold_both_wordings_whole(old: str, new: str) -> None:
    pieces = changes(old, new)
    assert "".join(p.text for p in pieces if p.kind != "added") == old
    assert "".join(p.text for p in pieces if p.kind != "removed") == new


def test_a_changed_figure_is_marked_whole() -> None:
    assert [(p.kind, p.text) for p in changes("潮位262厘米", "潮位305厘米")] == [
        ("kept", "潮位"), ("removed", "262"), ("added", "305"), ("kept", "厘米"),
    ]  # fmt: skip


def test_every_state_of_a_source_has_a_chinese_word_and_a_tone() -> None:
    assert {labels.label("harvest", state) for state in HarvestState}.isdisjoint(HarvestState)
    assert {labels.harvest_tone(state) for state in HarvestState} == {"good", "warn", "bad"}
    assert labels.harvest_tone("") == "idle"


def test_an_act_is_told_in_one_line() -> None:
    facts = {"from": "draft", "to": "submitted", "text_hash": "a" * 64, "drill": False, "sources": ["甲", "乙"]}
    assert labels.detail(facts) == f"原状态：草稿；现状态：待签发；文字指纹：{'a' * 12}…；来源：甲、乙"


def test_only_web_addresses_become_links() -> None:
    assert [outward(url) for url in ("https://a.example/", "javascript:alert(1)", "data:x")] == [
        "https://a.example/",
        "",
        "",
    ]


def test_marks_of_evidence_become_links_and_markup_does_not() -> None:
    assert cited("<b>甲[E1]乙") == '&lt;b&gt;甲<a href="#E1">[E1]</a>乙'


def test_a_cadence_is_said_in_its_own_unit() -> None:
    assert [cadence(s) for s in (86400, 1800, 7200, 90)] == ["每天", "每 30 分钟", "每 2 小时", "每 90 秒"]
