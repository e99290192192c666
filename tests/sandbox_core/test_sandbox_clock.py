"""The clock, and slow transitions on it."""

import pytest

from sandbox.clock import Clock
from sandbox.ripening import BadRule, Ripening, Rule, parse


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.freeze()
    clock.set(1000.0)
    return clock


def test_a_frozen_clock_moves_only_when_told(clock: Clock) -> None:
    assert clock.now() == 1000.0
    clock.advance(90)
    assert (clock.now(), clock.unix(), clock.frozen) == (1090.0, 1090, True)


def test_a_running_clock_keeps_its_offset(monkeypatch: pytest.MonkeyPatch) -> None:
    real = [50.0]
    monkeypatch.setattr("sandbox.clock.time.time", lambda: real[0])
    clock = Clock()
    clock.set(1000.0)
    real[0] += 2
    assert clock.now() == 1002.0
    clock.freeze()
    real[0] += 30
    assert clock.now() == 1002.0
    clock.run()
    real[0] += 1
    assert clock.now() == 1003.0


def test_every_jump_is_told(clock: Clock) -> None:
    told: list[float] = []
    clock.listen(lambda: told.append(clock.now()))
    clock.advance(5)
    clock.set(2000)
    assert told == [1005.0, 2000.0]


def test_dump_and_load_give_the_same_time(clock: Clock) -> None:
    other = Clock()
    other.load(clock.dump())
    assert (other.now(), other.frozen) == (1000.0, True)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("immediate", Rule()),
        ("never", Rule(never=True)),
        ("after 3 looks", Rule(looks=3)),
        ("After 1 look", Rule(looks=1)),
        ("after 90s", Rule(seconds=90)),
        ("after 1.5 h", Rule(seconds=5400)),
        ("after 2min", Rule(seconds=120)),
        ("after 1d", Rule(seconds=86400)),
    ],
)
def test_rules_are_read(text: str, rule: Rule) -> None:
    assert parse(text) == rule


@pytest.mark.parametrize("text", ["", "soon", "after", "after x", "after 3", "after -1s", "after 3 lookss"])
def test_other_texts_are_no_rules(text: str) -> None:
    with pytest.raises(BadRule, match="is not"):
        parse(text)


def test_things_ripen_by_time_in_order(clock: Clock) -> None:
    ripening, ripe = Ripening(clock), list[str]()
    ripening.on("audit", lambda key, data: ripe.append(f"{key}={data['to']}"))
    ripening.schedule("audit", "late", "after 2h", {"to": 2})
    ripening.schedule("audit", "early", "after 1h", {"to": 1})
    ripening.schedule("audit", "now", "immediate", {"to": 0})
    assert ripe == []
    ripening.tick()
    assert ripe == ["now=0"]
    clock.advance(3600)
    ripening.tick()
    assert ripe == ["now=0", "early=1"]
    assert ripening.next_due() == 1000.0 + 7200
    clock.advance(86400)
    ripening.tick()
    assert ripe == ["now=0", "early=1", "late=2"]
    assert ripening.next_due() is None


def test_things_ripen_by_looks_and_the_last_look_sees_it(clock: Clock) -> None:
    ripening, ripe = Ripening(clock), list[str]()
    ripening.on("audit", lambda key, _data: ripe.append(key))
    ripening.schedule("audit", "1", "after 2 looks")
    clock.advance(1e9)
    ripening.tick()
    ripening.look("audit", "2")
    ripening.look("audit", "1")
    assert (ripe, ripening.pending("audit", "1")) == ([], True)
    ripening.look("audit", "1")
    assert (ripe, ripening.pending("audit", "1")) == (["1"], False)


def test_never_waits_for_fire_and_a_second_schedule_replaces_the_first(clock: Clock) -> None:
    ripening, ripe = Ripening(clock), list[object]()
    ripening.on("audit", lambda _key, data: ripe.append(data.get("to")))
    ripening.schedule("audit", "1", "immediate", {"to": "first"})
    ripening.schedule("audit", "1", "never", {"to": "second"})
    ripening.tick()
    assert ripe == []
    assert ripening.fire("audit", "1") is True
    assert ripening.fire("audit", "1") is False
    assert ripe == ["second"]


def test_cancelled_things_never_ripen(clock: Clock) -> None:
    ripening, ripe = Ripening(clock), list[str]()
    ripening.on("audit", lambda key, _data: ripe.append(key))
    ripening.schedule("audit", "1", "after 1s")
    assert ripening.count("audit") == 1
    assert ripening.cancel("audit", "1") is True
    clock.advance(2)
    ripening.tick()
    assert (ripe, ripening.count("audit")) == ([], 0)


def test_what_is_on_its_way_survives_a_dump(clock: Clock) -> None:
    before, ripe = Ripening(clock), list[str]()
    before.schedule("audit", "time", "after 10s")
    before.schedule("audit", "looks", "after 2 looks")
    before.schedule("audit", "never", "never")
    before.schedule("audit", "now", "immediate")
    before.look("audit", "looks")
    after = Ripening(clock)
    after.on("audit", lambda key, _data: ripe.append(key))
    after.load(before.dump())
    after.tick()
    assert ripe == ["now"]
    after.look("audit", "looks")
    clock.advance(10)
    after.tick()
    assert ripe == ["now", "looks", "time"]
    assert after.pending("audit", "never")
