"""Sellers' files by key, fetched together."""

from functools import cached_property
from uuid import UUID

from strawberry.dataloader import DataLoader

from graphql_schema.loading import LoaderBase
from server.services import files
from server.tables import StoredFile, TikTokFile, TikTokImage


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
