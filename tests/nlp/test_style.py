"""How a text is written, as numbers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nlp.style import MARKS, WIDTH, style


def test_no_texts_and_empty_texts_have_numbers_too() -> None:
    assert style([]).shape == (0, WIDTH)
    assert style(["", "海"]).shape == (2, WIDTH)
    assert np.isfinite(style([""])).all()


@given(st.lists(st.text(max_size=30), max_size=5))
def test_a_text_counts_alike_whatever_stands_beside_it(texts: list[str]) -> None:
    together = style(texts)
    for number, text in enumerate(texts):
        np.testing.assert_array_equal(together[number], style([text])[0])


def test_what_a_text_speaks_of_does_not_count() -> None:
    """赤潮来了 (red tide has come) and 股票跌了 (shares fell) are written alike."""
    np.testing.assert_array_equal(*style(["赤潮来了，快跑！！", "股票跌了，快卖！！"]))


def test_marks_openings_and_endings_are_told_apart() -> None:
    calm, loud = style(["【通知】今日有雨。", "快转!!!"])
    head, shout = MARKS.index("【"), MARKS.index("!")
    assert calm[head] > loud[head] == 0
    assert loud[shout] > calm[shout] == 0


def test_a_closing_emoticon_and_an_emoji_are_seen() -> None:
    assert (style(["好美[心]"]) != style(["好美"])).any()
    assert (style(["好美🙏"]) != style(["好美啊"])).any()
