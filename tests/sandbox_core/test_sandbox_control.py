"""The control API: clock, settings, reset, pages, state file, and clear answers to wrong input."""

import re
from pathlib import Path

import httpx
import orjson
import pytest

from sandbox.actions import Action, BadControl
from sandbox.app import Sandbox, create_app
from sandbox.config import BadConfig, SandboxConfig
from sandbox.control import _check
from sandbox.world import World


async def test_the_clock_is_moved(client: httpx.AsyncClient) -> None:
    assert (await client.get("/_sandbox/clock")).json() == {
        "now": 1767225600.0,
        "iso": "2026-01-01T00:00:00+00:00",
        "frozen": True,
    }
    assert (await client.post("/_sandbox/clock", json={"advance": "2h"})).json()["now"] == 1767232800.0
    assert (await client.post("/_sandbox/clock", json={"advance": -60.5})).json()["now"] == 1767232739.5
    assert (await client.post("/_sandbox/clock", json={"set": 1000})).json()["now"] == 1000.0
    assert (await client.post("/_sandbox/clock", json={"run": True})).json()["frozen"] is False


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "set"),
        ({"advance": "soon"}, "advance"),
        ({"set": "today"}, "set"),
        ({"freeze": True, "run": True}, "run"),
        ({"stop": True}, "stop"),
    ],
)
async def test_wrong_clock_input(client: httpx.AsyncClient, world: World, body: dict[str, object], field: str) -> None:
    answer = await client.post("/_sandbox/clock", json=body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)
    assert world.clock.now() == 1767225600.0


async def test_settings_are_changed_together_or_not_at_all(client: httpx.AsyncClient, world: World) -> None:
    changed = await client.patch("/_sandbox/settings", json={"audit": "after 3 looks", "upgrade_left_behind": 1})
    assert (changed.json()["audit"], changed.json()["upgrade_left_behind"]) == ("after 3 looks", 1.0)
    for wrong, field in (
        ({"latency_ms": 7, "audit": "soon"}, "audit"),
        ({"latency_ms": 7, "speed": 1}, "speed"),
        ({"latency_ms": "7"}, "latency_ms"),
        ({"latency_ms": -7}, "latency_ms"),
        ({"latency_ms": True}, "latency_ms"),
        ({"tiktok_qps": "fast"}, "tiktok_qps"),
        ({"category_permissions": {"1": "AVAILABLE"}}, "category_permissions"),
        ({"no_match_code": 5}, "no_match_code"),
        ({"webhook_concurrency": 0}, "webhook_concurrency"),
    ):
        answer = await client.patch("/_sandbox/settings", json=wrong)
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)
    assert world.settings.latency_ms == 0
    for right in ({"tiktok_qps": 5}, {"tiktok_qps": None}, {"category_permissions": {"1": ["AVAILABLE"]}}):
        assert (await client.patch("/_sandbox/settings", json=right)).status_code == 200


async def test_reset_brings_everything_back(client: httpx.AsyncClient, world: World) -> None:
    await client.post("/_sandbox/reset", json={})
    first = [world.rng.random() for _ in range(3)]
    await client.patch("/_sandbox/settings", json={"latency_ms": 1})
    await client.post("/_sandbox/faults", json={"kind": "slow", "ms": 1})
    await client.post("/_sandbox/webhooks/rules", json={"trick": "drop"})
    world.ripening.schedule("audit", "1", "never")
    await client.get("/product/202309/products/1")
    assert (await client.post("/_sandbox/reset", json={})).json() == {"seed": 1}
    assert (world.settings.latency_ms, world.faults.rules, world.outbox.rules.rules) == (0, [], [])
    assert (world.calls.total, world.ripening.count("audit"), world.clock.frozen) == (0, 0, False)
    assert [world.rng.random() for _ in range(3)] == first
    assert (await client.post("/_sandbox/seed", json={})).status_code == 400
    assert (await client.post("/_sandbox/seed", json={"seed": 9})).json() == {"seed": 9}


