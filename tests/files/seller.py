"""A seller with files, as the tests tell about one: announces, sends and looks over real HTTP."""

import io
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import anyio
import httpx
from PIL import Image

from server.clients.fetch import FetchedFile, fetch_image
from server.kit.ids import parse_gid
from server.services import files, tiktok_shops
from server.services.files import Uploads
from server.services.images import Gallery
from tests.graphql.conftest import Api
from tests.listing.stall import Stall

STAGE = """
mutation Stage($input: [StagedUploadInput!]!) {
  stagedUploadCreate(input: $input) {
    results {
      target { url httpMethod parameters { name value } resourceId expiresAt }
      userErrors { code field message }
    }
    userErrors { code field message }
  }
}
"""
FILE = """
query File($id: ID!) {
  file(id: $id) {
    id filename mimeType fileSize purpose state width height url expiresAt storedAt
    tiktokCopies { useCase remoteId url tiktokShop { id } }
  }
}
"""
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << >>\n%%EOF\n"


def picture(width: int = 1200, height: int = 1100, kind: str = "PNG", color: str = "navy") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), color).save(file, kind)
    return file.getvalue()


def said(data: bytes, name: str = "sizes.png", kind: str = "image/png", purpose: str = "SIZE_CHART_IMAGE") -> Any:
    return {"filename": name, "mimeType": kind, "fileSize": len(data), "purpose": purpose}


@dataclass
class Seller:
    """``http`` reaches our app on its port, without a token: signed addresses need none."""

    stall: Stall
    api: Api
    http: httpx.AsyncClient

    async def stage(self, *rows: dict[str, Any]) -> list[dict[str, Any]]:
        payload = (await self.api.data(STAGE, input=list(rows)))["stagedUploadCreate"]
        assert payload["userErrors"] == []
        found: list[dict[str, Any]] = payload["results"]
        return found

    async def target(self, row: dict[str, Any]) -> dict[str, Any]:
        (result,) = await self.stage(row)
        assert result["userErrors"] == []
        found: dict[str, Any] = result["target"]
        return found

    async def send(self, target: dict[str, Any], data: bytes, **headers: str) -> httpx.Response:
        told = {one["name"]: one["value"] for one in target["parameters"]}
        return await self.http.put(here(target["url"]), content=data, headers=told | headers)

    async def stored(self, data: bytes, **row: str) -> str:
        """The id of a file that is here."""
        target = await self.target(said(data, **row))
        answer = await self.send(target, data)
        assert answer.status_code == 201, answer.text
        resource: str = target["resourceId"]
        return resource

    async def file(self, file_id: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.api.data(FILE, id=file_id))["file"]
        return found

    def uploads(self) -> Uploads:
        """What a worker brings this seller's files to TikTok with."""
        deps, where = self.stall.deps, self.stall.where
        access = tiktok_shops.token_source(deps.database, deps.vault, deps.tiktok, **where, clock=deps.clock)

        async def web(url: str) -> FetchedFile:
            return await fetch_image(deps.http, url, deps.settings.fetch_allowed_hosts)

        gallery = Gallery(
            database=deps.database,
            tiktok=deps.tiktok,
            access=access,
            fetch=files.source(deps.database, deps.files, web, shop_id=self.stall.shop.id),
            **where,
            clock=deps.clock,
            slots=anyio.Semaphore(4),
        )
        return files.uploads(gallery, deps.files)


def here(url: str) -> str:
    """The address below the test's own server."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def row_of(gid: str) -> UUID:
    parsed = parse_gid(gid)
    assert parsed is not None
    assert parsed[0] == "File"
    return parsed[1]


def codes(results: Collection[dict[str, Any]]) -> list[list[tuple[str, list[str]]]]:
    """Of each row, the codes of its errors and where they are."""
    return [[(error["code"], error["field"]) for error in row["userErrors"]] for row in results]
