"""Archives of plain values: read as skops reads them, and nothing else is."""

import datetime
import io
import json
import zipfile

import numpy as np
import pytest
import skops.io

from nlp.archive import ForeignType, plain

STATE = {"name": "潮", "labels": ["a", "b"], "facts": {"rows": 3, "share": 0.5, "none": None, "yes": True}}


def test_plain_values_and_arrays_come_out_as_from_skops() -> None:
    content = skops.io.dumps({**STATE, "weights": np.arange(6, dtype=np.float16).reshape(2, 3)})
    found = plain(content)
    weights = found.pop("weights")
    assert found == STATE
    assert weights.dtype == np.float16
    assert weights.tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("foreign", [datetime.date(2026, 1, 1), print, np.array([print]), {1, 2}, (1, 2)])
def test_any_other_type_is_refused_by_name(foreign):
    with pytest.raises((ForeignType, ValueError)):
        plain(skops.io.dumps({"name": "toy", "harm": foreign}))


def test_a_plain_name_on_another_loader_is_refused() -> None:
    node = {"__class__": "str", "__module__": "builtins", "__loader__": "ObjectNode", "content": "{}"}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("schema.json", json.dumps(node))
    with pytest.raises(ForeignType, match=r"builtins\.str"):
        plain(target.getvalue())
