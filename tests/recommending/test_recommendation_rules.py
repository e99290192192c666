"""Blending, states and cycles, as values."""

import pytest

from server.domain.candidates import (
    CandidateSource,
    LeafCandidate,
    LocalCandidate,
    MappedPlace,
    Place,
    blend,
    mapped_trust,
)
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.mappings import MappingOrigin
from server.domain.recommendations import (
    Judgement,
    NoProposal,
    Past,
    PlatformAnswer,
    RecommendationState,
    goes_in_circles,
    judge,
)
from server.domain.recommender import Ground, Reason

A, B, C = (CategoryRef(name, CategoryVersion.V2) for name in "123")
TIKTOK, MAPPING, MEMORY, TEXT = CandidateSource
SAID, NO_MATCH, DOWN = PlatformAnswer.RECOMMENDED, PlatformAnswer.NO_MATCH, PlatformAnswer.UNREACHABLE
WORDS, PAST = Reason(Ground.WORDS, ("mug",)), Reason(Ground.PAST_PRODUCT, example="Blue mug")


def place(ref: CategoryRef, *permissions: str) -> Place:
    return Place(ref, ("Home", ref.id), permissions)


def local(ref: CategoryRef, probability: float, *because: Reason) -> LocalCandidate:
    return LocalCandidate(place(ref), probability, because)


def candidate(ref: CategoryRef, probability: float = 0.9, *permissions: str, memory: bool = False) -> LeafCandidate:
    return LeafCandidate(place(ref, *permissions), probability, (MEMORY,) if memory else (TEXT,))


def seen(candidates: tuple[LeafCandidate, ...]) -> list[tuple[str, float, tuple[CandidateSource, ...]]]:
    return [(one.place.ref.id, round(one.probability, 3), one.sources) for one in candidates]


def test_the_platform_alone_is_as_sure_as_it_is_trusted() -> None:
    assert seen(blend(place(A), ())) == [("1", 0.7, (TIKTOK,))]


def test_without_the_platform_our_own_probabilities_stand() -> None:
    own = [local(B, 0.2, PAST), local(A, 0.6, WORDS), local(C, 0.1, WORDS, PAST)]
    assert seen(blend(None, own)) == [("1", 0.6, (TEXT,)), ("2", 0.2, (MEMORY,)), ("3", 0.1, (MEMORY, TEXT))]


def test_agreement_makes_surer_than_either() -> None:
    found = blend(place(A), [local(A, 0.6, WORDS), local(B, 0.2, WORDS)])
    assert seen(found) == [("1", 0.84, (TIKTOK, TEXT)), ("2", 0.04, (TEXT,))]


def test_a_sure_ranking_outweighs_the_platform() -> None:
    found = blend(place(A), [local(B, 0.95, PAST)])
    assert [ref for ref, _, _ in seen(found)] == ["2", "1"]
    assert sum(one.probability for one in found) < 1


def test_the_platforms_word_on_permissions_is_the_fresher_one() -> None:
    [one] = blend(place(A, "INVITE_ONLY"), [local(A, 0.9, WORDS)])
    assert one.place.permissions == ("INVITE_ONLY",)


def mapped(ref: CategoryRef, trust: float = 0.9) -> MappedPlace:
    return MappedPlace(place(ref), "Mugs", trust)


def test_a_mapping_lifts_its_leaf_and_the_others_share_what_is_left() -> None:
    own = [local(A, 0.6, WORDS), local(B, 0.2, WORDS)]
    found = blend(None, own, mapped(B))
    assert seen(found) == [("2", 0.9, (MAPPING, TEXT)), ("1", 0.075, (TEXT,))]
    assert found[0].because == (Reason(Ground.MAPPING, example="Mugs"), WORDS)
    assert seen(blend(None, own, mapped(C)))[0] == ("3", 0.9, (MAPPING,))


def test_a_mapping_makes_nothing_less_sure() -> None:
    assert seen(blend(None, [local(A, 0.97, PAST)], mapped(A))) == [("1", 0.97, (MAPPING, MEMORY))]


