"""Six feelings are learned, three are said: the four bad ones count together."""

from __future__ import annotations

import numpy as np
import pytest

from nlp import emotion
from nlp.models import LinearModel, load
from nlp.reading import batch, read


@pytest.fixture(scope="module")
def model() -> LinearModel:
    return load("emotion")


def test_four_feelings_of_a_fifth_each_outweigh_one_that_is_likelier_than_each() -> None:
    assert emotion.likeliest(np.array([[0.3, 0.1, 0.15, 0.15, 0.15, 0.15]])) == ["negative"]
    assert emotion.likeliest(np.array([[0.6, 0.0, 0.1, 0.1, 0.1, 0.1], [0.2, 0.5, 0.3, 0.0, 0.0, 0.0]])) == [
        "happy",
        "neutral",
    ]


def test_merged_probabilities_add_up_to_one(model: LinearModel) -> None:
    said = model.probabilities(batch([read("海边日出太美了，开心！"), read("气死人了，又排污"), read("")]))
    assert said.shape == (3, len(emotion.FEELINGS))
    np.testing.assert_allclose(emotion.merged(said).sum(axis=1), 1.0, atol=1e-5)
    assert emotion.likeliest(said)[:2] == ["happy", "negative"]


def test_every_feeling_belongs_to_a_label() -> None:
    assert [emotion.label(feeling) for feeling in emotion.FEELINGS] == ["happy", "neutral", *["negative"] * 4]


def test_the_feeling_behind_a_negative_text_is_one_of_the_negative_ones(model: LinearModel) -> None:
    assert emotion.feeling(model, read("又往海里排污，气死人了，谁来管管！"), "negative") == "angry"
    assert emotion.feeling(model, read("海边日出太美了，开心！"), "negative") in emotion.FEELINGS[2:]
    assert emotion.feeling(model, read("气死人了"), "happy") == "happy"
