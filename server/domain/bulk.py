"""Changes of many rows at once (API shape, bulk mutations)."""

from enum import StrEnum


class ErrorPolicy(StrEnum):
    """What a bulk mutation does when some rows are faulty."""

    IGNORE_FAILED = "IGNORE_FAILED"
    REJECT_FAILED_ROWS = "REJECT_FAILED_ROWS"
    REJECT_EVERYTHING = "REJECT_EVERYTHING"
