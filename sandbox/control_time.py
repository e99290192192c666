"""Control of time, chance and settings: clock, reset, seed, settings, ripening."""

from dataclasses import asdict, fields
from types import UnionType
from typing import Union, get_args, get_origin, get_type_hints

from sandbox.actions import Answer, BadControl
from sandbox.asked import Asked
from sandbox.control_kit import Control, NotHere, Visit
from sandbox.ripening import BadRule, parse
from sandbox.settings import Settings

TIMES = {"audit", "upgrade", "bulk_operation"}
VERDICTS = ("pass", "fail", "pre_approve")
NO_MATCH_CODES = (12019064, 12052913, 12052912)


def _clock(visit: Visit) -> Answer:
    clock = visit.world.clock
    return {"now": clock.now(), "iso": clock.datetime().isoformat(), "frozen": clock.frozen}


def _move_clock(visit: Visit) -> Answer:
    asked = Asked(visit.body)
    moment, freeze, run = asked.number("set", least=0), asked.flag("freeze"), asked.flag("run")
    ahead = _seconds(asked)
    asked.finish()
    if freeze and run:
        raise BadControl("The clock can either freeze or run.", "run")
    if moment is None and ahead is None and not freeze and not run:
        raise BadControl("Say what to do: set, advance, freeze or run.", "set")
    clock = visit.world.clock
    if freeze:
        clock.freeze()
    if moment is not None:
        clock.set(moment)
    if ahead is not None:
        clock.advance(ahead)
    if run:
        clock.run()
    visit.world.ripening.tick()
    return _clock(visit)


def _seconds(asked: Asked) -> float | None:
    """`advance` as a number of seconds or a text such as `2h`."""
    given = asked.number_or_text("advance")
    if not isinstance(given, str):
        return given
    try:
        return parse(f"after {given}").seconds
    except BadRule:
        raise BadControl(
            "The field advance must be a number of seconds or a text such as `90s`, `2h`.", "advance"
        ) from None


def _reset(visit: Visit) -> Answer:
    asked = Asked(visit.body)
    seed = asked.whole("seed")
    asked.finish()
    visit.world.reset(seed)
    return {"seed": visit.world.seed}


def _seed(visit: Visit) -> Answer:
    asked = Asked(visit.body)
    seed = asked.whole("seed")
    asked.finish()
    if seed is None:
        raise asked.wrong("seed", "is required")
    visit.world.reset(seed)
    return {"seed": seed}


def _settings(visit: Visit) -> Answer:
    return asdict(visit.world.settings)


def _change_settings(visit: Visit) -> Answer:
    """All of them or none: everything is checked before anything changes."""
    settings = visit.world.settings
    hints = get_type_hints(Settings)
    for name, value in visit.body.items():
        if name not in hints:
            known = ", ".join(field.name for field in fields(Settings))
            raise BadControl(f"There is no setting {name}; there are {known}.", name)
        _check_setting(name, value, hints[name])
    for name, value in visit.body.items():
        setattr(settings, name, float(value) if hints[name] is float and isinstance(value, int) else value)
    return asdict(settings)


def _check_setting(name: str, value: object, hint: object) -> None:
    if not _is_of(value, hint):
        raise BadControl(f"The setting {name} cannot be {value!r}.", name)
    if name in TIMES:
        try:
            parse(str(value))
        except BadRule as bad:
            raise BadControl(f"The setting {name}: {bad}", name) from None
    if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
        raise BadControl(f"The setting {name} cannot be below 0.", name)
    if name == "audit_verdict" and value not in VERDICTS:
        raise BadControl(f"The setting audit_verdict is one of {', '.join(VERDICTS)}.", name)
    if name == "no_match_code" and value not in NO_MATCH_CODES:
        raise BadControl("The setting no_match_code is 12019064, 12052913 or 12052912.", name)
    if name == "webhook_concurrency" and value == 0:
        raise BadControl("The setting webhook_concurrency is at least 1.", name)


def _is_of(value: object, hint: object) -> bool:
    """Whether a JSON value is of the annotated type (plain types, unions with None, lists and dicts of them)."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_is_of(value, one) for one in inner)
    if origin is list:
        return isinstance(value, list) and all(_is_of(one, inner[0]) for one in value)
    if origin is dict:
        return isinstance(value, dict) and all(_is_of(one, inner[1]) for one in value.values())
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is type(None):
        return value is None
    return type(value) is hint


def _ripening(visit: Visit) -> Answer:
    return {"ripening": visit.world.ripening.dump()[: visit.limit()]}


def _ripen(visit: Visit) -> Answer:
    asked = Asked(visit.body)
    kind, key = asked.must_text("kind"), asked.must_text("key")
    asked.finish()
    if not visit.world.ripening.fire(kind, key):
        raise NotHere(f"Nothing of kind {kind} with the key {key} is on its way.", "key")
    return {"fired": {"kind": kind, "key": key}}


CONTROLS = (
    Control("GET", "clock", "The sandbox's time", _clock),
    Control(
        "POST",
        "clock",
        "Move, stop or start the clock",
        _move_clock,
        {
            "set": "Unix seconds to jump to",
            "advance": "seconds to jump ahead, or a text such as `2h`",
            "freeze": "true: stand still",
            "run": "true: go on with real time",
        },
    ),
    Control("POST", "reset", "Everything back to the start", _reset, {"seed": "another seed than the start's"}),
    Control("POST", "seed", "Everything back to the start with this seed", _seed, {"seed": "required: a whole number"}),
    Control("GET", "settings", "The rules under a test's control", _settings),
    Control(
        "PATCH",
        "settings",
        "Change some of them",
        _change_settings,
        {field.name: str(field.type) for field in fields(Settings)},
    ),
    Control("GET", "ripening", "Slow transitions on their way", _ripening, query={"limit": "at most so many"}),
    Control(
        "POST",
        "ripening/fire",
        "Bring one about now",
        _ripen,
        {"kind": "required: as listed", "key": "required: as listed"},
    ),
)
