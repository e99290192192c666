"""A template's content held against the leaf it names, before it is saved: what is wrong, and what is only told."""

from dataclasses import dataclass, replace

from server.domain.brands import Brands
from server.domain.describing import describe
from server.domain.layers import Layer, Layers, effective
from server.domain.leaves import Leaf
from server.domain.problems import Problem
from server.domain.reading import Faults
from server.domain.template_content import TemplateContent
from server.domain.validators.attributes import Offered

_WRONG = frozenset(
    {
        "ATTRIBUTE_VALUE_UNKNOWN",
        "ATTRIBUTE_NOT_A_NUMBER",
        "ATTRIBUTE_TOO_MANY_VALUES",
        "BRAND_UNKNOWN",
        "BRAND_NOT_AUTHORIZED",
    }
)
"""Values that no product could be sent with. What is missing may be filled in later, or come from the store."""

_BRAND = ("brand_id",)


@dataclass(frozen=True, slots=True)
class LeafCheck:
    """``faults`` are (path in the content, sentence); ``warnings`` have the paths of the content too.

    ``content`` is the same with typed values matched to the leaf's own.
    """

    content: TemplateContent
    faults: Faults
    warnings: tuple[Problem, ...]


def check_against_leaf(
    content: TemplateContent, leaf: Leaf, *, below: Layers = (), brands: Brands | None = None
) -> LeafCheck:
    """Asks nobody. ``below`` are the layers under the template, the weakest first: what they give is not missing."""
    joined = effective([*below, (Layer.TEMPLATE, content)])
    found = describe(joined, Offered.of(leaf.attributes), leaf.rules, brands or Brands(), None)
    places = {one.id: str(at) for at, one in enumerate(content.attributes)}
    from_store = {one.id for one in joined.content.attributes if one.source is not None}
    faults: Faults = []
    warnings = []
    for problem in found.problems:
        path = _path(problem, places)
        if problem.code in _WRONG:
            faults.append((path, problem.message))
        elif not (problem.code == "ATTRIBUTE_REQUIRED" and problem.path[-1] in from_store):
            warnings.append(replace(problem, path=path))
    sent = {one.id: one.values for one in found.attributes}
    matched = tuple(
        replace(one, values=sent[one.id]) if one.id in sent and one.values else one for one in content.attributes
    )
    return LeafCheck(replace(content, attributes=matched), faults, tuple(warnings))


def _path(problem: Problem, places: dict[str, str]) -> tuple[str, ...]:
    """Where in the content it stands; an attribute that is not there yet goes by its id."""
    if problem.path[0] == "brand":
        return _BRAND
    if problem.path[0] == "attributes" and problem.path[1] in places:
        return ("attributes", places[problem.path[1]], *(("values",) if problem.code in _WRONG else ()))
    return problem.path
