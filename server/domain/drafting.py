"""From a product's facts to the draft that is sent; preview and worker call the same, so a preview cannot lie."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date

from server.domain.brands import Brands
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.category_choices import CategorySource
from server.domain.describing import NOTHING_DESCRIBED, Description, describe, needs_store
from server.domain.draft_provenance import title_for_description, told_by_frame, told_of_product
from server.domain.drafts import Built, ProductDraft, Shelf, SkuDraft
from server.domain.facts import ProductFacts
from server.domain.findings import Findings
from server.domain.layers import Effective
from server.domain.leaves import Leaf, LeafRules
from server.domain.market_rules import MAX_EXTERNAL_ID, MarketRules
from server.domain.markets import SellerType
from server.domain.offering import Shown, offered, shown
from server.domain.overrides import Override
from server.domain.problems import Problem, Remedy
from server.domain.provenance import Provenance
from server.domain.source_texts import Text, description_text, title_text
from server.domain.template_content import EmptyDescription
from server.domain.validators import codes, images, package, variant_pictures, variants
from server.domain.validators.attributes import Offered
from server.domain.validators.category import Tree, category
from server.domain.validators.description import description
from server.domain.validators.title import title
from server.domain.weights import Dimensions

_NOTHING_OF_ITS_OWN = Override()


@dataclass(frozen=True, slots=True)
class ShopTerms:
    """What the TikTok shop adds: its market, the kind of seller, the trees it may list with, its warehouse.

    ``day`` is the one on which the product is sent; without it nothing is said of papers that have expired.
    """

    rules: MarketRules
    seller_type: SellerType
    listable: frozenset[CategoryVersion]
    warehouse_id: str | None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything about a content and a category that is the same for all their products, worked out once for a task.

    ``description`` is None where values come from the store: then it is worked out for each product. It is empty where
    the leaf is not known: nothing can be said against what nobody knows the rules of.
    """

    terms: ShopTerms
    effective: Effective
    category: CategoryRef | None
    offered: Offered
    rules: LeafRules
    brands: Brands
    description: Description | None
    dimensions: Dimensions | None
    sales: variants.SalesAttributes
    warehouse_id: str
    problems: tuple[Problem, ...]
    blocked: bool
    provenance: tuple[Provenance, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The category that was decided on, and why none was; what is known of it."""

    category: CategoryRef | None
    source: CategorySource | None = None
    because: str = ""
    leaf: Leaf | Problem | None = None
    tree: Tree = field(default_factory=lambda: Tree(is_known=False))
    brands: Brands = field(default_factory=Brands)


def frame(terms: ShopTerms, effective: Effective, place: Place) -> Frame:
    """Checks what the layers themselves say. Without a leaf its demands are not known, or why not: that blocks."""
    found = Findings()
    warehouse = effective.content.stock.warehouse_id or terms.warehouse_id
    if warehouse is None:
        found.error(
            "WAREHOUSE_MISSING",
            ("warehouse",),
            "The TikTok shop has no warehouse for sales. Add one in Seller Center, then connect the shop again.",
            Remedy.FIX_SHOP,
        )
    _check_place(terms, place, found)
    leaf = place.leaf if isinstance(place.leaf, Leaf) else None
    offered = Offered.of(leaf.attributes if leaf else ())
    rules = leaf.rules if leaf else LeafRules()
    fixed = None
    if leaf is None:
        fixed = NOTHING_DESCRIBED
    elif not needs_store(effective):
        fixed = describe(effective, offered, rules, place.brands, None, terms.day)
        found.extend(fixed.problems)
    required = terms.rules.demands_dimensions(terms.seller_type, rules.dimensions_required)
    dimensions = package.package_dimensions(effective.content.shipping, terms.rules, required=required, found=found)
    return Frame(
        terms=terms,
        effective=effective,
        category=place.category,
        offered=offered,
        rules=rules,
        brands=place.brands,
        description=fixed,
        dimensions=dimensions,
        sales=variants.SalesAttributes.of(leaf.attributes if leaf else ()),
        warehouse_id=warehouse or "",
        problems=tuple(found.problems),
        blocked=found.has_error,
        provenance=(*told_by_frame(effective, place.source), *(fixed.provenance if fixed else ())),
    )


def _check_place(terms: ShopTerms, place: Place, found: Findings) -> None:
    """The category can be used and its demands are known; anything else is told once."""
    if place.category is None:
        found.error(
            "CATEGORY_UNDECIDED",
            ("category",),
            f"No category is decided: {place.because or 'nothing names one'}. Choose one for the product or the "
            "template, approve a recommendation, or map its source category.",
            Remedy.CHOOSE_CATEGORY,
        )
        return
    category(place.category, terms.listable, place.tree, terms.rules, terms.seller_type, found, place.source)
    if isinstance(place.leaf, Problem):
        found.extend([place.leaf])
    elif place.leaf is None and not found.has_error:
        found.error(
            "CATEGORY_RULES_UNKNOWN",
            ("category",),
            "What the category demands could not be read from TikTok Shop. Try again.",
            Remedy.WAIT,
        )


def build(
    frame: Frame, facts: ProductFacts, override: Override | None = None, *, listed: Collection[str] = ()
) -> Built:
    """The draft of one product, its pictures still to be uploaded; with any error there is no draft.

    The override's template content is a layer of the frame already; what is taken here is the product's alone.
    ``listed`` variants are on TikTok Shop: without stock they are offered with none, where others are left out.
    """
    found = Findings(list(frame.problems))
    if not _may_be_sold(facts, found):
        return Built(None, tuple(found.problems))
    own = override or _NOTHING_OF_ITS_OWN
    terms, content = frame.terms, frame.effective.content
    called, described = title_text(content.title, facts, own), description_text(content.description, facts, own)
    name = title(called.text, terms.rules, shorten=content.shorten_title, found=found)
    text = description(described.text, name, content.empty_description, found)
    pictures = images.main_pictures(own.pictures or facts.pictures, found)
    there = shown(facts, content, terms.rules, own, listed, found)
    weighed = there.variants or facts.variants
    unit = package.weight_unit(terms.rules, frame.dimensions, weighed)
    weight = package.package_weight(weighed, content.shipping, unit, found)
    details = frame.description
    if details is None:
        details = describe(frame.effective, frame.offered, frame.rules, frame.brands, facts, terms.day)
        found.extend(details.problems)
    skus = _skus(frame, facts, there, found)
    offers = offered(there, facts, listed, terms.rules.currency, frame.warehouse_id)
    if found.has_error or frame.category is None:
        return Built(None, tuple(found.problems), offers=offers)
    draft = ProductDraft(
        title=name,
        description=text,
        category=frame.category,
        currency=terms.rules.currency,
        warehouse_id=frame.warehouse_id,
        external_product_id=facts.remote_id[:MAX_EXTERNAL_ID],
        pictures=pictures,
        skus=skus,
        attributes=details.attributes,
        brand_id=details.brand_id,
        weight=weight,
        dimensions=frame.dimensions,
        certifications=details.certifications,
        size_chart=details.size_chart,
        manufacturer_ids=content.manufacturer_ids,
        responsible_person_ids=content.responsible_person_ids,
    )
    mine = () if frame.description is not None else details.provenance
    told = told_of_product(frame.effective, called, described, weight, own, found)
    return Built(
        draft,
        tuple(found.problems),
        images.needs_of(draft),
        (*frame.provenance, *mine, *told),
        offers,
        _spare_description(frame.effective, described),
    )


def _spare_description(effective: Effective, described: Text) -> Provenance | None:
    if effective.content.empty_description is not EmptyDescription.USE_TITLE:
        return None
    return title_for_description(effective, described)


def complete(built: Built, shelf: Shelf) -> Built:
    """The draft with its uploaded pictures and papers; no draft when none of its pictures can be used.

    Nor when its description had nothing but pictures that all broke, unless the layers let the title stand in.
    """
    if built.draft is None:
        return built
    found = Findings(list(built.problems))
    spare = built.spare_description
    when_empty = EmptyDescription.FAIL if spare is None else EmptyDescription.USE_TITLE
    draft = images.with_pictures(built.draft, shelf, when_empty, found)
    if found.has_error:
        draft = None
    told = built.provenance
    if spare is not None and any(one.code == "DESCRIPTION_FROM_TITLE" for one in found.problems):
        told = tuple(spare if one.field == spare.field else one for one in told)
    return replace(built, draft=draft, problems=tuple(found.problems), provenance=told)


def _may_be_sold(facts: ProductFacts, found: Findings) -> bool:
    if facts.is_gift_card:
        found.error(
            "GIFT_CARD", ("is_gift_card",), "Gift cards may not be sold on TikTok Shop; leave this product out."
        )
    elif facts.status != "ACTIVE":
        found.error(
            "PRODUCT_NOT_ACTIVE",
            ("status",),
            f"The product is {facts.status.lower()} in the store. Make it active there, then list it.",
        )
    return not (facts.is_gift_card or facts.status != "ACTIVE")


def _skus(frame: Frame, facts: ProductFacts, there: Shown, found: Findings) -> tuple[SkuDraft, ...]:
    """The variants as they are sent; errors are in ``found``."""
    terms, sent = frame.terms, there.variants
    plans = frame.sales.plans(sent)
    variants.check_axes(facts, sent, plans, terms.rules, found)
    skus = codes.seller_skus(sent, required=frame.rules.seller_sku_required, found=found)
    identifiers = codes.identifiers(sent, terms.rules.market, found)
    if found.has_error:
        return ()
    plain = facts.has_one_plain_variant
    carrier = variant_pictures.NO_CARRIER if plain else variant_pictures.carrier(sent, facts.variants, found)
    rows = zip(sent, there.quantities, there.amounts, skus, identifiers, strict=True)
    return tuple(
        SkuDraft(
            external_sku_id=one.remote_id[:MAX_EXTERNAL_ID],
            price=amount,
            quantity=quantity,
            position=one.position,
            axes=() if plain else variants.axes_of(one, plans, carrier),
            seller_sku=sku,
            identifier=code,
            list_price=before,
        )
        for one, quantity, (amount, before), sku, code in rows
    )
