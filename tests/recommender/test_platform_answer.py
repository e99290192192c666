"""The platform's answer moves our probabilities, and never past 1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.recommender import Candidate, Ground, Ranking, with_platform

OURS = Ranking((Candidate("a", 0.6), Candidate("b", 0.3)))


def probabilities(ranking: Ranking) -> dict[str, float]:
    return {candidate.leaf_id: round(candidate.probability, 3) for candidate in ranking.candidates}


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("a", {"a": 0.984, "b": 0.012}),  # agreement makes surer
        ("b", {"b": 0.945, "a": 0.047}),  # disagreement with a doubtful first choice overturns it
        ("z", {"z": 0.678, "a": 0.203, "b": 0.102}),  # a leaf we did not think of joins the list
    ],
)
def test_the_answer_moves_the_probabilities(named: str, expected: dict[str, float]) -> None:
    assert probabilities(with_platform(OURS, named)) == expected


def test_a_firm_choice_of_the_shop_stands_against_the_platform() -> None:
    firm = Ranking((Candidate("a", 0.995),))
    assert with_platform(firm, "z", trust=0.5).candidates[0].leaf_id == "a"


def test_the_platform_alone_is_an_answer_and_says_so() -> None:
    best = with_platform(Ranking(()), "z").candidates[0]
    assert best.leaf_id == "z"
    assert best.because[0].ground is Ground.PLATFORM


@given(st.lists(st.floats(0, 1), max_size=5), st.sampled_from("abcdez"), st.floats(0, 1))
def test_the_sum_stays_at_most_one(shares: list[float], named: str, trust: float) -> None:
    whole = max(sum(shares), 1.0)
    ours = Ranking(tuple(Candidate(leaf, share / whole) for leaf, share in zip("abcde", shares, strict=False)))
    moved = with_platform(ours, named, trust).candidates
    assert sum(candidate.probability for candidate in moved) <= 1 + 1e-9
    assert all(0 <= candidate.probability <= 1 for candidate in moved)
