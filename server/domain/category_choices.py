"""Which category a product is listed in, whoever had a say: one total order, and the reason in words (R12, R14)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.mappings import MappedLeaf
from server.domain.templates import Template


class TakenBy(StrEnum):
    """How a template came to a product: given by hand, by its rules, or as the default that takes the rest."""

    ASSIGNMENT = "ASSIGNMENT"
    RULE = "RULE"
    DEFAULT = "DEFAULT"


class CategorySource(StrEnum):
    """What decided about a category, the strongest first."""

    OVERRIDE = "OVERRIDE"
    TEMPLATE = "TEMPLATE"
    APPROVAL = "APPROVAL"
    MAPPING = "MAPPING"
    DEFAULT_TEMPLATE = "DEFAULT_TEMPLATE"


@dataclass(frozen=True, slots=True)
class Taken:
    """Which template takes a product (none: no template does), and the category of the product's own override."""

    template: Template | None = None
    by: TakenBy = TakenBy.DEFAULT
    override: CategoryRef | None = None


@dataclass(frozen=True, slots=True)
class Automatic:
    """What is known of a product whose category is left to Leafmark: see ``choose_category``."""

    approved: CategoryRef | None = None
    mapped: MappedLeaf | None = None


@dataclass(frozen=True, slots=True)
class Fallback:
    """The shop's default template as the last resort."""

    name: str
    category: CategoryRef | None = None


@dataclass(frozen=True, slots=True)
class Considered:
    """Whatever a choice was made of besides the template and the trees that may be listed with."""

    by: TakenBy
    override: CategoryRef | None = None
    automatic: Automatic = Automatic()
    fallback: Fallback | None = None


@dataclass(frozen=True, slots=True)
class CategoryChoice:
    """The category and what decided; without ``ref`` and ``source`` nothing did. ``because`` is for people.

    ``considered`` is no part of the choice: it is kept so that the choice can be made again.
    """

    ref: CategoryRef | None
    source: CategorySource | None
    because: str
    considered: Considered | None = field(default=None, compare=False)


def decided_early(taken: Taken) -> CategoryChoice | None:
    """The choice where a person named a category for the product or for the template that takes it; else nothing."""
    if taken.override is not None:
        return CategoryChoice(taken.override, CategorySource.OVERRIDE, "it was chosen for this product")
    if taken.template is None or _is_default(taken):
        return None
    return _of_template(taken.template.name, taken.template.category, taken.by)


def choose_category(
    taken: Taken, automatic: Automatic, fallback: Fallback | None, listable: Collection[CategoryVersion]
) -> CategoryChoice:
    """The override's category; else that of the template which takes the product by hand or by its rules; else the
    approved recommendation; else the mapping of its source category; else the default template's; else none.

    Approvals and mappings of a tree that the shop may not list with are passed over: they were made before it closed.
    What a person set stays, so that its fault is told where it was set.
    """
    if (early := decided_early(taken)) is not None:
        return early
    if automatic.approved is not None and automatic.approved.version in listable:
        return CategoryChoice(automatic.approved, CategorySource.APPROVAL, "it was approved for this product")
    if automatic.mapped is not None and automatic.mapped.ref.version in listable:
        return CategoryChoice(automatic.mapped.ref, CategorySource.MAPPING, automatic.mapped.because)
    last = Fallback(taken.template.name, taken.template.category) if taken.template and _is_default(taken) else fallback
    if last is not None and last.category is not None:
        because = f"nothing else decides, and the default template “{last.name}” has it"
        return CategoryChoice(last.category, CategorySource.DEFAULT_TEMPLATE, because)
    return CategoryChoice(None, None, "no override, template, approved recommendation or mapping names a category")


def needs_fallback(taken: Taken) -> bool:
    """Whether the default template is asked as well: the template that takes the product is another one."""
    return taken.template is not None and not _is_default(taken) and decided_early(taken) is None


def _is_default(taken: Taken) -> bool:
    return taken.by is TakenBy.DEFAULT


def _of_template(name: str, category: CategoryRef | None, by: TakenBy) -> CategoryChoice | None:
    if category is None:
        return None
    how = "was given to it by hand" if by is TakenBy.ASSIGNMENT else "takes it by its rules"
    return CategoryChoice(category, CategorySource.TEMPLATE, f"the template “{name}” {how} and has this category")
