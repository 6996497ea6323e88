"""Cutting: marine words stay whole, and the fast engine equals the reference."""

import json
from collections.abc import Iterator

import pytest

from nlp import segment
from nlp.normalise import normalise
from store.errors import BadSettings
from store.settings import DATA


def corpus() -> Iterator[str]:
    """The labelled corpus and the texts of the sample day: posts, threads, reports."""
    for name in ("marine", "other"):
        for line in (DATA / "corpus" / f"{name}.jsonl").read_text("utf-8").splitlines():
            yield normalise(json.loads(line)["text"])
    for line in (DATA / "sample" / "microblog.jsonl").read_text("utf-8").splitlines():
        yield normalise(json.loads(line)["text"])
    for line in (DATA / "sample" / "news.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        yield from map(normalise, [row["title"], *row["paragraphs"]])
    for line in (DATA / "sample" / "board.jsonl").read_text("utf-8").splitlines():
        yield from (normalise(post["text"]) for post in json.loads(line)["posts"])


@pytest.fixture(scope="module")
def texts() -> list[str]:
    found = list(corpus())
    assert len(found) > 2500
    return found


def test_both_engines_cut_every_text_alike(texts: list[str]) -> None:
    for text in texts:
        assert segment.words(text, engine_name="rjieba") == segment.words(text, engine_name="jieba"), text


def test_both_engines_give_the_same_search_words(texts: list[str]) -> None:
    for text in texts:
        assert sorted(segment.search_words(text, engine_name="rjieba")) == sorted(
            segment.search_words(text, engine_name="jieba")
        ), text


def test_the_words_make_up_the_text_again(texts: list[str]) -> None:
    for text in texts:
        assert "".join(segment.engine().cut(text)) == text


def test_the_word_list_holds_enough_words_each_once() -> None:
    words = [word for word, _, _ in segment.added_words()]
    assert len(words) >= 600
    assert len(set(words)) == len(words)
    assert words == [normalise(word) for word in words]


@pytest.mark.parametrize("word", ["警戒潮位", "核污染水", "七里海", "海河口", "浒苔", "独流减河口", "依申请公开"])
def test_marine_words_are_cut_whole(word):
    assert word in segment.words(f"今日{word}情况引发关注")


def test_every_added_word_is_cut_whole_in_the_measured_frame() -> None:
    words = [word for word, _, _ in segment.added_words()]
    whole = [word for word in words if word in segment.words(f"今日{word}情况引发关注")]
    assert len(whole) >= 0.97 * len(words)  # 蓬莱19-3 and words inside longer ones excepted


def test_search_words_hold_the_shorter_words_too() -> None:
    found = segment.search_words("海水淡化厂投产")
    assert {"海水", "淡化", "海水淡化厂"} <= set(found)


def test_white_space_is_no_word_and_starts_count_it() -> None:
    assert segment.words("赤潮 来了\n快看") == ["赤潮", "来", "了", "快", "看"]
    tokens = segment.engine().cut("赤潮 来")
    assert segment.starts(tokens) == [0, 2, 3, 4]


def test_an_unknown_engine_is_refused_with_the_setting_to_mend() -> None:
    with pytest.raises(BadSettings, match="CHAOXIN_ENGINE"):
        segment.engine("pkuseg")


def test_a_broken_line_of_the_word_list_is_named(tmp_path):
    broken = tmp_path / "words.txt"
    broken.write_text("# head\n赤潮 50 n\n浒苔 many n\n", "utf-8")
    with pytest.raises(BadSettings, match=r"words.txt line 3"):
        segment.added_words(broken)
