"""Mapping packs: out and in again changes nothing; a second shop takes over what it can and lists the rest."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from cryptography.fernet import Fernet

from server.domain.category_tree import FlatNode
from server.kit.errors import Invalid, NotFound
from server.kit.ids import new_id
from server.services import mapping_packs, templates
from server.services.mapping_packs import Report
from server.services.templates import TemplateDraft
from server.store import mappings as rows
from server.store import templates as template_rows
from tests.catalogue.shops import connected_shop
from tests.mappings.conftest import BOWLS, MUGS, Bench, a_category, a_type

RULES = {"match": "ALL", "conditions": [{"field": "VENDOR", "operator": "EQUALS", "value": "Acme"}]}
CONTENT = {"attributes": [{"id": "100", "values": [{"id": "7", "name": "Red"}]}], "rules": RULES, "brand_id": "55"}
OTHER_TREE = [
    FlatNode("1", "0", "Home", is_leaf=False, permissions=("AVAILABLE",)),
    FlatNode("77", "1", "Mugs", is_leaf=True, permissions=("AVAILABLE",)),
    FlatNode("4", "1", "Bowls & Plates", is_leaf=True, permissions=("AVAILABLE",)),
]


async def second(bench: Bench, nodes: list[FlatNode]) -> Bench:
    shop, tiktok_shop = await connected_shop(bench.deps, domain=f"{new_id().hex}.myshopify.com")
    made = Bench(bench.deps, shop, tiktok_shop)
    await made.keep(nodes=nodes)
    return made


async def decide(bench: Bench) -> None:
    await bench.set(a_type("mugs"), MUGS)
    await bench.set(a_category("hg-1"), BOWLS)
    draft = TemplateDraft("Acme", MUGS, CONTENT, is_default=True, rank=3)
    async with bench.deps.database.write() as session:
        await templates.create(session, **bench.where, draft=draft, now=bench.deps.clock())


async def exported(bench: Bench) -> str:
    keys = bench.deps.settings.secret_keys
    async with bench.deps.database.read() as session:
        content, _ = await mapping_packs.export(session, **bench.where, secret_keys=keys, now=bench.deps.clock())
    return content


async def imported(bench: Bench, content: str, *, dry_run: bool = False, overwrite: bool = False) -> Report:
    async with bench.deps.database.write() as session:
        return await mapping_packs.load(
            session,
            **bench.where,
            content=content,
            secret_keys=bench.deps.settings.secret_keys,
            dry_run=dry_run,
            overwrite=overwrite,
            by="user:7",
            now=bench.deps.clock(),
        )


async def state(bench: Bench) -> list[dict[str, Any]]:
    async with bench.deps.database.read() as session:
        mapped = await rows.of_tiktok_shop(session, **bench.where)
        written = await template_rows.of_tiktok_shop(session, **bench.where)
    return [row.model_dump() for row in (*mapped, *written)]


def tallies(report: Report) -> tuple[list[int], list[int]]:
    return list(asdict(report.mappings).values()), list(asdict(report.templates).values())


@pytest.mark.parametrize("overwrite", [False, True])
async def test_out_and_in_again_changes_nothing(bench: Bench, overwrite: bool) -> None:
    await decide(bench)
    before, content = await state(bench), await exported(bench)
    report = await imported(bench, content, overwrite=overwrite)
    assert tallies(report) == ([2, 0, 0, 0], [1, 0, 0, 0])
    assert (report.coverage, report.missing, report.by_path) == (1.0, [], 0)
    assert await state(bench) == before
    body, again = (json.loads(text)["body"] for text in (content, await exported(bench)))
    assert body | {"made_at": None} == again | {"made_at": None}
    assert body["counts"] == {"mappings": 2, "templates": 1}


async def test_another_store_takes_over_what_its_tree_has(bench: Bench) -> None:
    await decide(bench)
    await bench.set(a_type("plates"), BOWLS)
    other = await second(bench, OTHER_TREE[:2])
    content = await exported(bench)
    dry = await imported(other, content, dry_run=True)
    assert await state(other) == []
    report = await imported(other, content)
    assert report.missing == dry.missing
    assert tallies(report) == tallies(dry) == ([0, 1, 0, 2], [0, 1, 0, 0])
    assert [(one.name, one.leaf.id, one.leaf.path) for one in report.missing] == [
        ("plates", "4", ("Home", "Bowls")),
        (a_category("hg-1").key, "4", ("Home", "Bowls")),
    ]
    assert "has no category 4" in report.missing[0].reason
    assert (report.by_path, report.coverage) == (2, 0.5)
    mapped, template = await state(other)
    assert (mapped["key"], mapped["category_id"], mapped["set_by"]) == ("mugs", "77", "user:7")
    assert (template["name"], template["category_id"], template["is_default"], template["is_active"]) == (
        "Acme",
        "77",
        True,
        False,
    )
    assert template["content"]["rules"] == RULES
    assert template["content"]["brand_id"] is None
    assert tallies(await imported(other, content)) == ([1, 0, 0, 2], [1, 0, 0, 0])


async def test_an_id_that_is_there_counts_whatever_its_name(bench: Bench) -> None:
    await bench.set(a_type("bowls"), BOWLS)
    other = await second(bench, OTHER_TREE)
    assert tallies(await imported(other, await exported(bench)))[0] == [0, 1, 0, 0]
    assert [row["category_id"] for row in await state(other)] == ["4"]


async def test_what_the_shop_decided_stays_unless_told(bench: Bench) -> None:
    await decide(bench)
    other = await second(bench, [*OTHER_TREE[:1], FlatNode("2", "1", "Mugs", True), FlatNode("4", "1", "Bowls", True)])
    await other.set(a_type("mugs"), BOWLS)
    content = await exported(bench)
    assert tallies(await imported(other, content))[0] == [0, 1, 1, 0]
    assert tallies(await imported(other, content, overwrite=True))[0] == [1, 1, 0, 0]
    assert {row["key"]: row["category_id"] for row in (await state(other))[:2]} == {
        "mugs": "2",
        a_category("hg-1").key: "4",
    }


def changed(content: str, change: Callable[[dict[str, Any]], object]) -> str:
    document = json.loads(content)
    change(document)
    return json.dumps(document)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda text: "", "not a file of mappings"),
        (lambda text: "[" * 100_000, "not a file of mappings"),
        (lambda text: text[:-5], "not a file of mappings"),
        (lambda text: " " * 900_001, "more than 900000"),
        (lambda text: changed(text, lambda it: it.update(version=2)), "format version 2"),
        (lambda text: changed(text, lambda it: it["body"]["mappings"].clear()), "changed or cut off"),
        (lambda text: changed(text, lambda it: it.update(signature="0" * 64)), "did not sign"),
        (lambda text: changed(text, lambda it: it.pop("signature")), "did not sign"),
    ],
)
async def test_a_spoilt_file_is_refused(bench: Bench, spoil: Callable[[str], str], says: str) -> None:
    await decide(bench)
    other = await second(bench, OTHER_TREE)
    with pytest.raises(Invalid, match=says) as caught:
        await imported(other, spoil(await exported(bench)))
    assert caught.value.field == ("input", "file")
    assert await state(other) == []


async def test_an_older_key_still_opens_a_file(bench: Bench) -> None:
    await decide(bench)
    newest, older = Fernet.generate_key().decode(), bench.deps.settings.secret_keys[0]
    content = await exported(bench)
    for keys, opens in (([newest, older], True), ([newest], False)):
        async with bench.deps.database.write() as session:
            work = mapping_packs.load(
                session,
                **bench.where,
                content=content,
                secret_keys=keys,
                dry_run=True,
                overwrite=False,
                by="user:7",
                now=bench.deps.clock(),
            )
            if opens:
                assert tallies(await work)[0] == [2, 0, 0, 0]
            else:
                with pytest.raises(Invalid, match="did not sign"):
                    await work


async def test_a_second_tiktok_shop_is_set_up_like_the_first(bench: Bench) -> None:
    await decide(bench)
    twin = bench.tiktok_shop.model_copy(update={"id": new_id(), "remote_id": "7400000000000000099"})
    async with bench.deps.database.write() as session:
        session.add(type(twin)(**twin.model_dump()))
    other = Bench(bench.deps, bench.shop, twin)
    await other.keep()

    async def copied(**how: Any) -> Report:
        given: dict[str, Any] = {
            "from_tiktok_shop_id": bench.tiktok_shop.id,
            "to_tiktok_shop_id": twin.id,
            "dry_run": False,
        }
        async with bench.deps.database.write() as session:
            return await mapping_packs.copy(
                session, shop_id=bench.shop.id, overwrite=False, by="user:7", now=bench.deps.clock(), **(given | how)
            )

    assert tallies(await copied(dry_run=True)) == ([0, 2, 0, 0], [0, 1, 0, 0])
    assert await state(other) == []
    assert tallies(await copied()) == ([0, 2, 0, 0], [0, 1, 0, 0])
    assert tallies(await copied()) == ([2, 0, 0, 0], [1, 0, 0, 0])
    assert [row["category_id"] for row in await state(other)] == [row["category_id"] for row in await state(bench)]
    with pytest.raises(Invalid):
        await copied(to_tiktok_shop_id=bench.tiktok_shop.id)
    with pytest.raises(NotFound):
        await copied(to_tiktok_shop_id=new_id())


async def test_a_stranger_gets_no_file(bench: Bench) -> None:
    await decide(bench)
    other = await second(bench, OTHER_TREE)
    async with bench.deps.database.read() as session:
        with pytest.raises(NotFound):
            await mapping_packs.export(
                session,
                shop_id=other.shop.id,
                tiktok_shop_id=bench.tiktok_shop.id,
                secret_keys=bench.deps.settings.secret_keys,
                now=bench.deps.clock(),
            )
