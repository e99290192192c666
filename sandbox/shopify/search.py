"""The search text of `products(query:)`: terms, ranges, AND, OR, NOT and brackets (Shopify fact sheet 3.3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.shopify.objects import Product

Predicate = Callable[[Product], bool]
TOKEN = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))|(?P<not>-(?=\S)|NOT\b)|(?P<and>AND\b)|(?P<or>OR\b)
    |(?:(?P<field>[A-Za-z_][\w.$-]*):)?(?P<op>>=|<=|>|<)?(?:'(?P<single>(?:\\.|[^'\\])*)'|"(?P<double>(?:\\.|[^"\\])*)"
    |(?P<bare>[^\s()]+)))""",
    re.VERBOSE,
)
OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
    "": lambda left, right: left == right,
}


@dataclass(frozen=True, slots=True)
class Token:
    """A bracket, a word of logic, or a term."""

    kind: str
    field: str = ""
    op: str = ""
    value: str = ""


def parse_search(text: str | None, now: float, collections: Mapping[str, str]) -> Predicate | None:
    """A test for products; None when everything matches. Unknown fields are ignored, as the platform does.

    `collections` gives the handle of each collection's numeric id.
    """
    tokens = list(_tokens(text or ""))
    if not tokens:
        return None
    parser = _Parser(tokens, now, collections)
    return parser.any_of()


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        if match is None:
            at += 1
            continue
        at = match.end()
        kind = next((name for name in ("open", "close", "not", "and", "or") if match[name]), "term")
        quoted = match["single"] if match["single"] is not None else match["double"]
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else match["bare"] or ""
        yield Token(kind, (match["field"] or "").lower(), match["op"] or "", value)


class _Parser:
    """OR binds loosest, then AND (also by mere neighbourhood), then NOT."""

    def __init__(self, tokens: list[Token], now: float, collections: Mapping[str, str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._now = now
        self._collections = collections

    def any_of(self) -> Predicate:
        parts = [self._all_of()]
        while self._take("or"):
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else lambda product: any(part(product) for part in parts)

    def _all_of(self) -> Predicate:
        parts = [self._one()]
        while self._peek() not in {"", "or", "close"}:
            self._take("and")
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else lambda product: all(part(product) for part in parts)

    def _one(self) -> Predicate:
        if self._take("not"):
            inner = self._one()
            return lambda product: not inner(product)
        if self._take("open"):
            inner = self.any_of()
            self._take("close")
            return inner
        if self._peek() != "term":
            self._at += 1
            return lambda _product: True
        token = self._tokens[self._at]
        self._at += 1
        if token.field == "collection_id":
            handle = self._collections.get(token.value.rsplit("/", 1)[-1])
            return lambda product: handle in product.data.collections
        return term(token.field, token.op, token.value, self._now)

    def _peek(self) -> str:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else ""

    def _take(self, kind: str) -> bool:
        found = self._peek() == kind
        self._at += found
        return found


def term(field: str, op: str, value: str, now: float) -> Predicate:
    """One `field:value` (or a bare word, looked for in title, vendor, type, tags and SKUs)."""
    if field in NUMBERS:
        return _number(NUMBERS[field], op, value)
    if field in TIMES:
        return _time(TIMES[field], op, value, now)
    if field in TEXTS:
        return _text(TEXTS[field], value)
    if field == "tag_not":
        has = _text(TEXTS["tag"], value)
        return lambda product: not has(product)
    if field:
        return lambda _product: True
    word = value.lower().strip("*")
    return lambda product: any(word in text.lower() for text in _everything(product))


def _everything(product: Product) -> Iterator[str]:
    yield from (product.title, product.data.vendor, product.data.product_type, *product.data.tags)
    yield from (variant.sku for variant in product.variants if variant.sku)


def _text(read: Callable[[Product], list[str]], value: str) -> Predicate:
    """Whole and case-blind; `*` at the end means "begins with", and several values may be joined by commas."""
    wanted = [part.strip().lower() for part in value.split(",")]

    def test(product: Product) -> bool:
        texts = [text.lower() for text in read(product)]
        return any(_fits(text, one) for text in texts for one in wanted)

    return test


def _fits(text: str, wanted: str) -> bool:
    if wanted == "*":
        return bool(text)
    return text.startswith(wanted[:-1]) if wanted.endswith("*") else text == wanted


def _number(read: Callable[[Product], list[float]], op: str, value: str) -> Predicate:
    try:
        wanted = float(value.rsplit("/", 1)[-1])
    except ValueError:
        return lambda _product: False
    compare = OPERATORS[op]
    return lambda product: any(compare(one, wanted) for one in read(product))


def _time(read: Callable[[Product], float | None], op: str, value: str, now: float) -> Predicate:
    wanted = _moment(value, now)
    if wanted is None:
        return lambda _product: False
    compare = OPERATORS[op]
    return lambda product: (at := read(product)) is not None and compare(at, wanted)


def _moment(value: str, now: float) -> float | None:
    if value.lower() == "now":
        return now
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


NUMBERS: Mapping[str, Callable[[Product], list[float]]] = {
    "id": lambda product: [product.number],
    "price": lambda product: [float(one.price) for one in product.data.variants],
    "inventory_total": lambda product: [product.total_inventory],
}
TIMES: Mapping[str, Callable[[Product], float | None]] = {
    "created_at": lambda product: product.created,
    "updated_at": lambda product: product.updated,
    "published_at": lambda product: product.published,
}
TEXTS: Mapping[str, Callable[[Product], list[str]]] = {
    "status": lambda product: [product.data.status],
    "title": lambda product: [product.title, *product.title.split()],
    "vendor": lambda product: [product.data.vendor],
    "product_type": lambda product: [product.data.product_type],
    "tag": lambda product: list(product.data.tags),
    "handle": lambda product: [product.handle],
    "sku": lambda product: [one.sku or "" for one in product.variants],
    "barcode": lambda product: [one.barcode or "" for one in product.variants],
    "variant_title": lambda product: [one.title for one in product.variants],
    "category_id": lambda product: [product.data.category or ""],
    "gift_card": lambda product: [str(product.data.gift_card)],
    "bundles": lambda _product: ["false"],
    "published_status": lambda product: ["published" if product.published else "unpublished"],
}
