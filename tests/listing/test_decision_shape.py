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
from server.services.listings.replay.remaking import template_again, template_then

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


def test_a_template_is_not_judged_where_the_start_was_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Samples of before name neither what was settled nor who was given by hand."""
    kept = {part: json.dumps(said) for part, said in KEPT["listing"].items()}
    own, then = OWN.validate_json(kept["own"]), VERDICT.validate_json(kept["verdict"])
    competition = COMPETITION.validate_json(kept["competition"])
    assert (own.traits is None, own.settled, competition.given) == (False, None, None)
    monkeypatch.setattr("server.services.listings.replay.competing.choose", lambda *_: None)
    assert then.template is not None
    assert template_again(own, then, competition) == template_then(own, then, competition) == then.template
