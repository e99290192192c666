"""Sellers' files and products' pictures by key, fetched together."""

from functools import cached_property
from uuid import UUID

from strawberry.dataloader import DataLoader

from graphql_schema.loading import LoaderBase
from server.services import files, images
from server.services.images import ShownImage
from server.tables import StoredFile, TikTokFile, TikTokImage

PicturesKey = tuple[UUID | None, UUID]
"""The TikTok shop whose uploads are wanted, if any are, and a product."""


class FileLoaders(LoaderBase):
    """Of one operation."""

    @cached_property
    def files(self) -> DataLoader[UUID, StoredFile | None]:
        """Files by id, announced ones too."""
        return self._by_id(files.by_ids)

    @cached_property
    def file_copies(self) -> DataLoader[str, tuple[list[TikTokImage], list[TikTokFile]]]:
        """What TikTok shops have of a content."""

        async def load(hashes: list[str]) -> list[tuple[list[TikTokImage], list[TikTokFile]]]:
            async with self._session() as session:
                found = await files.copies(session, shop_id=self._shop_id, hashes=hashes)
            return [found[content] for content in hashes]

        return DataLoader(load)

    @cached_property
    def images_of(self) -> DataLoader[PicturesKey, list[ShownImage]]:
        """A product's pictures, in the store's order; a statement for each TikTok shop asked about."""

        async def load(keys: list[PicturesKey]) -> list[list[ShownImage]]:
            known: dict[PicturesKey, list[ShownImage]] = {}
            async with self._session() as session:
                for shop in dict.fromkeys(shop for shop, _ in keys):
                    products = [product for at, product in keys if at == shop]
                    found = await images.of_products(
                        session, shop_id=self._shop_id, product_ids=products, tiktok_shop_id=shop
                    )
                    known |= {(shop, product_id): shown for product_id, shown in found.items()}
            return [known[key] for key in keys]

        return DataLoader(load)
