"""Where a part of a file ended, and the attributes that have columns in it: they stay the same until its end."""

import base64
from dataclasses import dataclass
from uuid import UUID

from server.kit.json import dumps, loads


@dataclass(frozen=True, slots=True)
class Place:
    """The last product of a part. What other attributes its later products get stands in the column of the rest."""

    product_id: UUID
    attributes: tuple[str, ...]

    def to_text(self) -> str:
        """The cursor; ``place_of`` reads it back equal."""
        said = dumps([str(self.product_id), *self.attributes])
        return base64.urlsafe_b64encode(said).rstrip(b"=").decode()


def place_of(text: str) -> Place | None:
    """The place that a cursor names; nothing when it is none."""
    try:
        found = loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        product_id, *attributes = found if isinstance(found, list) else []
        if all(isinstance(one, str) for one in (product_id, *attributes)):
            return Place(UUID(product_id), tuple(attributes))
    except ValueError:
        pass
    return None
