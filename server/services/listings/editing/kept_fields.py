"""A product as it was read, in the words in which it is written: what a full edit sends back untouched (3.11, 3.12)."""

from collections.abc import Callable, Mapping

Json = Mapping[str, object]

_AS_READ = (
    "title",
    "description",
    "package_weight",
    "package_dimensions",
    "is_cod_allowed",
    "manufacturer_ids",
    "responsible_person_ids",
    "external_product_id",
    "shipping_template_id",
    "minimum_order_quantity",
    "shipping_insurance_requirement",
    "is_pre_owned",
    "search_terms",
    "key_product_features",
    "scheduled_sale",
)
_SKU_AS_READ = (
    "id",
    "seller_sku",
    "external_sku_id",
    "identifier_code",
    "list_price",
    "external_list_prices",
    "pre_sale",
    "fees",
    "extra_identifier_codes",
    "external_urls",
    "sku_unit_count",
    "combined_skus",
    "sku_weight",
    "sku_dimensions",
)


def product_body(data: Json) -> dict[str, object]:
    """Everything of a product that Edit Product takes, without its category and its variants."""
    body: dict[str, object] = {name: data.get(name) for name in _AS_READ}
    body |= {name: rewrite(data) for name, rewrite in _REWRITTEN.items()}
    return _said(body)


def sku_body(sku: Json) -> dict[str, object]:
    """A variant without price and stock, which stay when they are not sent."""
    axes = [
        _said(
            {
                "id": axis.get("id"),
                "name": None if axis.get("id") else axis.get("name"),
                "value_id": axis.get("value_id"),
                "value_name": None if axis.get("value_id") else axis.get("value_name"),
                "sku_img": _image(axis.get("sku_img")),
                "supplementary_sku_images": _images(axis.get("supplementary_sku_images")),
            }
        )
        for axis in listed(sku.get("sales_attributes"))
    ]
    return _said({**{name: sku.get(name) for name in _SKU_AS_READ}, "sales_attributes": axes})


def listed(value: object) -> list[Json]:
    """A list of objects, whatever came."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []


def _said(body: Json) -> dict[str, object]:
    """Without what is absent or empty: a full edit blanks it either way."""
    return {name: value for name, value in body.items() if value not in (None, "", [], {})}


def _image(value: object) -> object:
    return {"uri": value["uri"]} if isinstance(value, Mapping) and value.get("uri") else None


def _images(value: object) -> list[object]:
    return [image for one in listed(value) if (image := _image(one)) is not None]


def _id_of(name: str) -> Callable[[Json], object]:
    def read(data: Json) -> object:
        value = data.get(name)
        return value.get("id") if isinstance(value, Mapping) else None

    return read


def _video(data: Json) -> object:
    video = _id_of("video")(data)
    return {"id": video} if video else None


def _platforms(data: Json) -> object:
    """Where it is sold: an edit that names no platform takes it off all but TikTok Shop (TikTok fact sheet 3.10.1)."""
    there = listed(data.get("integrated_platform_statuses"))
    return [one.get("platform") for one in there if one.get("platform") and one.get("status") != "DELETED"]


def _attributes(data: Json) -> object:
    return [
        {
            "id": one.get("id"),
            "values": [
                {"id": value["id"]} if value.get("id") else {"name": value.get("name")}
                for value in listed(one.get("values"))
            ],
        }
        for one in listed(data.get("product_attributes"))
    ]


def _certifications(data: Json) -> object:
    return [
        _said(
            {
                "id": one.get("id"),
                "images": _images(one.get("images")),
                "files": [
                    _said({name: file.get(name) for name in ("id", "name", "format")})
                    for file in listed(one.get("files"))
                ],
                "expiration_date": one.get("expiration_date"),
            }
        )
        for one in listed(data.get("certifications"))
    ]


def _size_chart(data: Json) -> object:
    chart = data.get("size_chart")
    if not isinstance(chart, Mapping):
        return None
    template = _id_of("template")(chart)
    return {"template": {"id": template}} if template else _said({"image": _image(chart.get("image"))})


_REWRITTEN: Mapping[str, Callable[[Json], object]] = {
    "brand_id": _id_of("brand"),
    "main_images": lambda data: _images(data.get("main_images")),
    "product_attributes": _attributes,
    "certifications": _certifications,
    "size_chart": _size_chart,
    "video": _video,
    "listing_platforms": _platforms,
    "delivery_option_ids": lambda data: [one.get("id") for one in listed(data.get("delivery_options"))],
}
"""Fields that are read in another shape than they are written."""
