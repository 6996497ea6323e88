"""Texts become rows of telling features; what only one text says, and what everyone says, weighs nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import vectors
from nlp.features import TrackingParameters, Wording
from nlp.normalise import normalise
from nlp.regions import regions
from nlp.segment import words
from nlp.vectors import read
from tests.nlp.test_topics import ICE, OIL

PARAMETERS = TrackingParameters.load()


def wording(text: str, title: str = "") -> Wording:
    return Wording(title, text, words(normalise(f"{title}\n{text}")))


def alike(*texts: str) -> np.ndarray:
    """Cosines of all pairs, shape (n, n)."""
    matrix = read([wording(text) for text in texts], PARAMETERS).features
    return np.asarray((matrix @ matrix.T).todense())


def test_rows_have_length_one_or_nothing_to_say() -> None:
    assert np.diag(alike(*ICE, *OIL, "👍")) == pytest.approx([1.0] * 8 + [0.0], abs=1e-4)


def test_what_only_one_text_says_weighs_nothing() -> None:
    assert read([wording(ICE[0]), wording("完全不同")], PARAMETERS).features.nnz == 0


def test_texts_of_one_matter_are_more_alike_than_of_two() -> None:
    found = alike(*ICE, *OIL)
    assert found[:4, :4][~np.eye(4, dtype=bool)].min() > found[:4, 4:].max()


def test_links_names_and_masks_are_no_features() -> None:
    dressed = f"{ICE[0]} https://t.example/abc @某人 @[姓名]"
    assert alike(ICE[0], dressed, ICE[1])[0, 1] > 0.95


@pytest.mark.parametrize(("count", "is_series"), [(2, False), (3, True)])
def test_three_texts_that_open_alike_are_a_series_and_two_are_none(count: int, is_series: bool) -> None:
    bodies = ["海冰围住渔船", "油污漂到岸边", "围填海被叫停", "水价要听证了"]
    opened = [f"津沽晨报刊{body}" if number < count else body for number, body in enumerate(bodies)]
    closed = [f"{body}津沽晨报刊" if number < count else body for number, body in enumerate(bodies)]
    size = [read(map(wording, texts), PARAMETERS).features.shape[1] for texts in (opened, closed)]
    assert (size[0] > size[1]) is is_series


@given(st.lists(st.text(alphabet="海冰油污渔船港口水价，。#@ 𠮷👍", max_size=40), max_size=12), st.integers(1, 5))
def test_blocks_change_nothing(texts: list[str], size: int) -> None:
    whole = read(map(wording, texts), PARAMETERS).features
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vectors, "TEXTS_A_BLOCK", size)
        parted = read(map(wording, texts), PARAMETERS).features
    assert (whole != parted).nnz == 0


def test_regions_are_a_city_with_its_province_and_count_in_the_head_alone() -> None:
    rows = read(
        [wording("青岛冷库起火"), wording("山东一地起火"), wording("起火" * 40 + "湛江"), wording("起火")], PARAMETERS
    ).regions
    found = np.asarray((rows @ rows.T).todense())
    assert found[0, 1] == pytest.approx(0.5**0.5)
    assert np.diag(found) == pytest.approx([1.0, 1.0, 0.0, 0.0], abs=1e-6)


def test_a_city_names_its_province_whatever_its_ending() -> None:
    by_word = regions().by_word
    assert by_word["青岛"] == by_word["青岛市"]
    assert by_word["青岛"][1:] == by_word["山东省"] == by_word["山东"]
    assert "黄山" not in by_word
    assert by_word["黄山市"][1:] == by_word["安徽"]
