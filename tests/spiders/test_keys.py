"""Each key of a source file has its reader; a value that it cannot take is a ValueError whose words say what to write."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.keys import READERS, UNITS, address, duration
from spiders.sources import Source

ODD = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text()), st.just({}))


def test_every_key_of_a_source_has_a_reader_and_no_reader_is_left_over() -> None:
    assert set(READERS) == {field.name for field in fields(Source)} - {"slug"}


@pytest.mark.parametrize("key", sorted(READERS))
@given(value=ODD)
def test_a_reader_takes_a_value_or_says_what_is_wrong_with_it(key: str, value: object) -> None:
    said = "a value"
    try:
        READERS[key](value)
    except ValueError as error:
        said = str(error)
    assert said


@given(st.integers(1, 10_000), st.sampled_from(sorted(UNITS)))
def test_a_time_span_is_a_number_with_its_unit(number: int, unit: str) -> None:
    assert duration(f"{number}{unit}") == timedelta(**{UNITS[unit]: number})


@pytest.mark.parametrize("written", ["0m", "1 week", "-1h", "1.5h", "", "90"])
def test_anything_else_is_no_time_span(written: str) -> None:
    with pytest.raises(ValueError, match="write 90s, 30m, 2h or 1d"):
        duration(written)


def test_the_sample_site_s_address_needs_its_port() -> None:
    assert address("{sample:2}/x", ports_from=18700) == "http://127.0.0.1:18702/x"
    with pytest.raises(ValueError, match="sample day only"):
        address("{sample:2}/x")
