"""Lets many linear models judge the same batch in one product: the columns of all of them are looked up once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nlp.grams import COLUMNS, Rows
from nlp.models import LinearModel
from nlp.reading import Batch, Numbers


class Panel:
    """The models of a set, their weights side by side; the files they came from stay one each."""

    def __init__(self, models: Mapping[str, LinearModel]) -> None:
        self.models = dict(models)
        used = np.zeros(COLUMNS, dtype=bool)
        for model in models.values():
            used[model.columns] = True
        width = int(used.sum())
        self._slots: Rows = np.full(COLUMNS, -1, dtype=np.int32)
        self._slots[used] = np.arange(width, dtype=np.int32)
        ends = np.cumsum([0, *(len(model.labels) for model in models.values())])
        self._labels = {name: slice(*ends[number : number + 2]) for number, name in enumerate(models)}
        self._weights: Numbers = np.zeros((width, ends[-1]), dtype=np.float32)
        self._squares: Numbers = np.zeros((width, len(models)), dtype=np.float32)
        for number, (name, model) in enumerate(models.items()):
            places = self._slots[model.columns]
            self._weights[places, self._labels[name]] = model.idf[:, None] * model.weights
            self._squares[places, number] = model.idf**2

    def probabilities(self, batch: Batch) -> dict[str, Numbers]:
        """Of each model what its own `probabilities` says, but for the last digits of a float32."""
        counts = batch.grams.among(self._slots, len(self._weights))
        margins = counts @ self._weights
        counts.data **= 2
        lengths = np.maximum(np.sqrt(counts @ self._squares), 1e-9)
        return {
            name: model.calibrated(margins[:, self._labels[name]] / lengths[:, [number]] + model.besides(batch))
            for number, (name, model) in enumerate(self.models.items())
        }
