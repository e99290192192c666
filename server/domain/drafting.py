"""From a product's facts to the draft that is sent; preview and worker call the same, so a preview cannot lie."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from server.domain.categories import CategoryVersion
from server.domain.drafts import Built, ProductDraft, Shelf, SkuDraft
from server.domain.facts import ProductFacts
from server.domain.findings import Findings
from server.domain.leaves import Leaf
from server.domain.market_rules import MAX_EXTERNAL_ID, MarketRules
from server.domain.markets import SellerType
from server.domain.problems import Problem, Remedy
from server.domain.template_content import AttributeChoice, Certification, SizeChart
from server.domain.templates import Template
from server.domain.validators import codes, images, offers, package, variants
from server.domain.validators.attributes import attributes
from server.domain.validators.category import Tree, category
from server.domain.validators.compliance import compliance
from server.domain.validators.description import description
from server.domain.validators.title import title
from server.domain.weights import Dimensions


@dataclass(frozen=True, slots=True)
class ShopTerms:
    """What the TikTok shop adds: its market, the kind of seller, the trees it may list with, its warehouse."""

    rules: MarketRules
    seller_type: SellerType
    listable: Collection[CategoryVersion]
    warehouse_id: str | None


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything about a template that is the same for all its products, worked out once for a task."""

    terms: ShopTerms
    template: Template
    attributes: tuple[AttributeChoice, ...]
    certifications: tuple[Certification, ...]
    size_chart: SizeChart | None
    dimensions: Dimensions | None
    sales: variants.SalesAttributes
    sku_required: bool
    problems: tuple[Problem, ...]
    blocked: bool


def frame(terms: ShopTerms, template: Template, leaf: Leaf | Problem | None, tree: Tree) -> Frame:
    """Checks what the template itself says. Without a ``leaf``, its demands are not known, or why not: that blocks."""
    found = Findings()
    content = template.content
    category(template.category, terms.listable, tree, terms.rules, terms.seller_type, found)
    if terms.warehouse_id is None:
        found.error(
            "WAREHOUSE_MISSING",
            ("warehouse",),
            "The TikTok shop has no warehouse for sales. Add one in Seller Center, then connect the shop again.",
            Remedy.FIX_SHOP,
        )
    if isinstance(leaf, Problem):
        found.extend([leaf])
    elif leaf is None and not found.has_error:
        found.error(
            "CATEGORY_RULES_UNKNOWN",
            ("category",),
            "What the category demands could not be read from TikTok Shop. Try again.",
            Remedy.WAIT,
        )
    if not isinstance(leaf, Leaf):
        leaf = Leaf(template.category)
    chosen = attributes(content.attributes, leaf.attributes, found)
    certifications, size_chart = compliance(content, chosen, leaf.rules, found)
    demanded = leaf.rules.dimensions_required
    required = terms.seller_type is SellerType.CROSS_BORDER if demanded is None else demanded
    dimensions = package.package_dimensions(content.shipping, terms.rules, required=required, found=found)
    return Frame(
        terms=terms,
        template=template,
        attributes=chosen,
        certifications=certifications,
        size_chart=size_chart,
        dimensions=dimensions,
        sales=variants.SalesAttributes.of(leaf.attributes),
        sku_required=leaf.rules.seller_sku_required,
        problems=tuple(found.problems),
        blocked=found.has_error,
    )


def build(frame: Frame, facts: ProductFacts) -> Built:
    """The draft of one product, its pictures still to be uploaded; with any error there is no draft."""
    found = Findings(list(frame.problems))
    if not _may_be_sold(facts, found):
        return Built(None, tuple(found.problems))
    terms, content = frame.terms, frame.template.content
    name = title(facts.title, terms.rules, shorten=content.shorten_title, found=found)
    text = description(facts.description_html, name, content.empty_description, found)
    pictures = images.main_pictures(facts.pictures, found)
    unit = package.weight_unit(terms.rules, frame.dimensions, facts.variants)
    weight = package.package_weight(facts.variants, content.shipping, unit, found)
    skus = _skus(frame, facts, found)
    if found.has_error:
        return Built(None, tuple(found.problems))
    draft = ProductDraft(
        title=name,
        description=text,
        category=frame.template.category,
        currency=terms.rules.currency,
        warehouse_id=terms.warehouse_id or "",
        external_product_id=facts.remote_id[:MAX_EXTERNAL_ID],
        pictures=pictures,
        skus=skus,
        attributes=frame.attributes,
        brand_id=content.brand_id,
        weight=weight,
        dimensions=frame.dimensions,
        certifications=frame.certifications,
        size_chart=frame.size_chart,
        manufacturer_ids=content.manufacturer_ids,
        responsible_person_ids=content.responsible_person_ids,
    )
    return Built(draft, tuple(found.problems), images.needs_of(draft))


def complete(built: Built, shelf: Shelf) -> Built:
    """The draft with its uploaded pictures; no draft when none of them can be used."""
    if built.draft is None:
        return built
    found = Findings(list(built.problems))
    draft = images.with_pictures(built.draft, shelf, found)
    return replace(built, draft=draft, problems=tuple(found.problems))


def _may_be_sold(facts: ProductFacts, found: Findings) -> bool:
    if facts.is_gift_card:
        found.error("GIFT_CARD", (), "Gift cards may not be sold on TikTok Shop; leave this product out.")
    elif facts.status != "ACTIVE":
        found.error(
            "PRODUCT_NOT_ACTIVE",
            ("status",),
            f"The product is {facts.status.lower()} in the store. Make it active there, then list it.",
        )
    return not (facts.is_gift_card or facts.status != "ACTIVE")


def _skus(frame: Frame, facts: ProductFacts, found: Findings) -> tuple[SkuDraft, ...]:
    """The variants as they are sent; errors are in ``found``."""
    terms, content = frame.terms, frame.template.content
    sent, quantities = offers.in_stock(facts.variants, content.stock, found)
    variants.check_axes(facts, sent, terms.rules, found)
    offers.check_currency(facts.currency, content.price, terms.rules, found)
    amounts = offers.prices(sent, content.price, terms.rules, found)
    skus = codes.seller_skus(sent, required=frame.sku_required, found=found)
    identifiers = codes.identifiers(sent, found)
    if found.has_error:
        return ()
    plain = facts.has_one_plain_variant
    carrier = None if plain else variants.picture_axis(sent)
    return tuple(
        SkuDraft(
            external_sku_id=one.remote_id[:MAX_EXTERNAL_ID],
            price=amount,
            quantity=offered,
            axes=() if plain else variants.axes_of(one, frame.sales, carrier),
            seller_sku=sku,
            identifier=code,
            list_price=before,
        )
        for one, offered, (amount, before), sku, code in zip(sent, quantities, amounts, skus, identifiers, strict=True)
    )
