"""What answers of the platform mean for a product and its task, whether it is being created or edited."""

from collections.abc import Mapping, Sequence

from server.clients.errors import Upstream, UpstreamKind, to_problem
from server.clients.tiktok_codes import PRODUCT_FAMILIES
from server.clients.tiktok_product_answers import CreatedProduct
from server.domain.drafts import Built, Picture, PictureNeed, Shelf
from server.domain.problems import Problem, Severity, noticed
from server.services.images import Result

LIMIT_WAIT = 3600.0
"""Seconds to wait for a platform limit that names no end."""

_STOPS = (UpstreamKind.NEEDS_AUTHORIZATION, UpstreamKind.NEEDS_PERMISSION)


def warnings(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Those that do not stand in the way."""
    return tuple(problem for problem in problems if problem.severity is Severity.WARNING)


def notices(made: CreatedProduct) -> tuple[Problem, ...]:
    """What the platform remarked while it took the product."""
    return tuple(noticed(warning.message) for warning in made.warnings)


def sorted_out(built: Built, shelf: Mapping[PictureNeed, Result], *, last_try: bool) -> tuple[Shelf, Upstream | None]:
    """The product's pictures, or what stands in the way. In the end a host that never answers is a broken picture."""
    pictures: dict[PictureNeed, Picture | Problem] = {}
    for need in built.needs:
        result = shelf[need]
        if not isinstance(result, Upstream):
            pictures[need] = result
        elif last_try and result.kind is UpstreamKind.RETRYABLE and result.operation == "fetch":
            pictures[need] = to_problem(result)
        else:
            return {}, result
    return pictures, None


def ends_the_task(error: Upstream) -> bool:
    """Every further product would end the same: the authorization, a permission, the shop, or our own signature."""
    if error.kind in _STOPS or error.stops_shop:
        return True
    about_product = error.platform_code is not None and error.platform_code // 1000 in PRODUCT_FAMILIES
    return error.kind is UpstreamKind.OURS and not about_product
