"""What the desk is asked to judge: little, different, doubtful, and always with the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.relevance import THRESHOLD
from responders.offers import Candidate, Offer, OfferParameters, choose, offer_parameters

PARAMETERS = OfferParameters(most_a_day=5, days=7, relevance_margin=0.15, claim_margin=0.08)
SURE = Candidate(
    document=1, matter="t1", relevant=True, relevance=0.99, categories=("海洋灾害",), claim_risk=0.1
)  # nothing to ask


def candidates() -> st.SearchStrategy[list[Candidate]]:
    one = st.builds(
        Candidate,
        document=st.integers(1, 40),
        matter=st.sampled_from(["a", "b", "c", "d", "e", "f", "g"]),
        relevant=st.booleans(),
        relevance=st.floats(0, 1),
        categories=st.sampled_from([(), ("海洋灾害",), ("海洋灾害", "海域使用")]),
        claim_risk=st.floats(0, 1),
        judged=st.frozensets(st.sampled_from(["relevance", "category", "claim"])),
    )
    return st.lists(one, max_size=25, unique_by=lambda candidate: candidate.document)


def test_what_the_models_are_sure_of_is_not_asked() -> None:
    assert choose([SURE], PARAMETERS) == []


@pytest.mark.parametrize(
    ("changes", "what", "values", "words"),
    [
        ({"relevance": THRESHOLD + 0.02}, "relevance", ("yes", "no"), "是否涉海"),
        ({"relevance": THRESHOLD - 0.02, "relevant": False}, "relevance", ("no", "yes"), "是否涉海"),
        ({"categories": ("海洋灾害", "海域使用")}, "category", ("海洋灾害", "海域使用"), "也很可能"),
        ({"claim_risk": 0.49}, "claim", ("no", "yes"), "要核实的说法"),
    ],
)
def test_each_doubt_offers_the_machine_s_value_first_and_says_why(
    changes: dict[str, object], what: str, values: tuple[str, str], words: str
) -> None:
    unsure = replace(SURE, **changes)  # type: ignore[arg-type]
    (offer,) = choose([unsure], PARAMETERS)
    assert (offer.what, offer.values) == (what, values)
    assert words in offer.reason


def test_a_side_on_which_a_person_has_spoken_is_not_asked_again() -> None:
    unsure = replace(SURE, relevance=THRESHOLD, judged=frozenset({"relevance"}))
    assert choose([unsure], PARAMETERS) == []


def test_the_nearest_to_the_point_comes_first() -> None:
    far, near = replace(SURE, relevance=THRESHOLD + 0.1), replace(SURE, document=2, matter="t2", relevance=THRESHOLD)
    assert [offer.document for offer in choose([far, near], PARAMETERS)] == [2, 1]


@given(candidates(), st.integers(0, 8))
def test_offers_are_few_and_differ_whatever_comes(found: list[Candidate], judged_today: int) -> None:
    chosen = choose(found, PARAMETERS, judged_today=judged_today)
    by_document = {candidate.document: candidate for candidate in found}
    assert len(chosen) <= max(PARAMETERS.most_a_day - judged_today, 0)
    matters = [by_document[offer.document].matter for offer in chosen]
    assert len(matters) == len(set(matters))
    assert all(offer.what not in by_document[offer.document].judged and offer.reason for offer in chosen)
    assert chosen == choose(found[::-1], PARAMETERS, judged_today=judged_today)


def test_the_sides_are_asked_in_turn() -> None:
    many = [replace(SURE, document=n, matter=f"r{n}", relevance=THRESHOLD) for n in range(10)]
    one = replace(SURE, document=99, matter="c", claim_risk=0.5)
    kinds: list[Offer] = choose([*many, one], PARAMETERS)
    assert [offer.what for offer in kinds] == ["relevance", "claim", "relevance", "relevance", "relevance"]


def test_the_file_of_values_is_read() -> None:
    assert offer_parameters().most_a_day == 20
