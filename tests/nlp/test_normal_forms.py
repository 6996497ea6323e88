"""The batch's normal form is the normal form of each text, whatever characters meet."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlp.normal_forms import ALONE, normal_forms
from nlp.normalise import normalise

ODD = "<>/＜海潮臺灣，。！…（）【】 \n\t\u3000\u00a0\u200b\ufeff\x00\x1f\x85\u2028é\u0301①½ﷺ℃Ａａſß\u3099か\u1100\u1161가😀🏻🇨\U0010ffff\ud83c"
TEXT = st.text(st.one_of(st.sampled_from(ODD), st.characters(max_codepoint=0x2FFFF)), max_size=12)


@given(st.lists(TEXT, max_size=5))
@example(["獵\ud800"])  # half an emoji beside a traditional character
@settings(max_examples=300, deadline=None)
def test_each_text_comes_out_as_alone(texts: list[str]) -> None:
    assert normal_forms(texts) == [normalise(text) for text in texts]


def test_every_character_of_the_table_has_its_form_between_others() -> None:
    characters = [chr(code) for start, end in ALONE for code in range(start, end)]
    texts = [f"a{character}海" for character in characters]
    assert normal_forms(texts) == [normalise(text) for text in texts]


@pytest.mark.parametrize("texts", [[], [""], ["", ""], [" ", "海 ", " 海", "海  潮"]])
def test_empty_texts_and_spaces_at_the_ends(texts: list[str]) -> None:
    assert normal_forms(texts) == [normalise(text) for text in texts]
