"""The brand: the template's, or the vendor's name found among the leaf's brands (TikTok fact sheet 3.9)."""

from server.domain.brands import Brands
from server.domain.facts import ProductFacts
from server.domain.findings import Findings
from server.domain.layers import Effective, Layer
from server.domain.origins import Origin
from server.domain.problems import Remedy
from server.domain.provenance import Provenance, Refused
from server.domain.template_settings import Setting
from server.domain.value_sources import look, origin_of

_PATH = ("brand",)


def brand(
    effective: Effective, facts: ProductFacts | None, known: Brands, found: Findings
) -> tuple[str | None, Provenance | None]:
    """The brand's id and where it came from; no id means that the product is sent without a brand.

    Without ``facts`` a brand that is taken from the store is nobody's yet.
    """
    content, layer = effective.content, effective.layer(Setting.BRAND)
    if content.no_brand or (content.brand_id is None and content.brand_source is None):
        return None, None
    if content.brand_source is None:
        _check(content.brand_id or "", known, layer, found)
        return content.brand_id, Provenance("brand", layer, Origin.FIXED)
    if facts is None:
        return None, None
    origin, looked = origin_of(content.brand_source), look(content.brand_source, facts)
    name = looked.texts[0] if looked.texts else ""
    listed = known.named(name) if name else None
    if listed is not None and listed.is_usable:
        return listed.id, Provenance("brand", layer, origin, name)
    why = looked.refused or _refusal(name, known)
    instead = f"the brand that stands in {layer.called} was sent" if content.brand_id else "it was sent without a brand"
    found.warning("BRAND_NOT_FOUND", _PATH, f"{why[0].upper()}{why[1:]}, so {instead}.")
    if content.brand_id is None:
        return None, Provenance("brand", layer, Origin.BACKUP, "no brand", (Refused(origin, why),))
    _check(content.brand_id, known, layer, found)
    return content.brand_id, Provenance("brand", layer, Origin.BACKUP, refused=(Refused(origin, why),))


def _refusal(name: str, known: Brands) -> str:
    if known.named(name) is not None:
        return f"the shop may not use the brand “{name[:100]}” in this category"
    if known.was_asked(name):
        return f"TikTok Shop has no brand “{name[:100]}” in this category"
    return f"the brand “{name[:100]}” was not looked up yet"


def _check(brand_id: str, known: Brands, layer: Layer, found: Findings) -> None:
    """A brand that is not kept is for the platform to judge: it clears what it does not know, with a warning."""
    listed = known.by_id.get(brand_id)
    if listed is not None and not listed.is_usable:
        found.error(
            "BRAND_NOT_AUTHORIZED",
            _PATH,
            f"The shop may not use the brand “{listed.name}” in this category. Choose another brand or none in "
            f"{layer.called}, or ask the brand for its authorization in Seller Center.",
            Remedy.FIX_TEMPLATE,
        )
    elif not brand_id.isdecimal():
        found.error(
            "BRAND_UNKNOWN",
            _PATH,
            f"“{brand_id[:64]}” is no brand of TikTok Shop: brands go by their number. Choose one in {layer.called}.",
            Remedy.FIX_TEMPLATE,
        )
