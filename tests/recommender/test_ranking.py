"""What the recommender says without a shop's memory, and how it explains itself."""

import pytest

from server.domain.recommender import Ground, Leaf, ProductText, Ranking, Recommender
from tests.recommender.goods import LEAVES, MUG, ODD, TRAINERS, first, recommender


@pytest.mark.parametrize(
    ("title", "leaf"),
    [
        ("Stoneware Mug 350ml", "302"),
        ("Runner 90 trainers, white", "201"),  # "trainers" stands nowhere in the tree
        ("Palazzo trousers with pockets", "103"),
        ("Leather Chelsea ankle boots", "202"),
        ("Cast iron frying pan 28 cm", "301"),
        ("Nylon dog leash with reflective stitching", "401"),
        ("Matte liquid lip stick, long wearing", "501"),  # two words there, one here
        ("MOM JÉANS high waist", "102"),  # case and accents do not matter
    ],
)
def test_words_find_leaves_at_any_depth(title: str, leaf: str) -> None:
    assert first(recommender(), ProductText(title)) == leaf


def test_a_leaf_for_dogs_waits_until_a_dog_is_mentioned() -> None:
    given = recommender()
    assert first(given, ProductText("Mug")) == "302"
    assert first(given, ProductText("Dog mug")) == "402"


def test_type_decides_where_the_title_says_nothing() -> None:
    assert first(recommender(), ProductText("Zephyr", product_type="Frying Pan")) == "301"


def test_nothing_said_is_nothing_recommended() -> None:
    ranking = recommender().rank([ProductText("")])[0]
    assert ranking == Ranking(())
    assert recommender().rank([]) == []


def test_reasons_name_the_merchants_words() -> None:
    trainers = recommender().rank([TRAINERS])[0].candidates[0]
    assert [(reason.ground, reason.words) for reason in trainers.because] == [(Ground.WORDS, ("trainers",))]
    mug = recommender().rank([MUG])[0].candidates[0]
    assert mug.because[0].words == ("Mug",)


def test_the_limit_holds_and_the_order_is_by_probability() -> None:
    ranking = recommender().rank([ProductText("Casual mug dress pants boots")], limit=2)[0]
    assert len(ranking.candidates) == 2
    assert ranking.candidates[0].probability >= ranking.candidates[1].probability


def test_other_scripts_are_read_too() -> None:
    given = Recommender.build([Leaf("1", ("รองเท้า", "รองเท้าผ้าใบ")), Leaf("2", ("เสื้อผ้า", "เสื้อยืด"))])
    assert first(given, ProductText("เสื้อยืดผู้ชาย")) == "2"
    assert first(given, ProductText("รองเท้าผ้าใบสีขาว")) == "1"


def test_a_tree_of_one_level_works() -> None:
    given = Recommender.build([Leaf("1", ("Mugs",)), Leaf("2", ("Boots",))])
    assert first(given, MUG) == "1"


def test_an_odd_name_leaves_everything_open() -> None:
    ranking = recommender().rank([ODD])[0]
    assert ranking == Ranking(())
    assert len({leaf.id for leaf in LEAVES}) == len(LEAVES)
