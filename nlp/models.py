"""Linear models as plain arrays: saved with skops, never pickle, checked against their manifest, scored with numpy.

A model is weights over hashed n-gram columns and lexicon counts; no text can be read back from it, and no scikit-learn is
needed to score, so models outlive its versions.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nlp.archive import ForeignType, plain
from nlp.grams import COLUMNS, Grams
from nlp.reading import Batch, Numbers, batch, read
from store.errors import ModelRefused
from store.settings import DATA

MODELS = DATA / "models"
MANIFEST = "manifest.json"
MEND = "restore it from the release, or train anew with `python -m nlp.train`"
ARRAYS = ("columns", "idf", "weights", "sea", "speech", "style", "intercept", "calibration")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one model is fitted. Scales say how freely a block may speak against the others; 0 leaves the block out.

    A `staged` model learns its n-grams first; what they say of texts they never saw is then weighed against how the text
    is written (nlp/style.py), so that n-grams learned by heart cannot drown it. With `beside`, a plain logistic regression
    of that strength gives its opinion in the first stage too: the two err on different texts.
    """

    name: str
    labels: tuple[str, ...]
    strength: float  # inverse of the regularisation, scikit-learn's C
    least: int = 2  # texts a column must occur in
    text_scale: float = 1.0
    sea_scale: float = 0.0
    speech_scale: float = 0.0
    ratio: bool = False  # weigh columns by their log-count ratio and fit a support-vector machine
    staged: bool = False
    beside: float = 0.0  # scikit-learn's C; 0 for no second opinion


@dataclass(frozen=True)
class LinearModel:
    """One score a label.

    Shapes with k labels: columns (c,), idf (c,), weights (c, k), sea (SEA, k), speech (SPEECH, k), style (STYLE, k),
    intercept (k,), calibration (k, 2). `sea`, `speech` or `style` has no rows where the model ignores that block;
    `calibration` has none where exactly one label is true of a text and the margins are log-odds among them.
    """

    name: str
    labels: tuple[str, ...]
    columns: NDArray[np.int32]
    idf: Numbers
    weights: Numbers
    sea: Numbers
    speech: Numbers
    style: Numbers
    intercept: Numbers
    calibration: Numbers
    facts: Mapping[str, Any] = field(default_factory=dict)  # what it was trained on, for the model card

    @cached_property
    def _slot(self) -> NDArray[np.int32]:
        slots = np.full(COLUMNS, -1, dtype=np.int32)
        slots[self.columns] = np.arange(len(self.columns), dtype=np.int32)
        return slots

    def scores(self, batch: Batch) -> Numbers:
        """Raw margins of each label, shape (n_texts, k)."""
        scores: Numbers = weighted(batch.grams, self._slot, self.idf) @ self.weights + self.besides(batch)
        return scores

    def besides(self, batch: Batch) -> Numbers:
        """What the intercept and the lexicon counts add to the margins, shape (n_texts, k)."""
        total = np.tile(self.intercept, (batch.grams.n_texts, 1))
        if len(self.sea):
            total = total + batch.sea @ self.sea
        if len(self.speech):
            total = total + batch.speech @ self.speech
        if len(self.style):
            total = total + batch.style @ self.style
        return total

    def probabilities(self, batch: Batch) -> Numbers:
        """Calibrated probability of each label, shape (n_texts, k), 0..1.

        Each by itself (Platt 1999), so that rows need not add up to 1; by softmax, so that they do, where the margins are
        log-odds among the labels.
        """
        return self.calibrated(self.scores(batch))

    def calibrated(self, scores: Numbers) -> Numbers:
        """Raw margins of shape (n_texts, k) as probabilities."""
        if len(self.calibration) == 0:
            return shares(scores)
        return calibrated(scores, self.calibration[:, 0], self.calibration[:, 1])

    def slope(self, number: int) -> float:
        """What a margin of a label is multiplied with to be log-odds."""
        return float(self.calibration[number, 0]) if len(self.calibration) else 1.0


def shares(margins: Numbers) -> Numbers:
    """Log-odds among labels as probabilities that add up to 1 (softmax)."""
    raised = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


def calibrated(scores: Numbers, slope: Numbers, shift: Numbers) -> Numbers:
    """Platt's sigmoid, kept off the overflow of exp."""
    clipped: Numbers = np.clip(scores * slope + shift, -30, 30)
    return np.asarray(1.0 / (1.0 + np.exp(-clipped)), dtype=np.float32)


