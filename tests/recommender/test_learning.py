"""One approval is enough, and can be taken back."""

from dataclasses import replace

from server.domain.recommender import Ground, Leaf, ProductText, Recommender
from tests.recommender.goods import LEAVES, MUG, ODD, first, recommender


def test_one_approval_moves_the_leaf_to_the_top_at_once() -> None:
    given = recommender()
    assert first(given, MUG) == "302"
    assert given.learn(MUG, "401")
    best = given.rank([MUG])[0].candidates[0]
    assert (best.leaf_id, best.because[0].ground) == ("401", Ground.SAME_PRODUCT)
    assert best.because[0].example == MUG.title


def test_one_approval_carries_over_to_like_products() -> None:
    given = recommender()
    assert given.learn(ProductText("Quokka Zephyr blue"), "202")
    best = given.rank([ODD])[0].candidates[0]
    assert best.leaf_id == "202"
    grounds = {reason.ground: reason for reason in best.because}
    assert grounds[Ground.PAST_PRODUCT].example == "Quokka Zephyr blue"
    assert set(grounds[Ground.HABIT].words) == {"Zephyr", "Quokka"}


def test_a_source_category_is_a_mapping_after_one_approval() -> None:
    given = recommender()
    assert given.learn(ProductText("Alpha", source_category="gid://shopify/TaxonomyCategory/aa-1"), "501")
    best = given.rank([ProductText("Omega", source_category="gid://shopify/TaxonomyCategory/aa-1")])[0].candidates[0]
    assert best.leaf_id == "501"
    assert best.because[0].ground is Ground.SOURCE_CATEGORY


def test_product_types_map_as_well_and_case_does_not_matter() -> None:
    given = recommender()
    assert given.learn(ProductText("Alpha", product_type="Qwx"), "101")
    assert first(given, ProductText("Omega", product_type="QWX ")) == "101"


def test_the_last_word_on_a_title_wins() -> None:
    given = recommender()
    given.learn(MUG, "401")
    given.learn(replace(MUG, title=MUG.title.upper()), "402")
    assert first(given, MUG) == "402"


def test_forgetting_restores_the_ranking_to_the_last_digit() -> None:
    given, products = recommender(), [MUG, ODD, ProductText("Blue boots")]
    given.learn(ProductText("Blue Suede Boots", "Warm"), "202")
    before = given.rank(products)
    learned = ProductText("Stoneware Quokka Mug", "Glazed", "Cups", "Quokka Works", ("gift",), "Kitchen > Cups")
    given.learn(learned, "401")
    assert given.rank(products) != before
    assert given.forget(learned, "401")
    assert given.rank(products) == before


def test_what_was_never_learned_cannot_be_forgotten() -> None:
    given = recommender()
    before = given.rank([MUG])
    assert not given.forget(MUG, "302")
    assert not given.forget(MUG, "no such leaf")
    assert given.rank([MUG]) == before


def test_a_leaf_the_tree_lacks_is_refused_and_changes_nothing() -> None:
    given = recommender()
    before = given.rank([MUG])
    assert not given.learn(MUG, "999")
    assert given.rank([MUG]) == before


def test_a_confirmed_inner_category_speaks_for_the_leaves_below_it() -> None:
    given = Recommender.build([*LEAVES, Leaf("10", ("Womenswear", "Pants"))])
    assert given.learn(ProductText("Zephyr Quokka"), "10")
    assert first(given, ProductText("Zephyr Quokka denim jeans")) == "102"
    assert first(given, ProductText("Zephyr Quokka wide leg")) == "103"
    every = [candidate.leaf_id for ranking in given.rank([ODD, MUG], limit=50) for candidate in ranking.candidates]
    assert "10" not in every


def test_what_a_mapping_says_settles_no_title() -> None:
    given = Recommender.build(LEAVES)
    before = given.rank([MUG])
    assert given.learn(MUG, "501", settles=False)
    [candidate, *_] = [one for one in given.rank([MUG], limit=9)[0].candidates if one.leaf_id == "501"]
    assert Ground.SAME_PRODUCT not in {reason.ground for reason in candidate.because}
    assert given.forget(MUG, "501", settles=False)
    assert given.rank([MUG]) == before