async def test_a_slow_transition_is_listed_and_brought_about(client: httpx.AsyncClient, world: World) -> None:
    ripe: list[str] = []
    world.ripening.on("audit", lambda key, _data: ripe.append(key))
    world.ripening.schedule("audit", "1", "never", {"to": "ACTIVATE"})
    (one,) = (await client.get("/_sandbox/ripening")).json()["ripening"]
    assert (one["kind"], one["key"], one["data"]) == ("audit", "1", {"to": "ACTIVATE"})
    assert (await client.post("/_sandbox/ripening/fire", json={"kind": "audit", "key": "2"})).status_code == 404
    assert (await client.post("/_sandbox/ripening/fire", json={"kind": "audit", "key": "1"})).status_code == 200
    assert ripe == ["1"]


async def test_the_openapi_document_lists_exactly_the_routes(client: httpx.AsyncClient, app: Sandbox) -> None:
    document = (await client.get("/_sandbox/openapi.json")).json()
    listed = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert document["openapi"] == "3.1.0"
    assert {
        ("GET", "/_sandbox/clock"),
        ("POST", "/_sandbox/faults"),
        ("DELETE", "/_sandbox/faults/{id}"),
        ("PATCH", "/_sandbox/settings"),
        ("PUT", "/_sandbox/webhooks/targets"),
        ("GET", "/_sandbox/credentials"),
    } <= listed
    page = (await client.get("/_sandbox/api")).text
    assert all(path.replace("'", "&#x27;") in page for _, path in listed)


async def test_the_pages_load_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    for path in ("/_sandbox/", "/_sandbox/api"):
        answer = await client.get(path)
        assert answer.headers["content-type"].startswith("text/html")
        assert "://" not in answer.text
    assert (await client.get("/_sandbox/page.css")).headers["content-type"].startswith("text/css")
    assert (await client.get("/_sandbox")).headers["location"] == "/_sandbox/"


async def test_unknown_control_paths_and_bodies(client: httpx.AsyncClient) -> None:
    answer = await client.get("/_sandbox/clocks")
    assert (answer.status_code, "/_sandbox/api" in answer.json()["error"]["message"]) == (404, True)
    answer = await client.post("/_sandbox/clock", content=b"{")
    assert (answer.status_code, answer.json()["error"]["message"][:20]) == (400, "The body is not JSON")
    assert (await client.post("/_sandbox/clock", content=b"[]")).status_code == 400
    assert (await client.get("/_sandbox/clock?x=1")).json()["error"]["field"] == "x"


def test_an_actions_fields_are_checked_before_it_runs() -> None:
    action = Action(
        "expire", "Expire", lambda _world, _given: {}, {"shop": "required: the shop's id", "soon": "a flag"}
    )
    _check(action, {"shop": "1"})
    for given, field in (({}, "shop"), ({"shop": ""}, "shop"), ({"shop": "1", "x": 1}, "x")):
        with pytest.raises(BadControl) as refused:
            _check(action, given)
        assert refused.value.field == field


