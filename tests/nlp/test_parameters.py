"""Threshold files are read strictly, naming file and key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from nlp.claims import ClaimParameters
from nlp.duplicates import DuplicateParameters
from nlp.features import TrackingParameters
from nlp.heat import HeatParameters
from nlp.parameters import load_parameters
from store.errors import BadSettings


@dataclass(frozen=True, slots=True)
class Two:
    many: int
    share: float


GOOD = "many: {value: 3, unit: documents, reason: r}\nshare: {value: 1, unit: share, reason: r}\n"


def load(folder: Path, text: str) -> Two:
    (folder / "two.yml").write_text(text, "utf-8")
    return load_parameters(Two, "two.yml", folder=folder)


def test_values_come_with_their_types(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD) == Two(3, 1.0)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (GOOD + "more: {value: 1, unit: u, reason: r}\n", "'more' is unknown"),
        ("many: {value: 3, unit: u, reason: r}\n", "'share' is missing"),
        (GOOD.replace("value: 3", "value: 2.5"), "'many' is 2.5, expected int"),
        (GOOD.replace("value: 3", "value: true"), "'many' is True"),
        (GOOD.replace(", reason: r}\nshare", "}\nshare"), "'many' must hold exactly"),
        ("- 1\n", "holds no entries"),
        ("many: [\n", "cannot be read"),
    ],
)
def test_anything_odd_is_refused_by_name(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(BadSettings, match=r"two\.yml") as refused:
        load(tmp_path, text)
    assert named in str(refused.value)


def test_the_files_in_force_can_be_read() -> None:
    assert 0.0 < TrackingParameters.load().merge < 1.0
    assert load_parameters(DuplicateParameters, "duplicates.yml").bands
    claims, heat = ClaimParameters.load(), HeatParameters.load()
    assert 0.0 < claims.risk < claims.lone_risk
    weights = (heat.volume_points, heat.speed_points, heat.breadth_points, heat.engagement_points, heat.recency_points)
    assert sum(weights) == 100
