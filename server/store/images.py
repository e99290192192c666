"""The image registry: local pictures by address, TikTok's pictures by shop, use and content, uploaded once each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from server.kit.ids import new_id
from server.kit.json import dumps_text
from server.store.session import Session
from server.tables import LocalImage, ProductImage, TikTokImage


@dataclass(frozen=True, slots=True)
class LearnedImage:
    """What was found out about a picture by reading it."""

    url: str
    content_hash: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class UploadedImage:
    """A picture on TikTok's CDN."""

    use_case: str
    content_hash: str
    uri: str
    url: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class KnownImage:
    """A local picture and the upload it already has for one use."""

    local_url: str
    image: UploadedImage


_KNOWN = text("""
SELECT local_image.url AS local_url, up.use_case, up.content_hash, up.uri, up.url, up.width, up.height
FROM local_image
JOIN tiktok_image up ON up.tiktok_shop_id = :tiktok_shop_id AND up.content_hash = local_image.content_hash
WHERE local_image.shop_id = :shop_id AND local_image.url = ANY(CAST(:urls AS text[])) AND up.uri <> ''
""")


async def known(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, urls: Collection[str]) -> list[KnownImage]:
    """Which of these pictures are uploaded already, by use."""
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "urls": list(urls)}
    connection = await session.connection()
    return [
        KnownImage(
            row.local_url, UploadedImage(row.use_case, row.content_hash, row.uri, row.url, row.width, row.height)
        )
        for row in await connection.execute(_KNOWN, values)
    ]


_LEARN = text("""
INSERT INTO local_image (id, shop_id, url, content_hash, width, height)
SELECT new.row_id, :shop_id, new.url, new.content_hash, new.width, new.height
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(row_id uuid, url text, content_hash text, width int, height int)
ORDER BY new.url
ON CONFLICT (shop_id, url) DO UPDATE SET
    content_hash = excluded.content_hash, width = excluded.width, height = excluded.height
""")


async def learn(session: Session, *, shop_id: UUID, images: Sequence[LearnedImage]) -> None:
    """Remember what pictures hold; each address once."""
    rows = [
        {"row_id": new_id(), "url": one.url, "content_hash": one.content_hash, "width": one.width, "height": one.height}
        for one in images
    ]
    connection = await session.connection()
    await connection.execute(_LEARN, {"shop_id": shop_id, "rows": dumps_text(rows)})


Place = tuple[str, str]
"""Use case and content hash: one upload in a TikTok shop."""

_CLAIM = text("""
INSERT INTO tiktok_image (id, shop_id, tiktok_shop_id, use_case, content_hash, uri, url, uploaded_at)
SELECT new.row_id, :shop_id, :tiktok_shop_id, new.use_case, new.content_hash, '', '', :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(row_id uuid, use_case text, content_hash text)
ORDER BY new.use_case, new.content_hash
ON CONFLICT (tiktok_shop_id, use_case, content_hash) DO UPDATE SET uploaded_at = excluded.uploaded_at
WHERE tiktok_image.uri = '' AND tiktok_image.uploaded_at < :stale
RETURNING use_case, content_hash
""")


async def claim(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, places: Collection[Place], now: datetime, stale: datetime
) -> set[Place]:
    """Places that are now ours to upload: nobody did, and nobody has been at it since ``stale``."""
    rows = [{"row_id": new_id(), "use_case": use, "content_hash": digest} for use, digest in places]
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "rows": dumps_text(rows),
        "now": now,
        "stale": stale,
    }
    connection = await session.connection()
    return {(row.use_case, row.content_hash) for row in await connection.execute(_CLAIM, values)}


_RENEW = text("""
UPDATE tiktok_image SET uploaded_at = :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS mine(use_case text, content_hash text)
WHERE tiktok_image.shop_id = :shop_id AND tiktok_image.tiktok_shop_id = :tiktok_shop_id AND tiktok_image.uri = ''
  AND tiktok_image.use_case = mine.use_case AND tiktok_image.content_hash = mine.content_hash
""")


async def renew(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, places: Collection[Place], now: datetime
) -> None:
    """The claims' holder is still at it, whatever it waits for."""
    rows = dumps_text([{"use_case": use, "content_hash": digest} for use, digest in places])
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "rows": rows, "now": now}
    await (await session.connection()).execute(_RENEW, values)


