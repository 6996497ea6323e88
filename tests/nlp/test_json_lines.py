"""Lines of JSON: read and written as Python's own json does, only faster."""

import json

import pytest

from nlp.json_lines import parsed, row_line

ROWS = [
    {"id": 7, "text": "风暴潮", "share": 0.1234, "none": 0.0, "list": ["a", 1, None, True], "inner": {"b": []}},
    {"id": 10**40, "text": '\x00\x07\u2028\x7f"\\\n'},
    {"id": -1, "text": "😀"},
]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_written_as_by_json_and_read_back(row):
    line = row_line(row)
    assert line.decode() == json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
    assert parsed(line.decode()) == row


def test_half_an_emoji_is_written_as_an_escape() -> None:
    line = row_line({"id": "\ud83c海"})
    assert line == b'{"id":"\\ud83c\\u6d77"}\n'
    assert parsed(line.decode()) == {"id": "\ud83c海"}


@pytest.mark.parametrize("line", ['{"id": NaN}', '{"id": 123456789012345678901234567890}', '{"a": Infinity, "id": 1}'])
def test_numbers_beyond_the_standard_are_read_as_by_json(line):
    assert repr(parsed(line)) == repr(json.loads(line))


@pytest.mark.parametrize("line", ["", "{", "[" * 100_000, "{'a': 1}"])
def test_what_is_no_json_is_an_error(line):
    with pytest.raises((ValueError, RecursionError)):
        parsed(line)
