"""The columns of the file, and the marks within its cells."""

HEAD = ("product_id", "handle", "store_title")
"""Which product; the last two are for people and are not read."""

PLAIN = ("title", "description", "category_id", "category_version", "brand_id")
SIZES = ("weight", "weight_unit", "length", "width", "height", "size_unit")
VARIANT = ("variant_id", "sku", "price", "list_price", "quantity")
LISTS = ("pictures",)
REST = "more"
"""Everything that has no column of its own, as JSON."""

ATTRIBUTE = "attribute:"
"""Columns of this beginning hold values for one attribute of the category, by its id."""

JOIN = " | "
FORMULAS = ("=", "+", "@", "\t", "\r", "'")
"""A cell that begins so would be taken for a formula, or for our mark against that."""


def guarded(text: str) -> str:
    """A spreadsheet must not take a title for a formula; ``opened`` takes the mark off again."""
    return f"'{text}" if text.startswith(FORMULAS) else text


def opened(text: str) -> str:
    """What stood there before ``guarded``."""
    return text.removeprefix("'")
