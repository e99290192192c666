"""Facts, templates and leaves for the tests of the rules: each factory is told only what its test is about."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.category_choices import CategorySource
from server.domain.drafting import Frame, Place, ShopTerms, frame
from server.domain.facts import ProductFacts, VariantFacts
from server.domain.layers import Layer, effective
from server.domain.leaves import Leaf
from server.domain.market_rules import MARKET_RULES
from server.domain.markets import Market, SellerType
from server.domain.template_content import Shipping, TemplateContent
from server.domain.templates import Template
from server.domain.weights import Weight, WeightUnit

LEAF = CategoryRef("1016776", CategoryVersion.V2)
PRODUCT_ID = UUID("01980000-0000-7000-8000-000000000001")


def kilograms(value: str) -> Weight:
    return Weight(Decimal(value), WeightUnit.KILOGRAM)


def variant(title: str = "Default Title", **changes: Any) -> VariantFacts:
    values: dict[str, Any] = {
        "remote_id": f"gid://shopify/ProductVariant/{title}",
        "title": title,
        "price": Decimal("19.90"),
        "inventory_quantity": 10,
        "weight": kilograms("0.4"),
    }
    return VariantFacts(**(values | changes))


def facts(*variants: VariantFacts, **changes: Any) -> ProductFacts:
    values: dict[str, Any] = {
        "id": PRODUCT_ID,
        "remote_id": "gid://shopify/Product/1",
        "title": "Ceramic Pour-Over Coffee Dripper",
        "currency": "USD",
        "variants": variants or (variant(),),
        "pictures": ("https://cdn.example.com/1.jpg",),
        "description_html": "<p>Glazed by hand.</p>",
        "vendor": "Hearth & Kiln",
        "product_type": "Coffee",
        "tags": ("kitchen", "Gift"),
    }
    return ProductFacts(**(values | changes))


def template(content: TemplateContent | None = None, **changes: Any) -> Template:
    values: dict[str, Any] = {
        "id": UUID(int=1),
        "name": "Everything",
        "category": LEAF,
        "is_default": True,
        "is_active": True,
        "content": content or TemplateContent(shipping=Shipping(weight=kilograms("0.5"))),
    }
    return Template(**(values | changes))


def terms(
    market: Market = Market.US, seller: SellerType = SellerType.LOCAL, warehouse: str | None = "7001"
) -> ShopTerms:
    return ShopTerms(MARKET_RULES[market], seller, frozenset({CategoryVersion.V2}), warehouse)


def a_frame(content: TemplateContent | None = None, leaf: Leaf | None = None, **changes: Any) -> Frame:
    layers = [(Layer.TEMPLATE, template(content).content)]
    told = changes.pop("terms", None) or terms()
    values: dict[str, Any] = {"category": LEAF, "source": CategorySource.TEMPLATE, "leaf": leaf or Leaf(LEAF)}
    return frame(told, effective([*changes.pop("below", ()), *layers]), Place(**(values | changes)))