async def test_the_world_survives_a_restart(tmp_path: Path) -> None:
    config = SandboxConfig(state=tmp_path / "deep" / "world.json")
    app = create_app(config)
    first = app.world
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://s.test") as client:
        first.clock.freeze()
        first.clock.set(1000.0)
        await client.patch("/_sandbox/settings", json={"audit": "after 5s"})
        await client.post("/_sandbox/faults", json={"kind": "http", "chance": 0.5, "path": "/x"})
        await client.post("/_sandbox/webhooks/rules", json={"trick": "delay", "seconds": 60})
        await client.put("/_sandbox/webhooks/targets", json={"tiktok": "http://127.0.0.1:9/never"})
        first.outbox.tiktok(18, "1", {"product_id": "1"})
        first.ripening.schedule("nothing", "1", "after 9s", {"x": 1})
        await first.pulse.stop()
    second = create_app(config).world
    assert (second.clock.now(), second.settings.audit) == (1000.0, "after 5s")
    assert second.faults.dump() == first.faults.dump()
    assert second.ripening.dump()[0]["due"] == 1009.0
    assert second.outbox.rules.dump() == first.outbox.rules.dump()
    (waiting,) = second.outbox.kept
    assert (waiting.due, waiting.body, waiting.url) == (1060.0, first.outbox.kept[0].body, "http://127.0.0.1:9/never")
    assert orjson.dumps(second.tiktok.dump()) == orjson.dumps(first.tiktok.dump())
    assert orjson.dumps(second.shopify.dump()) == orjson.dumps(first.shopify.dump())
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["world.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 99}'])
def test_a_foreign_state_file_stops_the_start(tmp_path: Path, content: bytes) -> None:
    state = tmp_path / "world.json"
    state.write_bytes(content)
    with pytest.raises(BadConfig, match="Move it away"):
        create_app(SandboxConfig(state=state))


def test_the_environment_is_read_by_type() -> None:
    environ = {"SANDBOX_PORT": "8", "SANDBOX_STATE": "x.json", "SANDBOX_STRICT_VERSIONS": "no", "SANDBOX_MARKET": ""}
    config = SandboxConfig.from_env(environ)
    assert (config.port, config.state, config.strict_versions, config.market) == (8, Path("x.json"), False, "US")
    with pytest.raises(BadConfig, match="SANDBOX_PORT is 'eight', which is not a valid int"):
        SandboxConfig.from_env({"SANDBOX_PORT": "eight"})


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (SandboxConfig(port=70_000), "The port 70000 is not between 0 and 65535."),
        (SandboxConfig(market="XX"), "The market 'XX' is not known; it is one of US, "),
        (SandboxConfig(seller_type="GLOBAL"), "The seller type 'GLOBAL' is not one of LOCAL, CROSS_BORDER."),
        (SandboxConfig(size=-1), "The size -1 is below 0."),
        (SandboxConfig(latency_ms=-1), "The latency of -1 ms is below 0."),
        (SandboxConfig(audit="soon"), "The audit rule 'soon' is not `immediate`"),
        (SandboxConfig(products=Path("nowhere.csv")), "Cannot open nowhere.csv"),
        (SandboxConfig(categories=Path("nowhere.csv")), "Cannot read the category file nowhere.csv"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_sentence(config: SandboxConfig, message: str) -> None:
    with pytest.raises(BadConfig, match=re.escape(message)):
        create_app(config)


async def test_a_store_is_filled_from_a_csv(client: httpx.AsyncClient, world: World) -> None:
    text = "Handle,Title,Variant Price\nmug,Blue Mug,12.00\ncup,,1.00\n"
    answer = await client.post("/_sandbox/shopify/seed", content=text, headers={"content-type": "text/csv"})
    assert (answer.status_code, answer.json()["products"]) == (200, 1)
    assert [error["line"] for error in answer.json()["errors"]][:1] == [3]
    products = (await client.get("/_sandbox/products?platform=shopify")).json()["shopify"]
    assert [product["title"] for product in products] == ["Blue Mug"]
    assert list(world.outbox.kept) == []
    refused = await client.post("/_sandbox/shopify/seed", json={"csv": "Colour\nred\n"})
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "csv")
    assert refused.json()["error"]["message"].startswith("The text is not a Shopify product CSV")
    products = (await client.get("/_sandbox/products?platform=shopify")).json()["shopify"]
    assert [product["title"] for product in products] == ["Blue Mug"]


async def test_a_dash_in_a_path_may_be_an_underscore(client: httpx.AsyncClient) -> None:
    for path in ("id-token", "id_token"):
        assert (await client.post(f"/_sandbox/shopify/{path}", json={})).json()["id_token"].count(".") == 2
