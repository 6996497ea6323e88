"""Model files: plain arrays, checked, refused when they are not ours."""

import hashlib
import json
import pickle
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import skops.io

from nlp import models
from nlp.models import MODELS, LinearModel, fitting, load, save, version
from nlp.reading import batch, read
from store.errors import ModelRefused


def model(name: str = "toy") -> LinearModel:
    numbers = batch([read("赤潮来了"), read("天气不错")])
    columns = np.unique(numbers.grams.columns).astype(np.int32)
    generator = np.random.default_rng(1)
    return LinearModel(
        name=name,
        labels=("a", "b"),
        columns=columns,
        idf=np.ones(len(columns), np.float32),
        weights=generator.normal(size=(len(columns), 2)).astype(np.float16).astype(np.float32),
        sea=generator.normal(size=(numbers.sea.shape[1], 2)).astype(np.float32),
        speech=np.zeros((0, 2), np.float32),
        style=generator.normal(size=(numbers.style.shape[1], 2)).astype(np.float32),
        intercept=np.array([0.5, -0.5], np.float32),
        calibration=np.array([[1, 0], [2, 1]], np.float32),
    )


def test_a_saved_model_scores_as_before(tmp_path):
    save(model(), tmp_path)
    numbers = batch([read("海边又见赤潮"), read("")])
    before, after = model().probabilities(numbers), load("toy", tmp_path).probabilities(numbers)
    np.testing.assert_allclose(before, after, rtol=1e-3)
    assert before.shape == (2, 2)
    assert ((before >= 0) & (before <= 1)).all()


def test_margins_among_labels_are_saved_and_said_as_shares(tmp_path):
    among = replace(model(), calibration=np.zeros((0, 2), np.float32))
    save(among, tmp_path)
    said = load("toy", tmp_path).probabilities(batch([read("海边又见赤潮"), read("")]))
    np.testing.assert_allclose(said.sum(axis=1), 1.0, rtol=1e-6)
    assert load("toy", tmp_path).slope(1) == 1.0
    assert model().slope(1) == 2.0


def test_equal_models_give_equal_bytes(tmp_path):
    for folder in ("one", "two"):
        save(model(), tmp_path / folder)
    assert (tmp_path / "one" / "toy.skops").read_bytes() == (tmp_path / "two" / "toy.skops").read_bytes()
    assert version(tmp_path / "one") == version(tmp_path / "two")


def test_a_changed_file_is_refused_with_what_to_do(tmp_path):
    save(model(), tmp_path)
    path = tmp_path / "toy.skops"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ModelRefused, match=r"toy.skops is not the one listed.*python -m nlp.train"):
        load("toy", tmp_path)


def test_a_missing_model_or_manifest_is_refused(tmp_path):
    with pytest.raises(ModelRefused, match=r"toy.skops is missing"):
        load("toy", tmp_path)
    save(model(), tmp_path)
    (tmp_path / models.MANIFEST).write_text("no json")
    with pytest.raises(ModelRefused, match=r"manifest.json"):
        load("toy", tmp_path)


def listed(folder: Path, content: bytes) -> None:
    """Write foreign content with a matching line in the manifest, as an intruder would."""
    save(model(), folder)
    (folder / "toy.skops").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    (folder / models.MANIFEST).write_text(json.dumps({"toy.skops": digest}))


def test_other_types_than_plain_arrays_are_refused_even_when_listed(tmp_path):
    listed(tmp_path, skops.io.dumps({"name": "toy", "harm": read}))
    with pytest.raises(ModelRefused):
        load("toy", tmp_path)


def test_another_shape_is_refused_even_when_listed(tmp_path):
    listed(tmp_path, skops.io.dumps({"name": "toy"}))
    with pytest.raises(ModelRefused, match="another shape"):
        load("toy", tmp_path)


def test_a_pickle_is_refused_even_when_listed(tmp_path):
    listed(tmp_path, pickle.dumps({"name": "toy"}))
    with pytest.raises(ModelRefused):
        load("toy", tmp_path)


def test_a_model_of_other_lexicons_is_refused_with_what_to_do() -> None:
    assert fitting(model()).name == "toy"
    with pytest.raises(ModelRefused, match="other lexicon groups"):
        fitting(replace(model(), sea=np.zeros((3, 2), np.float32)))
    with pytest.raises(ModelRefused, match="other lexicon groups"):
        fitting(replace(model(), style=np.zeros((3, 2), np.float32)))


def test_every_shipped_model_is_listed_small_and_loads() -> None:
    manifest = json.loads((MODELS / models.MANIFEST).read_text())
    assert {path.name for path in MODELS.glob("*.skops")} == set(manifest)
    for name in manifest:
        assert load(name.removesuffix(".skops")).labels
    assert sum(path.stat().st_size for path in MODELS.iterdir()) < 12_000_000


def test_no_shipped_model_holds_a_sentence_of_text() -> None:
    for path in MODELS.glob("*.skops"):
        with zipfile.ZipFile(path) as archive:
            assert all(name.endswith(".npy") or name == "schema.json" for name in archive.namelist())
            schema = archive.read("schema.json").decode()
        longest = max(len(run) for run in re.findall(r"(?:\\u[0-9a-f]{4})+|[\u4e00-\u9fff]+", schema) or [""])
        assert longest <= 9 * 6  # names of categories, at most nine characters
