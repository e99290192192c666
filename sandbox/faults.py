"""Faults by rule, applied by the door."""


class Faults:
    """The rules in force."""
