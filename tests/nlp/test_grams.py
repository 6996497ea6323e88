"""Hashed n-grams: the same whatever the batch, and nothing across the border of two texts."""

import numpy as np

from nlp.grams import COLUMNS, grams


def columns(text: str, words: list[str]) -> set[int]:
    return set(grams([text], [words]).columns.tolist())


def test_a_text_has_the_same_columns_alone_and_in_a_batch() -> None:
    texts, words = ["赤潮来了", "海", "", "赤潮来了"], [["赤潮", "来", "了"], ["海"], [], ["赤潮", "来", "了"]]
    together = grams(texts, words).matrix()
    for row, (text, cut) in enumerate(zip(texts, words, strict=True)):
        assert set(together[row].indices.tolist()) == columns(text, cut)


def test_characters_and_words_of_one_to_three_are_counted() -> None:
    assert len(columns("赤潮来", ["赤潮", "来"])) == 3 + 2 + 1 + 2 + 1


def test_repeated_signs_are_damped() -> None:
    found = grams(["啊啊啊"], [[]])
    assert found.counts.max() == 3
    assert np.isclose(found.damped.max(), 1 + np.log(3))


def test_capital_letters_count_as_small() -> None:
    assert columns("AI", ["AI"]) == columns("ai", ["ai"])


def test_no_text_gives_an_empty_matrix() -> None:
    assert grams([], []).matrix().shape == (0, COLUMNS)


def test_letters_that_change_by_their_place_or_grow_count_as_small_word_by_word() -> None:
    for word in ("ΟΔΟΣ", "İİ"):
        assert columns(word, [word]) == columns(word.lower(), [word.lower()])


def test_among_gives_the_columns_asked_for() -> None:
    found = grams(["啊啊啊赤潮", "", "赤潮"], [["啊", "啊", "啊", "赤潮"], [], ["赤潮"]])
    wanted = np.unique(found.columns)[::2]
    slots = np.full(COLUMNS, -1, dtype=np.int32)
    slots[wanted] = np.arange(len(wanted), dtype=np.int32)
    assert abs(found.among(slots, len(wanted)) - found.matrix()[:, wanted]).max() < 1e-6


def test_some_texts_of_a_batch_have_the_columns_they_have_alone() -> None:
    texts, words = ["海水倒灌", "赤潮", "", "海冰海冰"], [["海水", "倒灌"], ["赤潮"], [], ["海冰", "海冰"]]
    chosen = grams(texts, words).of(np.array([3, 2, 0]))
    alone = grams([texts[row] for row in (3, 2, 0)], [words[row] for row in (3, 2, 0)])
    assert chosen.n_texts == 3
    assert (chosen.matrix() != alone.matrix()).nnz == 0
