"""What holds for every product and every memory."""

from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.recommender import ProductText, Ranking, Recommender
from tests.recommender.goods import LEAVES

_VOCABULARY = "Mug dress jeans zephyr Quokka boots trainers lip stick dog pan wide leg for with , - blue 350ml été 中文"
_WORDS = st.sampled_from(_VOCABULARY.split())
_TEXT = st.one_of(st.lists(_WORDS, max_size=7).map(" ".join), st.text(max_size=30))
_PRODUCTS = st.builds(
    ProductText, _TEXT, _TEXT, _TEXT, _TEXT, st.lists(_TEXT, max_size=2).map(tuple), st.sampled_from(["", "a > b", "c"])
)
_CHOICES = st.lists(st.tuples(_PRODUCTS, st.sampled_from([leaf.id for leaf in LEAVES])), max_size=6)


def taught(choices: list[tuple[ProductText, str]]) -> Recommender:
    recommender = Recommender.build(LEAVES)
    for product, leaf in choices:
        recommender.learn(product, leaf)
    return recommender


def said(product: ProductText) -> str:
    return " ".join((product.title, product.description, product.product_type, *product.tags, product.source_category))


def named_words(ranking: Ranking) -> set[str]:
    parts = [words for one in ranking.candidates for reason in one.because for words in reason.words]
    return {word for words in parts for word in words.split(" ")}


@settings(max_examples=30, deadline=None)
@given(_CHOICES, _PRODUCTS)
def test_probabilities_are_probabilities_and_leaves_are_of_the_tree(
    choices: list[tuple[ProductText, str]], product: ProductText
) -> None:
    candidates = taught(choices).rank([product], limit=20)[0].candidates
    probabilities = [candidate.probability for candidate in candidates]
    assert all(0 <= probability <= 1 for probability in probabilities)
    assert sum(probabilities) <= 1 + 1e-9
    assert probabilities == sorted(probabilities, reverse=True)
    assert len({candidate.leaf_id for candidate in candidates}) == len(candidates)


@settings(max_examples=30, deadline=None)
@given(_CHOICES, _PRODUCTS, st.sampled_from([leaf.id for leaf in LEAVES]))
def test_a_learned_product_is_recommended_as_learned(
    choices: list[tuple[ProductText, str]], product: ProductText, leaf: str
) -> None:
    recommender = taught(choices)
    recommender.learn(product, leaf)
    candidates = recommender.rank([product])[0].candidates
    assert not product.title.strip() or candidates[0].leaf_id == leaf


@settings(max_examples=30, deadline=None)
@given(_CHOICES, _PRODUCTS)
def test_the_same_memory_gives_the_same_answer(choices: list[tuple[ProductText, str]], product: ProductText) -> None:
    first, second = taught(choices), taught(choices)
    assert first.rank([product]) == second.rank([product]) == second.rank([product])
    assert first.rank([product, product])[1] == first.rank([product])[0]


@settings(max_examples=30, deadline=None)
@given(_CHOICES, _PRODUCTS)
def test_explanations_name_only_words_that_are_there(
    choices: list[tuple[ProductText, str]], product: ProductText
) -> None:
    ranking = taught(choices).rank([product])[0]
    assert all(word in said(product) for word in named_words(ranking))
    titles = {example.title for example, _ in choices} | {product.title, product.source_category, product.product_type}
    assert {reason.example for one in ranking.candidates for reason in one.because if reason.example} <= titles


@settings(max_examples=30, deadline=None)
@given(_CHOICES, _PRODUCTS, _PRODUCTS)
def test_forgetting_undoes_learning(
    choices: list[tuple[ProductText, str]], passing: ProductText, product: ProductText
) -> None:
    recommender = taught(choices)
    before = recommender.rank([product])
    recommender.learn(passing, "302")
    assert recommender.forget(passing, "302")
    after = recommender.rank([product])
    assert [one.leaf_id for one in after[0].candidates] == [one.leaf_id for one in before[0].candidates]
