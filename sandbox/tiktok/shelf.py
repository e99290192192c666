"""The products of one shop with the look-ups that keep search fast at 100,000 products."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from heapq import merge

from sandbox.tiktok.lifecycle import Status
from sandbox.tiktok.product import Product

Place = tuple[Status, str]


class Shelf:
    """Products by number (order of creation), by state and tree, by seller SKU, SKU id and external id."""

    def __init__(self) -> None:
        self._by_number: dict[int, Product] = {}
        self._places: dict[Place, list[int]] = {}
        self._place_of: dict[int, Place] = {}
        self._by_sku_id: dict[str, int] = {}
        self._by_seller_sku: dict[str, set[int]] = {}
        self._by_external: dict[str, set[int]] = {}
        self._marks: dict[int, tuple[set[str], set[str], str]] = {}

    def __len__(self) -> int:
        return len(self._by_number)

    def put(self, product: Product) -> None:
        """Add the product, or note what changed in it. Call after every change of state or content."""
        number = product.number
        self._by_number[number] = product
        place = (product.status, product.base.category_version)
        if self._place_of.get(number) != place:
            self._take_from_place(number)
            insort(self._places.setdefault(place, []), number)
            self._place_of[number] = place
        self._mark(product)

    def count(self, statuses: frozenset[Status], versions: frozenset[str]) -> int:
        """How many products stand in these states and trees."""
        return sum(len(numbers) for numbers in self._chosen(statuses, versions))

    def newest_first(
        self, statuses: frozenset[Status], versions: frozenset[str], below: int | None = None
    ) -> Iterator[Product]:
        """Products of these states and trees, newest first, from just below a number."""
        runs = [_downwards(numbers, below) for numbers in self._chosen(statuses, versions)]
        return (self._by_number[number] for number in merge(*runs, reverse=True))

    def with_sku_id(self, sku_id: str) -> Product | None:
        """The product a SKU id belongs to."""
        number = self._by_sku_id.get(sku_id)
        return None if number is None else self._by_number[number]

    def with_seller_sku(self, seller_sku: str) -> set[int]:
        """Numbers of the products that have a SKU of this name; several may."""
        return self._by_seller_sku.get(seller_sku, set())

    def with_external_id(self, external_id: str) -> list[Product]:
        """Products of this external id, deleted ones too, oldest first."""
        return [self._by_number[number] for number in sorted(self._by_external.get(external_id, ()))]

    def _chosen(self, statuses: frozenset[Status], versions: frozenset[str]) -> list[list[int]]:
        return [
            numbers for (status, version), numbers in self._places.items() if status in statuses and version in versions
        ]

    def _take_from_place(self, number: int) -> None:
        place = self._place_of.get(number)
        if place is not None:
            numbers = self._places[place]
            del numbers[bisect_left(numbers, number)]

    def _mark(self, product: Product) -> None:
        number, content = product.number, product.base
        seller_skus = {sku.seller_sku for sku in content.skus if sku.seller_sku}
        sku_ids = {sku.id for sku in content.skus}
        marks = (sku_ids, seller_skus, content.external_product_id)
        old = self._marks.get(number)
        if old == marks:
            return
        if old is not None:
            for sku_id in old[0]:
                self._by_sku_id.pop(sku_id, None)
            for seller_sku in old[1]:
                self._by_seller_sku[seller_sku].discard(number)
            self._by_external.get(old[2], set()).discard(number)
        self._marks[number] = marks
        self._by_sku_id.update(dict.fromkeys(sku_ids, number))
        for seller_sku in seller_skus:
            self._by_seller_sku.setdefault(seller_sku, set()).add(number)
        if content.external_product_id:
            self._by_external.setdefault(content.external_product_id, set()).add(number)


def _downwards(numbers: list[int], below: int | None) -> Iterator[int]:
    end = len(numbers) if below is None else bisect_left(numbers, below)
    return (numbers[index] for index in range(end - 1, -1, -1))
