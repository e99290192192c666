"""Titles and descriptions before they are cleaned: the override's, or from where the template says."""

from dataclasses import dataclass

from server.domain.facts import ProductFacts
from server.domain.layers import Effective, Layer
from server.domain.metafields import html_of, texts_of
from server.domain.origins import Origin
from server.domain.overrides import Override
from server.domain.provenance import Provenance, Refused
from server.domain.template_content import TextOrigin, TextRule
from server.domain.template_settings import Setting
from server.kit.html import with_lines


@dataclass(frozen=True, slots=True)
class Text:
    """A text and where it came from; ``from_override`` goes before every layer."""

    text: str
    origin: Origin
    detail: str = ""
    refused: tuple[Refused, ...] = ()
    from_override: bool = False

    def told(self, field: str, setting: Setting, effective: Effective) -> Provenance:
        """The provenance of the field it fills."""
        layer = Layer.OVERRIDE if self.from_override else effective.layer(setting)
        return Provenance(field, layer, self.origin, self.detail, self.refused)


def title_text(rule: TextRule, facts: ProductFacts, own: Override) -> Text:
    """The title to be cleaned."""
    if own.title is not None:
        return Text(own.title, Origin.FIXED, from_override=True)
    return _chosen(rule, " ".join(texts_of(facts.metafields.get(rule.key))) if rule.key else "", facts.title)


def description_text(rule: TextRule, facts: ProductFacts, own: Override) -> Text:
    """The description's HTML to be cleaned. What a person wrote as plain text keeps its lines."""
    if own.description is not None:
        return Text(with_lines(own.description), Origin.FIXED, from_override=True)
    if rule.origin is TextOrigin.FIXED:
        return Text(with_lines(rule.text), Origin.FIXED)
    return _chosen(rule, html_of(facts.metafields.get(rule.key)) if rule.key else "", facts.description_html)


def _chosen(rule: TextRule, metafield: str, of_store: str) -> Text:
    """An empty metafield falls back to the store's own text, which is told."""
    if rule.origin is TextOrigin.FIXED:
        return Text(rule.text, Origin.FIXED)
    if rule.origin is TextOrigin.METAFIELD and metafield.strip():
        return Text(metafield, Origin.METAFIELD, rule.key)
    if rule.origin is TextOrigin.METAFIELD:
        why = f"the metafield “{rule.key}” is empty"
        return Text(of_store, Origin.PRODUCT, refused=(Refused(Origin.METAFIELD, why),))
    return Text(of_store, Origin.PRODUCT)
