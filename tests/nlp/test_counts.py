"""Counts beside the n-grams: words once each, digits of any script, the same alone and in a batch."""

import math

import numpy as np

from nlp.counts import sea, speech
from nlp.cues import cue_rules
from nlp.lexicons import moods
from nlp.reading import read_all

TEXTS = ["风暴潮风暴潮海冰", "", "你好吗?", "大港油田12٣", "听说塘沽海边死了人!!"]
AFTER_WORDS = len(cue_rules()) + 1 + len(moods().names)


def test_a_word_met_twice_counts_once() -> None:
    assert math.isclose(float(sea(read_all(["风暴潮风暴潮海冰"]))[0, 0]), math.log1p(2), rel_tol=1e-6)


def test_digits_of_any_script_are_counted() -> None:
    digits = speech(read_all(TEXTS))[:, AFTER_WORDS + 6]
    np.testing.assert_allclose(digits, [0, 0, 0, math.log1p(3), 0], rtol=1e-6)


def test_rows_are_the_same_alone_and_together() -> None:
    for count in (sea, speech):
        together = count(read_all(TEXTS))
        assert together.dtype == np.float32
        alone = np.concatenate([count(read_all([text])) for text in TEXTS])
        np.testing.assert_array_equal(together, alone)
        assert count([]).shape == (0, together.shape[1])
