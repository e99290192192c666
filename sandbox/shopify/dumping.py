"""Products as plain JSON values, the inverse of `product_from_json`."""

from dataclasses import asdict

from sandbox.catalogue.products import ProductData


def product_to_json(data: ProductData) -> dict[str, object]:
    """Every field, tuples as lists."""
    return {key: _plain(value) for key, value in asdict(data).items()}


def _plain(value: object) -> object:
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value
