"""Export lines as Shopify writes them, for tests and the benchmark."""

from collections.abc import Iterator

import orjson


def product_line(number: int) -> bytes:
    return orjson.dumps(
        {
            "id": f"gid://shopify/Product/{number}",
            "handle": f"mug-{number}",
            "title": f"Enamel Mug No. {number}",
            "descriptionHtml": "<p>Enamelled steel, <b>350 ml</b>, dishwasher safe.</p>" * 6,
            "vendor": "Northwind",
            "productType": "Mugs",
            "tags": ["kitchen", "camping", "enamel"],
            "status": "ACTIVE",
            "createdAt": "2025-12-01T00:00:00Z",
            "updatedAt": "2026-01-01T00:00:00Z",
            "hasOnlyDefaultVariant": False,
            "isGiftCard": False,
            "category": {
                "id": "gid://shopify/TaxonomyCategory/hg-11-10",
                "fullName": "Home & Garden > Kitchen > Mugs",
                "isLeaf": True,
                "isArchived": False,
            },
            "options": [
                {
                    "id": f"gid://shopify/ProductOption/{number}",
                    "name": "Color",
                    "position": 1,
                    "optionValues": [
                        {"id": f"gid://shopify/ProductOptionValue/{number}{at}", "name": color}
                        for at, color in enumerate(("Red", "Green", "Blue"))
                    ],
                }
            ],
        }
    )


def child_lines(number: int, variants: int = 3) -> Iterator[bytes]:
    parent = f"gid://shopify/Product/{number}"
    for at in range(2):
        yield orjson.dumps(
            {
                "id": f"gid://shopify/MediaImage/{number}{at}",
                "alt": "a mug",
                "image": {"url": f"https://cdn.shopify.com/{number}-{at}.jpg", "width": 1200, "height": 1200},
                "__parentId": parent,
            }
        )
    yield orjson.dumps({"id": "gid://shopify/Collection/77", "title": "Mugs", "__parentId": parent})
    yield orjson.dumps(
        {
            "id": f"gid://shopify/Metafield/{number}",
            "namespace": "custom",
            "key": "material",
            "type": "single_line_text_field",
            "value": "Steel",
            "__parentId": parent,
        }
    )
    for at in range(variants):
        yield orjson.dumps(
            {
                "id": f"gid://shopify/ProductVariant/{number}{at}",
                "sku": f"MUG-{number}-{at}",
                "barcode": "4006381333931",
                "title": "Red",
                "price": "12.90",
                "compareAtPrice": None,
                "inventoryPolicy": "DENY",
                "inventoryQuantity": 7,
                "selectedOptions": [{"name": "Color", "value": "Red"}],
                "inventoryItem": {
                    "id": f"gid://shopify/InventoryItem/{number}{at}",
                    "tracked": True,
                    "requiresShipping": True,
                    "measurement": {"weight": {"value": 0.25, "unit": "KILOGRAMS"}},
                },
                "image": {"url": f"https://cdn.shopify.com/{number}-{at}.jpg"},
                "__parentId": parent,
            }
        )


def grouped(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield product_line(number)
        yield from child_lines(number)


def ungrouped(count: int) -> Iterator[bytes]:
    """All roots first, then the children interleaved: as far apart as they can be."""
    for number in range(count):
        yield product_line(number)
    lists = [list(child_lines(number)) for number in range(count)]
    for at in range(max(map(len, lists))):
        for lines in lists:
            if at < len(lines):
                yield lines[at]
