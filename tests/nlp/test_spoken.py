"""The words behind each judgement: readable, of the right text, and turned round where the judgement is a no."""

from collections.abc import Mapping, Sequence

import pytest

from nlp import relevance
from nlp.annotate import Text
from nlp.models import LinearModel
from nlp.spoken import CLAIM_RISK, LABELLED, SHOWN, Spoken, Told, speakers, spoken

POST = "塘沽海边有人倒土填海，谁批的？臭气熏天，气死人了！"  # somebody fills in the sea, who allowed it, it stinks
JUDGED = {"category": "海域使用", "voice": "question", "stance": "against", "emotion": "negative"}


@pytest.fixture(scope="module")
def models() -> Mapping[str, LinearModel]:
    return speakers()


def words_of(
    models: Mapping[str, LinearModel],
    text: str,
    *,
    context: str = "",
    relevant: float = 0.9,
    reasons: Sequence[str] = (),
    labels: Mapping[str, str] = JUDGED,
) -> dict[str, Spoken]:
    post = Text(id=1, title="", text=text, published_at=None, source="", context=context)
    return spoken(models, post, Told(labels=labels, relevance=relevant, reasons=reasons))


def test_every_judgement_has_its_words(models: Mapping[str, LinearModel]) -> None:
    found = words_of(models, POST)
    assert set(found) == {"relevance", *LABELLED, CLAIM_RISK}
    assert "填海" in "".join(found["category"].speaks_for)
    assert "?" in "".join(found["voice"].speaks_for)


def test_the_words_stand_in_the_text_and_are_few_and_more_than_a_character(models: Mapping[str, LinearModel]) -> None:
    for name, said in words_of(models, POST * 3).items():
        for side in (said.speaks_for, said.speaks_against):
            assert len(side) <= SHOWN, name
            assert all(
                len(word) > 1 and word.replace("!", "！").replace("?", "？").replace(",", "，") in POST * 3
                for word in side
            )


def test_of_a_text_that_is_not_of_the_sea_the_words_that_say_so_come_first(models: Mapping[str, LinearModel]) -> None:
    text = "小区物业乱收停车费，地铁又停了"
    yes, no = (words_of(models, text, relevant=value)["relevance"] for value in (0.9, 0.1))
    assert (no.speaks_for, no.speaks_against) == (yes.speaks_against, yes.speaks_for)
    assert no.speaks_for


def test_a_reply_judged_by_what_it_answers_shows_the_words_of_that(models: Mapping[str, LinearModel]) -> None:
    context = "南港工业区围填海审批"
    found = words_of(models, "到底谁批的？", context=context, reasons=[relevance.of_context(context)])
    assert found["category"].in_answered
    assert "围填海" in "".join(found["category"].speaks_for)
    assert not found["voice"].in_answered
    assert not words_of(models, "到底谁批的？", context=context)["category"].in_answered


def test_a_label_no_model_knows_is_passed_over(models: Mapping[str, LinearModel]) -> None:
    found = words_of(models, POST, labels={**JUDGED, "category": "", "stance": "无"})
    assert "category" not in found
    assert "stance" not in found


def test_a_text_without_words_has_none_and_the_same_text_the_same(models: Mapping[str, LinearModel]) -> None:
    assert words_of(models, "")[CLAIM_RISK] == Spoken((), ())
    assert words_of(models, POST) == words_of(models, POST)