def weighted(grams: Grams, slots: NDArray[np.int32], idf: Numbers) -> sparse.csr_matrix:
    """The n-grams of a batch in a model's columns, damped, weighed by rarity, each row of length 1."""
    places = slots[grams.columns]
    known = places >= 0
    rows, places = grams.rows[known], places[known]
    values = grams.damped[known] * idf[places]
    norms = np.sqrt(np.bincount(rows, weights=values * values, minlength=grams.n_texts))
    values /= np.maximum(norms, 1e-9)[rows].astype(np.float32)
    return sparse.csr_matrix((values, (rows, places)), shape=(grams.n_texts, len(idf)))


def save(model: LinearModel, folder: Path) -> None:
    """Write the model and its line in the manifest. Equal models give equal bytes."""
    import skops.io  # here, since it takes scikit-learn and two seconds along

    state = {name: np.asarray(getattr(model, name)) for name in ARRAYS}
    for name in ("idf", "weights"):
        state[name] = state[name].astype(np.float16)  # three digits are plenty and half the size
    content = _settled(
        skops.io.dumps({"name": model.name, "labels": list(model.labels), "facts": dict(model.facts), **state})
    )
    _keep(model.name, content, folder)


def _keep(name: str, content: bytes, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.skops").write_bytes(content)
    manifest = _manifest(folder) if (folder / MANIFEST).exists() else {}
    manifest[f"{name}.skops"] = hashlib.sha256(content).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", "utf-8")


def take_over(name: str, source: Path, folder: Path) -> None:
    """Copy a model with its line in the manifest from one folder into another; raises ModelRefused when it is not whole."""
    load(name, source)
    content = (source / f"{name}.skops").read_bytes()
    _keep(name, content, folder)


def _settled(content: bytes) -> bytes:
    """The same archive without the memory addresses and times that skops puts into names and entries."""
    source = zipfile.ZipFile(io.BytesIO(content))
    schema = source.read("schema.json").decode()
    names = {old: str(number) for number, old in enumerate(dict.fromkeys(re.findall(r"\d{12,}", schema)), 1)}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for entry in sorted(
            source.namelist(), key=lambda name: re.sub(r"\d{12,}", lambda old: names[old.group()].zfill(6), name)
        ):
            data = source.read(entry)
            if entry == "schema.json":
                data = re.sub(r"\d{12,}", lambda old: names[old.group()], schema).encode()
            archive.writestr(
                zipfile.ZipInfo(re.sub(r"\d{12,}", lambda old: names[old.group()], entry)), data, zipfile.ZIP_DEFLATED
            )
    return target.getvalue()


def load(name: str, folder: Path = MODELS) -> LinearModel:
    """A model whose bytes are those of the manifest; raises ModelRefused saying what to do."""
    path = folder / f"{name}.skops"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelRefused(f"model {path.name} is missing: {MEND}") from error
    expected = _manifest(folder).get(path.name)
    if hashlib.sha256(content).hexdigest() != expected:
        raise ModelRefused(f"model {path.name} is not the one listed in {MANIFEST} (changed or foreign): {MEND}")
    return _model(content, path)


def _model(content: bytes, path: Path) -> LinearModel:
    try:
        state = plain(content)
    except ForeignType as error:
        raise ModelRefused(f"model {path.name} holds {error}, only plain arrays are read: {MEND}") from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise ModelRefused(f"model {path.name} is no skops archive: {MEND}") from error
    if not isinstance(state, dict) or set(state) != {"name", "labels", "facts", *ARRAYS}:
        raise ModelRefused(f"model {path.name} has another shape than this version reads: {MEND}")
    for array in set(ARRAYS) - {"columns"}:
        state[array] = np.asarray(state[array], dtype=np.float32)
    return LinearModel(**{**state, "labels": tuple(state["labels"])})


def fitting(model: LinearModel) -> LinearModel:
    """The model, when it weighs as many lexicon counts as the lexicons of today give; raises ModelRefused otherwise."""
    numbers = batch([read("")])
    for weights, counts in ((model.sea, numbers.sea), (model.speech, numbers.speech), (model.style, numbers.style)):
        if len(weights) not in (0, counts.shape[1]):
            raise ModelRefused(
                f"model {model.name} was trained with other lexicon groups than data/lexicons holds: {MEND}"
            )
    return model


def _manifest(folder: Path) -> dict[str, str]:
    try:
        listed = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelRefused(f"{MANIFEST} of the models cannot be read: {MEND}") from error
    return dict(listed)


def version(folder: Path = MODELS) -> str:
    """A short name of all models together: the first 12 hex digits of their manifest's SHA-256."""
    return hashlib.sha256(json.dumps(_manifest(folder), sort_keys=True).encode()).hexdigest()[:12]
