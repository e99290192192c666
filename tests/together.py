"""How a parallel run deals out the tests: one by one to whoever is free, save those that belong together."""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/journeys/", "tests/faults/")
"""Folders whose tests share a running service, or load the machine: each stays in one process, and starts first."""


class OneByOne(LoadScopeScheduling):  # type: ignore[misc]  # the library's base is untyped
    """Groups of tests are dealt out, the largest first; nearly every group is a single test."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)
