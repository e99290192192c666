"""Vectors of category names, shared by all shops: the names are the platform's, and the same in most trees."""

from collections.abc import Mapping, Sequence

from sqlalchemy import text

from server.store.session import Session

_KNOWN = text("""
SELECT digest, vector FROM leaf_vector WHERE model = :model AND digest = ANY(CAST(:digests AS bytea[]))
""")

_SAVE = text("""
INSERT INTO leaf_vector (model, digest, vector)
SELECT :model, new.digest, new.vector
FROM unnest(CAST(:digests AS bytea[]), CAST(:vectors AS bytea[])) AS new(digest, vector)
ORDER BY new.digest ON CONFLICT DO NOTHING
""")


async def known(session: Session, *, model: str, digests: Sequence[bytes]) -> dict[bytes, bytes]:
    """Those of the vectors that were made before."""
    connection = await session.connection()
    rows = await connection.execute(_KNOWN, {"model": model, "digests": list(digests)})
    return {row.digest: row.vector for row in rows}


async def save(session: Session, *, model: str, vectors: Mapping[bytes, bytes]) -> None:
    """Keep vectors; what is there stays."""
    values = {"model": model, "digests": list(vectors), "vectors": list(vectors.values())}
    await (await session.connection()).execute(_SAVE, values)
