"""`leafmark mappings`: out of one shop and into another, with what is covered and what is missing (N18, X11)."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import environment
from cli.__main__ import build
from server.deps import open_deps
from server.domain.category_tree import FlatNode
from server.settings import Settings
from tests.catalogue.shops import connected_shop
from tests.mappings.conftest import MUGS, Bench, a_category, a_type

OTHER_TREE = [FlatNode("1", "0", "Home", is_leaf=False), FlatNode("77", "1", "Mugs", True, ("AVAILABLE",))]
ONE, TWO = "one.myshopify.com", "two.myshopify.com"


async def _two_stores(settings: Settings) -> None:
    async with open_deps(settings) as deps:
        shop, tiktok_shop = await connected_shop(deps, domain=ONE)
        first = Bench(deps, shop, tiktok_shop)
        await first.keep()
        await first.add(product_type="Mugs", amount=3)
        await first.add(product_type="Lamps", amount=1)
        await first.set(a_type("Mugs"), MUGS)
        await first.set(a_category("hg-1"), MUGS)
        shop, tiktok_shop = await connected_shop(deps, domain=TWO)
        await Bench(deps, shop, tiktok_shop).keep(nodes=OTHER_TREE)


@pytest.fixture
def stores(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(_two_stores(settings))
    monkeypatch.setattr(environment, "read_settings", lambda: settings)


def run(*arguments: str) -> list[str]:
    done = CliRunner().invoke(build("mappings"), ["mappings", *arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        return [str(done.exception)]
    return done.output.splitlines()


@pytest.mark.usefixtures("stores")
def test_a_file_carries_decisions_from_store_to_store(tmp_path: Path) -> None:
    file = str(tmp_path / "pack.json")
    assert run("export", file, "--shop", ONE) == [
        f"{file}: 2 mappings and 0 templates of One on TikTok.",
        "Mapped products: 3 of 4 (75%).",
        "  unmapped: PRODUCT_TYPE Lamps (1 products)",
    ]
    looked = run("import", file, "--shop", TWO)
    assert looked == [
        "Mappings: 2 written, 0 the same, 0 kept as they are, 0 missing",
        "Templates: 0 written, 0 the same, 0 kept as they are, 0 missing",
        "Coverage: 100%; 2 leaves found by their names.",
        "Nothing was written; add --write to do it.",
    ]
    assert run("import", file, "--shop", TWO, "--write") == looked[:3]
    assert run("import", file, "--shop", TWO, "--write")[0].startswith("Mappings: 0 written, 2 the same")


@pytest.mark.usefixtures("stores")
def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path) -> None:
    changed = tmp_path / "changed.json"
    run("export", str(changed), "--shop", ONE)
    changed.write_text(changed.read_text("utf-8").replace("mugs", "bugs"), "utf-8")
    said = {
        "another store": run("export", "x", "--shop", "no.myshopify.com"),
        "another shop": run("export", "x", "--shop", ONE, "--tiktok-shop", "1"),
        "no file": run("import", str(tmp_path / "none"), "--shop", ONE),
        "a changed file": run("import", str(changed), "--shop", ONE),
        "no folder": run("export", str(tmp_path / "no" / "file"), "--shop", ONE),
    }
    assert said["another store"] == ["No store no.myshopify.com is installed here."]
    assert said["another shop"][0].startswith("Name one of the store's TikTok shops with --tiktok-shop: 74")
    assert said["no file"] == [f"{tmp_path / 'none'} cannot be read: No such file or directory."]
    assert said["a changed file"] == ["The file was changed or cut off after it was made: export it again."]
    assert said["no folder"] == [f"{tmp_path / 'no' / 'file'} cannot be written: No such file or directory."]
