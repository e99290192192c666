"""The kinds of places that values come from."""

from enum import StrEnum


class Origin(StrEnum):
    """What kind of place a value came from; the layer says whose word it was to take it from there."""

    PRODUCT = "PRODUCT"
    METAFIELD = "METAFIELD"
    FIXED = "FIXED"
    BACKUP = "BACKUP"
    """A layer's stand-in, because what it asked for first was empty or refused."""
    APPROVAL = "APPROVAL"
    MAPPING = "MAPPING"
