"""Overrides out to a CSV file and in from one: everything is checked first, then all of it is applied (X13)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from server.domain.bulk import ErrorPolicy
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.override_csv import (
    MAX_PRODUCTS,
    CsvFault,
    CsvLines,
    CsvProduct,
    Line,
    Place,
    columns_of,
    place_of,
    product_of,
    read,
    write,
)
from server.domain.overrides import override_from_json, override_to_json
from server.kit.errors import AppError, Invalid
from server.kit.ids import parse_gid, to_gid
from server.services import tiktok_shops
from server.services.listings.rows import category_of
from server.services.templates import overriding
from server.services.templates.overriding import OverrideOutcome, OverrideWish
from server.store import override_lines, overrides
from server.store.override_lines import OverrideLine
from server.store.session import Session
from server.tables import ProductOverride

_KEYS = frozenset({"remote_id", "sku"})
MAX_FAULTS = 100
"""So many faults are told; who mends them is told the next."""


@dataclass(frozen=True, slots=True)
class ExportPage:
    """A part of the file; ``after`` goes on from here, None at the end."""

    csv: str
    products: int
    after: str | None


async def export(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, overridden: bool, after: str | None, amount: int
) -> ExportPage:
    """The next products as CSV, with the header on the first page; all pages have the same columns.

    ``Invalid`` for an ``after`` that ends no page.
    """
    place = None if after is None else place_of(after)
    if after is not None and place is None:
        raise Invalid("after is no endCursor of this file.", code="BAD_USER_INPUT", field=("after",))
    await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    start = None if place is None else place.product_id
    rows = await override_lines.page(session, **where, overridden=overridden, after=start, amount=amount + 1)
    ids = tuple(await override_lines.attribute_ids(session, **where)) if place is None else place.attributes
    columns = columns_of([Line("", "", "", None, {"attributes": [_shaped(one) for one in ids]})])
    lines = [_line(row) for row in rows[:amount]]
    more = Place(rows[amount - 1].product_id, ids).to_text() if len(rows) > amount else None
    return ExportPage(write(lines, columns, header=after is None), len(lines), more)


def _shaped(attribute_id: str) -> dict[str, Any]:
    return {"id": attribute_id, "values": [{"id": "1"}]}


def _line(row: OverrideLine) -> Line:
    category = (row.category_id, str(row.category_version)) if row.category_id else None
    return Line(to_gid("Product", row.product_id), row.handle, row.title, category, row.content or {})


def _kept_line(row: ProductOverride | None) -> Line | None:
    """What a product has of its own, as an export would write it."""
    if row is None:
        return None
    category = (row.category_id, str(row.category_version)) if row.category_id else None
    return Line(to_gid("Product", row.product_id), "", "", category, row.content)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a file would do, or did. With ``faults`` nothing of it was applied."""

    products: int = 0
    changed: int = 0
    cleared: int = 0
    unchanged: int = 0
    faults: tuple[CsvFault, ...] = ()


async def take_in(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, text: str, actor: str, now: datetime
) -> ImportReport:
    """Make each product's own settings what its lines say; what the file has no column for stays as it is.

    Faults of all lines are told together.
    With faults the session's changes must be thrown away: look in one that is only read, then apply in another.
    """
    await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    products, faults = read(text)
    if len(products) > MAX_PRODUCTS:
        raise Invalid(f"A file has at most {MAX_PRODUCTS} products: cut it.", field=("input", "csv"))
    named = _named(products, faults)
    kept = await _standing(session, shop_id, tiktok_shop_id, list(named))
    found = [_wish(one, lines, kept.get(one), faults) for one, lines in named.items()]
    wishes = [one for one in found if one is not None]
    changing = [one for one in wishes if one.differs(kept.get(one.id))]
    cleared = 0
    for part in _parts(changing, overriding.MAX_ROWS):
        outcomes = await overriding.set_many(
            session,
            shop_id=shop_id,
            tiktok_shop_id=tiktok_shop_id,
            wishes=[one.asked(kept.get(one.id)) for one in part],
            policy=ErrorPolicy.REJECT_EVERYTHING,
            actor=actor,
            now=now,
        )
        cleared += sum(outcome.done and outcome.override is None for outcome in outcomes)
        faults += _told(part, outcomes)
    told = tuple(sorted(faults, key=lambda fault: fault.row)[:MAX_FAULTS])
    changed = len(changing) - cleared
    return ImportReport(len(products), changed, cleared, len(wishes) - len(changing), told)


