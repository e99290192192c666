"""`POST /_sandbox/shopify/seed`: fills a Shopify store from a product CSV export, in place of what it held."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sandbox.actions import Answer, BadControl
from sandbox.asked import Asked
from sandbox.catalogue.csv_reader import CsvError, CsvResult, UnreadableFile, read_products
from sandbox.control_kit import Control, Visit
from sandbox.shopify import changes


def _seed(visit: Visit) -> Answer:
    """Silent: no webhooks, as if the store had always been so. A file that cannot be read changes nothing."""
    asked = Asked(visit.body)
    text, domain = asked.must_text("csv"), asked.text("shop")
    asked.finish()
    world = visit.world
    shop = changes.shop_of(world, domain)
    result = _read(text)
    for index in list(shop.store.indexes()):
        shop.store.remove(index)
    for product in result.products:
        shop.store.add(product, world.clock.now())
    world.shopify.errors = result.errors
    return {"shop": shop.domain, "products": len(result.products), "errors": _shown(result.errors)}


def _read(text: str) -> CsvResult:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "products.csv"
        file.write_text(text, encoding="utf-8", newline="")
        try:
            return read_products(file)
        except UnreadableFile as bad:
            raise BadControl(str(bad).replace(str(file), "The text"), "csv") from None


def _shown(errors: Sequence[CsvError]) -> list[dict[str, object]]:
    return [{"line": one.line, "column": one.column, "message": one.message} for one in errors]


CONTROLS = (
    Control(
        "POST",
        "shopify/seed",
        "Fill the store from a product CSV (content type text/csv, or JSON), in place of what it held",
        _seed,
        {"csv": "required: the text of the export", "shop": "domain of the shop; the first one without"},
    ),
)
