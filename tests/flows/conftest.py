"""One undisturbed sample night, shared by the tests that hold something against it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows.samplesite.server import SITES, SampleSites
from store.clock import SAMPLE_NIGHT
from store.settings import DATA
from tests.flows.houses import House, free_ports


@pytest.fixture(scope="session")
def sample_port() -> Iterator[int]:
    """Sample sites on free ports, their clock standing at the sample night."""
    first = free_ports(len(SITES))
    with SampleSites(first, now=lambda: SAMPLE_NIGHT):
        yield first


@pytest.fixture(scope="session")
def undisturbed(sample_port: int, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house in which one night was run from beginning to end."""
    folder = tmp_path_factory.mktemp("undisturbed")
    house = House(folder / "var", sample_port, folder / "writes.json")
    assert house.night() == 0
    return house


@pytest.fixture(scope="session")
def lean(sample_port: int, tmp_path_factory: pytest.TempPathFactory) -> House:
    """An undisturbed night without the broken sources: a third of the time, every stage the same."""
    folder = tmp_path_factory.mktemp("lean")
    broken = " ".join(path.stem for path in (DATA / "sample" / "sources").glob("broken-*.yml"))
    house = House(folder / "var", sample_port, folder / "writes.json", paused=broken)
    assert house.night() == 0
    return house