_FILL = text("""
INSERT INTO tiktok_image (id, shop_id, tiktok_shop_id, use_case, content_hash, uri, url, width, height, uploaded_at)
SELECT new.row_id, :shop_id, :tiktok_shop_id, new.use_case, new.content_hash, new.uri, new.url, new.width, new.height,
       :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb))
     AS new(row_id uuid, use_case text, content_hash text, uri text, url text, width int, height int)
ORDER BY new.use_case, new.content_hash
ON CONFLICT (tiktok_shop_id, use_case, content_hash) DO UPDATE SET
    uri = excluded.uri, url = excluded.url, width = excluded.width, height = excluded.height,
    uploaded_at = excluded.uploaded_at
WHERE tiktok_image.uri = ''
""")


async def fill(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, images: Sequence[UploadedImage], now: datetime
) -> None:
    """Remember uploads; of two uploads of one picture the first stays."""
    rows = [
        {
            "row_id": new_id(),
            "use_case": one.use_case,
            "content_hash": one.content_hash,
            "uri": one.uri,
            "url": one.url,
            "width": one.width,
            "height": one.height,
        }
        for one in images
    ]
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "rows": dumps_text(rows), "now": now}
    connection = await session.connection()
    await connection.execute(_FILL, values)


_GIVE_UP = text("""
DELETE FROM tiktok_image USING jsonb_to_recordset(CAST(:rows AS jsonb)) AS gone(use_case text, content_hash text)
WHERE tiktok_image.shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND uri = ''
  AND tiktok_image.use_case = gone.use_case AND tiktok_image.content_hash = gone.content_hash
""")


async def give_up(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, places: Collection[Place]) -> None:
    """Let others try what we could not upload."""
    rows = [{"use_case": use, "content_hash": digest} for use, digest in places]
    connection = await session.connection()
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "rows": dumps_text(rows)}
    await connection.execute(_GIVE_UP, values)


async def uploaded(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, places: Collection[Place]
) -> dict[Place, UploadedImage]:
    """Those of the places that hold an upload by now."""
    statement = select(TikTokImage).where(
        TikTokImage.shop_id == shop_id,
        TikTokImage.tiktok_shop_id == tiktok_shop_id,
        col(TikTokImage.content_hash).in_([digest for _, digest in places]),
        TikTokImage.uri != "",
    )
    statement = statement.execution_options(populate_existing=True)
    rows = [
        UploadedImage(row.use_case, row.content_hash, row.uri, row.url, row.width, row.height)
        for row in await session.exec(statement)
    ]
    return {place: row for row in rows if (place := (row.use_case, row.content_hash)) in places}


@dataclass(frozen=True, slots=True)
class ShownImage:
    """A product's picture in its place, with its main upload in a TikTok shop where there is one (K2-K4)."""

    image: ProductImage
    local: LocalImage
    uploaded: TikTokImage | None


async def of_products(
    session: Session, *, shop_id: UUID, product_ids: Sequence[UUID], tiktok_shop_id: UUID | None
) -> Mapping[UUID, list[ShownImage]]:
    """Pictures by product, in the store's order; for loaders."""
    upload = (
        (col(TikTokImage.content_hash) == col(LocalImage.content_hash))
        & (col(TikTokImage.shop_id) == shop_id)
        & (col(TikTokImage.tiktok_shop_id) == tiktok_shop_id)
        & (col(TikTokImage.use_case) == "MAIN_IMAGE")
        & (col(TikTokImage.uri) != "")
    )
    statement = (
        select(ProductImage, LocalImage, TikTokImage)
        .join(LocalImage, col(LocalImage.id) == col(ProductImage.local_image_id))
        .join(TikTokImage, upload, isouter=True)
        .where(ProductImage.shop_id == shop_id, col(ProductImage.product_id).in_(product_ids))
        .order_by(col(ProductImage.product_id), col(ProductImage.position))
    )
    found: dict[UUID, list[ShownImage]] = {product_id: [] for product_id in product_ids}
    for image, local, uploaded_image in await session.exec(statement):
        found[image.product_id].append(ShownImage(image, local, uploaded_image))
    return found