@dataclass(frozen=True, slots=True)
class _Wished:
    id: UUID
    line: CsvProduct
    category: CategoryRef | None
    content: Mapping[str, Any]

    def differs(self, row: ProductOverride | None) -> bool:
        """Whether anything would change; the order of attributes is none of the merchant's business."""
        override, faults = override_from_json(self.content)
        if faults:
            return True
        before = ({}, None) if row is None else (dict(row.content), category_of(row.category_id, row.category_version))
        return (_sorted(override_to_json(override)), self.category) != (_sorted(before[0]), before[1])

    def asked(self, row: ProductOverride | None) -> OverrideWish:
        """Every part is said: what is not in it is forgotten."""
        forgotten = dict.fromkeys(row.content if row is not None else (), None)
        return OverrideWish(self.id, self.category, {**forgotten, **self.content})


def _sorted(content: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing: the order of attributes and variants, and variants without figures."""
    lists = {
        "attributes": sorted(content.get("attributes", ()), key=lambda one: str(one["id"])),
        "variants": sorted(
            (one for one in content.get("variants", ()) if one.keys() - _KEYS),
            key=lambda one: (one.get("remote_id", ""), one.get("sku", "")),
        ),
    }
    return {name: value for name, value in (content | lists).items() if value or value is False}


def _named(products: Sequence[CsvLines], faults: list[CsvFault]) -> dict[UUID, CsvLines]:
    found: dict[UUID, CsvLines] = {}
    for lines in products:
        named = parse_gid(lines.product_id)
        if named is None or named[0] != "Product":
            text = "This is no product's id: export a file to see them."
            faults.append(CsvFault(lines.row, "product_id", text))
        elif named[1] in found:
            faults.append(CsvFault(lines.row, "product_id", "This product stands above already, spelled otherwise."))
        else:
            found[named[1]] = lines
    return found


def _wish(product_id: UUID, lines: CsvLines, row: ProductOverride | None, faults: list[CsvFault]) -> _Wished | None:
    product, wrong = product_of(lines, _kept_line(row))
    faults += wrong
    category = None
    if product.category is not None:
        number, version = product.category
        if not number or version not in set(CategoryVersion):
            text = "A category needs both its id and its version, v1 or v2."
            faults.append(CsvFault(product.row, "category_version" if number else "category_id", text))
            return None
        category = CategoryRef(number, CategoryVersion(version))
    return _Wished(product_id, product, category, product.content)


async def _standing(
    session: Session, shop_id: UUID, tiktok_shop_id: UUID, ids: Sequence[UUID]
) -> dict[UUID, ProductOverride]:
    """What products have, held until the transaction ends: a file without a column must not undo another's change."""
    await overrides.hold_products(session, shop_id=shop_id, product_ids=ids)
    return await overrides.by_products(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, product_ids=ids)


def _parts(wishes: Sequence[_Wished], size: int) -> Iterator[Sequence[_Wished]]:
    for start in range(0, len(wishes), size):
        yield wishes[start : start + size]


def _told(part: Sequence[_Wished], outcomes: Sequence[OverrideOutcome]) -> list[CsvFault]:
    return [_fault(wish.line, error) for wish, outcome in zip(part, outcomes, strict=True) for error in outcome.errors]


def _fault(line: CsvProduct, error: AppError) -> CsvFault:
    path = [part for part in error.field if part not in ("input", "content")]
    if path[:1] == ["category"]:
        return CsvFault(line.row, "category_version" if path[-1] == "version" else "category_id", error.message)
    if path == ["productId"]:
        return CsvFault(line.row, "product_id", error.message)
    row, column = line.column_of(path)
    return CsvFault(row, column, error.message)
