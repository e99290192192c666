"""Leaves by their names from the root down."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from server.domain.categories import CategoryRef, CategoryVersion
from server.kit.json import dumps_text
from server.store.session import Session

Place = tuple[CategoryVersion, tuple[str, ...]]

_LEAVES = text("""
SELECT category.version, category.path, min(category.remote_id) AS remote_id
FROM jsonb_to_recordset(CAST(:places AS jsonb)) AS wanted(version text, path jsonb)
JOIN category ON category.path = wanted.path AND category.version = wanted.version
JOIN category_tree ON category_tree.id = category.tree_id
WHERE category.shop_id = :shop_id AND category_tree.tiktok_shop_id = :tiktok_shop_id AND category.is_leaf
GROUP BY 1, 2 HAVING count(DISTINCT category.remote_id) = 1
""")


async def by_paths(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, places: Sequence[Place]
) -> dict[Place, CategoryRef]:
    """The leaf at each place of a TikTok shop's trees. A path that two leaves share finds none."""
    said = dumps_text([{"version": version, "path": path} for version, path in dict.fromkeys(places)])
    connection = await session.connection()
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "places": said}
    found = {}
    for row in await connection.execute(_LEAVES, values):
        version = CategoryVersion(row.version)
        found[version, tuple(row.path)] = CategoryRef(row.remote_id, version)
    return found
