"""The columns of the file, and the marks within its cells."""

HEAD = ("product_id", "handle", "store_title")
"""Which product; the last two are for people and are not read."""

PLAIN = ("title", "description", "category_id", "category_version", "brand_id")
SIDES = ("length", "width", "height")
SIZES = ("weight", "weight_unit", *SIDES, "size_unit")
KEYS = ("variant_id", "sku")
FIGURES = ("price", "list_price", "quantity")
VARIANT = (*KEYS, *FIGURES)
LISTS = ("pictures",)
REST = "more"
"""Everything that has no column of its own, as JSON. A column goes before what is said of the same here."""

ATTRIBUTE = "attribute:"
"""Columns of this beginning hold values for one attribute of the category, by its id."""

JOIN = " | "
NUMBER = "#"
"""A value's id: ``#17``, or ``#17 Red`` where its name is kept too."""

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
"""A cell that begins so would be taken for a formula (by Japanese spreadsheets in full width too), or for our mark."""

MAX_PRODUCTS = 5_000
"""Products that one call takes in; a longer file is cut into parts."""


def guarded(text: str) -> str:
    """A spreadsheet must not take a title for a formula; ``opened`` takes the mark off again."""
    return f"'{text}" if text.startswith(FORMULAS) else text


def opened(text: str) -> str:
    """What stood there before ``guarded``. An apostrophe before anything else is a person's own."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULAS) else text
