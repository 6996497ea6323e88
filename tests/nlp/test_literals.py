"""Words a pattern needs: none may be missing, or a mark would be overlooked."""

import json
import re

import pytest

from nlp.cues import cue_rules
from nlp.lexicons import _guards
from nlp.literals import literals
from nlp.matching import Sieve
from nlp.word_files import LEXICONS
from store.settings import DATA


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("求扩散|速转", {"求扩散", "速转"}),
        ("囤(?:盐|水)", {"囤盐", "囤水"}),
        (r"快去(?:抢)?盐\S{0,6}断货", {"断货", "快去盐", "快去抢盐"}),
        ("[转传]发", {"转发", "传发"}),
        ("!{2,}", {"!"}),
        (r"(?<!\d)1[34]\d{9}", {"13", "14"}),
        (r"\d+", None),
        ("海?", None),
        ("海|", None),
        ("(?i:ab)", None),
        (r"(.)\1", None),
        ("[^海]潮", {"潮"}),
    ],
)
def test_the_words_every_match_holds(pattern, words):
    found = literals(pattern)
    if words is None:
        assert found is None
    else:
        assert found is not None
        assert found <= words
        assert found


def test_the_sieve_loses_no_match_in_our_texts() -> None:
    texts = [
        json.loads(line)["text"]
        for name in ("marine", "other")
        for line in (DATA / "corpus" / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    patterns = [rule.pattern for rule in cue_rules()]
    patterns += [re.compile(pattern) for _, pattern, _ in _guards(LEXICONS) if pattern]
    sieve = Sieve(patterns)
    matched = 0
    for text in texts:
        passed = sieve.passed(text)
        found = [number for number, pattern in enumerate(patterns) if pattern.search(text)]
        assert set(found) <= set(passed)
        matched += len(found)
    assert matched > 200


def test_a_pattern_without_words_or_blind_to_capitals_is_always_tried() -> None:
    assert Sieve([re.compile(r"\d+"), re.compile("ab", re.IGNORECASE), re.compile("海")]).passed("潮") == (0, 1)
