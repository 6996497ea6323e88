"""Words found by automata: the longest wins, and none lies across the border of a token."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.matching import Finder, Overlaps, Span, between_borders

WORDS = ("海", "海洋", "海洋局", "洋局", "局", "上海")
TOKENS = st.lists(st.lists(st.text("海洋局上", min_size=1, max_size=4), max_size=6), max_size=4)


def naive(text: str, tokens: Sequence[str]) -> list[Span]:
    """The rule of `between_borders` word by word."""
    borders = [sum(map(len, tokens[:count])) for count in range(len(tokens) + 1)]
    found, position = [], 0
    for start, token in zip(borders, tokens, strict=False):
        lengths = [len(word) for word in WORDS if text.startswith(word, start)]
        if not lengths or start < position:
            continue
        end = start + max(lengths)
        if end in borders or (max(lengths) > 1 and end < start + len(token)):
            found.append((WORDS.index(text[start:end]), start, end))
            position = end
    return found


@given(TOKENS)
@settings(max_examples=300, deadline=None)
def test_words_begin_with_a_token_and_cut_none(tokens: list[list[str]]) -> None:
    texts = ["".join(each) for each in tokens]
    found = between_borders(Overlaps(WORDS), texts, tokens)
    assert found == [naive(text, each) for text, each in zip(texts, tokens, strict=True)]


def test_the_longest_word_wins_and_none_lies_over_another() -> None:
    find = Finder(["潮", "风暴潮", "潮位"])
    assert [find.words[number] for number, _, _ in find("风暴潮潮位")] == ["风暴潮", "潮位"]
