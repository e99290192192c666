"""A small tree of uneven depth and a few products, for the recommender's tests."""

from server.domain.recommender import Leaf, ProductText, Recommender

LEAVES = (
    Leaf("101", ("Womenswear", "Dresses", "Casual Dresses")),
    Leaf("102", ("Womenswear", "Pants", "Jeans")),
    Leaf("103", ("Womenswear", "Pants", "Casual", "Wide Leg Pants")),
    Leaf("201", ("Shoes", "Sneakers")),
    Leaf("202", ("Shoes", "Boots")),
    Leaf("301", ("Home", "Kitchen", "Cookware", "Pans", "Frying Pans")),
    Leaf("302", ("Home", "Kitchen", "Tableware", "Mugs")),
    Leaf("401", ("Pet Supplies", "Dog Supplies", "Collars & Leashes")),
    Leaf("402", ("Pet Supplies", "Dog Supplies", "Dog Mugs")),
    Leaf("501", ("Beauty", "Makeup", "Lip", "Lipsticks & Glosses")),
)

MUG = ProductText("Stoneware Mug 350ml", "Glazed by hand, safe in the dishwasher.")
TRAINERS = ProductText("Runner 90 trainers, white")
ODD = ProductText("Zephyr Quokka", vendor="Quokka Works")


def recommender() -> Recommender:
    """One that has learned nothing yet."""
    return Recommender.build(LEAVES)


def first(given: Recommender, product: ProductText) -> str:
    """The id of the best leaf; empty when there is none."""
    candidates = given.rank([product])[0].candidates
    return candidates[0].leaf_id if candidates else ""
