"""Decisions that are kept in the field must stay readable, or their shape gets a new number."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from server.domain.differences import differences
from server.services.listings.replay.competing import COMPETITION
from server.services.listings.replay.decisions import COMMON, OWN, SHAPE, VERDICT
from server.services.listings.replay.kept_outcomes import EDIT, LISTING

KEPT: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name(f"decisions_of_shape_{SHAPE}.json").read_text("utf-8")
)
"""A refused listing whose template competed, and an edit that held another hand's change, as they stood in rows."""

SHAPES: dict[str, TypeAdapter[Any]] = {
    "common": COMMON,
    "own": OWN,
    "verdict": VERDICT,
    "competition": COMPETITION,
    "listing": LISTING,
    "edit": EDIT,
}


@pytest.mark.parametrize(
    ("kind", "part"), [(kind, part) for kind in ("listing", "edit") for part in KEPT[kind]], ids="-".join
)
def test_what_was_kept_is_still_understood(kind: str, part: str) -> None:
    """Fields may be added with a default. If one must go, or change its meaning: raise ``SHAPE``, keep new samples."""
    shape = SHAPES[part if part in SHAPES else kind]
    kept = KEPT[kind][part]
    read = json.loads(shape.dump_json(shape.validate_json(json.dumps(kept))))
    lost = {path: found for path, found in differences(kept, read).items() if found[0] is not None}
    assert lost == {}