def test_platform_and_mapping_are_weighed_together() -> None:
    both = blend(place(A), [local(A, 0.3, WORDS)], mapped(A))
    against = blend(place(B), [local(A, 0.3, WORDS)], mapped(A))
    assert seen(both)[0] == ("1", 0.955, (TIKTOK, MAPPING, TEXT))
    assert [one.place.ref for one in against] == [A, B]
    assert sum(one.probability for one in against) <= 1


@pytest.mark.parametrize(
    ("origin", "agreeing", "seen_of", "trust"),
    [("MANUAL", None, None, 0.9), ("RECOMMENDED", None, None, 0.8), ("LEARNED", 3, 3, 0.72), ("LEARNED", 8, 10, 0.675)],
)
def test_a_mapping_is_as_sure_as_who_made_it(
    origin: str, agreeing: int | None, seen_of: int | None, trust: float
) -> None:
    assert mapped_trust(MappingOrigin(origin), agreeing, seen_of) == pytest.approx(trust)


def test_candidates_survive_their_rows() -> None:
    one = LeafCandidate(place(A, "AVAILABLE"), 0.5, (TIKTOK, MEMORY), (WORDS, PAST))
    assert LeafCandidate.from_json(one.to_json()) == one


def short(judged: Judgement) -> tuple[str, str | None, str | None]:
    return judged.state.value, judged.reason, judged.proposed.id if judged.proposed else None


@pytest.mark.parametrize(
    ("answer", "candidates", "past", "expected"),
    [
        (SAID, [candidate(A)], Past(), ("PENDING", None, "1")),
        (SAID, [candidate(A, 0.2)], Past(), ("NONE", NoProposal.UNSURE, None)),
        (SAID, [candidate(A, 0.9, "INVITE_ONLY"), candidate(B, 0.4)], Past(), ("PENDING", None, "2")),
        (SAID, [candidate(A, 0.9, "INVITE_ONLY"), candidate(B, 0.1)], Past(), ("NONE", NoProposal.NOT_PERMITTED, None)),
        (SAID, [candidate(A), candidate(B, 0.5)], Past(rejected=(A,)), ("PENDING", None, "2")),
        (SAID, [candidate(A)], Past(rejected=(A,)), ("NONE", NoProposal.UNSURE, None)),
        (SAID, [candidate(A)], Past(chosen=A), ("APPROVED", None, "1")),
        (SAID, [candidate(A)], Past(chosen=B), ("PENDING", None, "1")),
        (NO_MATCH, [candidate(A)], Past(), ("NONE", NoProposal.NO_MATCH, None)),
        (NO_MATCH, [candidate(A, memory=True)], Past(), ("PENDING", None, "1")),
        (NO_MATCH, [candidate(A, 0.2, memory=True)], Past(), ("NONE", NoProposal.NO_MATCH, None)),
        (NO_MATCH, [], Past(), ("NONE", NoProposal.NO_MATCH, None)),
        (DOWN, [candidate(A)], Past(), ("PENDING", None, "1")),
        (DOWN, [], Past(), ("NONE", NoProposal.UNSURE, None)),
    ],
)
def test_what_is_proposed(
    answer: PlatformAnswer,
    candidates: list[LeafCandidate],
    past: Past,
    expected: tuple[str, NoProposal | None, str | None],
) -> None:
    assert short(judge(answer, candidates, past)) == expected


def test_what_may_not_be_proposed_is_shown_last() -> None:
    judged = judge(SAID, [candidate(A, 0.9, "PROHIBITED"), candidate(B, 0.5), candidate(C, 0.1)], Past())
    assert [one.place.ref for one in judged.candidates] == [B, C, A]


def test_advice_that_goes_in_circles_ends_the_proposals() -> None:
    past = Past()
    states = []
    for ref in (A, A, B, A, A, B):
        judged = judge(SAID, [candidate(ref)], past)
        states.append((judged.state, judged.reason))
        past = Past(judged.proposals)
    pending = (RecommendationState.PENDING, None)
    assert states == [pending] * 3 + [(RecommendationState.NONE, NoProposal.ADVICE_CYCLE)] * 3


@pytest.mark.parametrize(("line", "circles"), [((), False), ((A, B), False), ((A, B, A), True), ((A, B, C, A), True)])
def test_circles(line: tuple[CategoryRef, ...], circles: bool) -> None:
    assert goes_in_circles(line) is circles
