"""The sweep's kinds of work do not wait for each other."""

import pytest

from server.services import tree_sweep
from server.services.listings.editing import starting as editing
from tests.machine.machine import Machine
from workers import sweeps


async def test_work_that_cannot_be_looked_for_keeps_no_other_back(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []

    async def broken(*_args: object, **_named: object) -> int:
        raise ZeroDivisionError("a bug of ours")

    async def edits(*_args: object, **_named: object) -> int:
        looked.append("edits")
        return 2

    monkeypatch.setattr(tree_sweep, "sweep", broken)
    monkeypatch.setattr(editing, "sweep", edits)
    assert (await sweeps.sweep(machine.deps), looked) == (2, ["edits"])
