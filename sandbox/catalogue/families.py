"""Families of categories: which rules and attributes fit a branch whose file does not say."""

from __future__ import annotations

GENERAL = "general"

# Looked for in the name of a root, in this order: the first hit wins.
_WORDS = (
    ("pet", ("pet",)),
    ("kidswear", ("kids", "children")),
    ("baby", ("baby", "maternity")),
    ("menswear", ("menswear", "men's")),
    ("womenswear", ("womenswear", "women", "clothing", "apparel", "fashion")),
    ("shoes", ("shoe", "footwear")),
    ("bags", ("bag", "luggage")),
    ("beauty", ("beauty", "personal care", "cosmetic")),
    ("jewellery", ("jewel",)),
    ("phone", ("phone",)),
    ("electronics", ("electronic", "computer", "camera")),
    ("electrical", ("appliance",)),
    ("kitchen", ("kitchen", "dining")),
    ("furniture", ("furniture",)),
    ("textiles", ("textile", "bedding")),
    ("home", ("home", "house", "garden")),
    ("toys", ("toy", "game", "hobb")),
    ("sports", ("sport", "outdoor", "fitness")),
    ("food", ("food", "beverage", "grocer")),
    ("health", ("health", "medical")),
    ("books", ("book", "magazine", "media")),
    ("tools", ("tool", "hardware")),
    ("automotive", ("auto", "motor", "vehicle", "car ")),
    ("collectibles", ("collectible", "collectable")),
    ("stationery", ("stationery", "office")),
)


def family_of_root(name: str) -> str:
    """The family of a root category by the words of its name; `general` when none fits."""
    text = name.lower()
    return next((family for family, words in _WORDS if any(word in text for word in words)), GENERAL)
