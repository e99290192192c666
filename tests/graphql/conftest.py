"""A shop with an API token, and a client that talks to the app as any client would."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest
from starlette.types import ASGIApp

from graphql_schema.asgi import create_for
from server.deps import Deps
from server.domain.categories import CategoryVersion
from server.domain.category_tree import FlatNode
from server.domain.folding import search_text
from server.domain.traits import Traits
from server.kit.ids import new_id, to_gid
from server.services import access, categories
from server.services.access import ALL_SCOPES, Caller, CallerKind, Scope
from server.store import product_traits
from server.tables import Product, Shop, Variant
from tests.catalogue.shops import connected_shop


@dataclass
class Answer:
    """One GraphQL answer."""

    status: int
    headers: httpx.Headers
    body: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        assert "errors" not in self.body, self.body["errors"]
        found: dict[str, Any] = self.body["data"]
        return found

    @property
    def codes(self) -> list[str]:
        return [error["extensions"]["code"] for error in self.body.get("errors", [])]

    @property
    def messages(self) -> list[str]:
        return [error["message"] for error in self.body.get("errors", [])]


@dataclass
class Api:
    """Sends operations as one caller."""

    http: httpx.AsyncClient
    shop_id: UUID
    token: str
    caller: Caller
    seen: list[Answer] = field(default_factory=list)

    async def run(self, document: str, **variables: object) -> Answer:
        headers = {"authorization": f"Bearer {self.token}"}
        body = {"query": document, "variables": variables}
        response = await self.http.post("/graphql", json=body, headers=headers)
        answer = Answer(response.status_code, response.headers, response.json())
        self.seen.append(answer)
        return answer

    async def data(self, document: str, **variables: object) -> dict[str, Any]:
        return (await self.run(document, **variables)).data


async def make_shop(deps: Deps, domain: str = "one.myshopify.com") -> UUID:
    shop = Shop(domain=domain, name="One", currency="USD", country="US", installed_at=deps.clock(), id=new_id())
    async with deps.database.write() as session:
        session.add(shop)
    return shop.id


async def make_token(deps: Deps, shop_id: UUID, *scopes: Scope) -> tuple[str, Caller]:
    maker = Caller(shop_id, CallerKind.USER, "42", expires_at=deps.clock() + timedelta(minutes=1))
    async with deps.database.write() as session:
        made = await access.create_token(
            session, caller=maker, name="Test", scopes=scopes or ALL_SCOPES, now=deps.clock()
        )
        row_id = made.row.id
    granted = frozenset(scopes or ALL_SCOPES)
    return made.secret.reveal(), Caller(shop_id, CallerKind.TOKEN, "Test", granted, token_id=row_id)


@pytest.fixture
def app(deps: Deps) -> ASGIApp:
    return create_for(deps)


@pytest.fixture
async def http(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://leafmark.test") as client:
        yield client


@pytest.fixture
async def shop_id(deps: Deps) -> UUID:
    return await make_shop(deps)


@pytest.fixture
async def api(deps: Deps, http: httpx.AsyncClient, shop_id: UUID) -> Api:
    token, caller = await make_token(deps, shop_id)
    return Api(http, shop_id, token, caller)


@dataclass
class Seller:
    """A shop with one TikTok shop, a small tree and some products."""

    api: Api
    deps: Deps
    shop_id: UUID
    tiktok_shop_id: UUID

    @property
    def tiktok_gid(self) -> str:
        return to_gid("TikTokShop", self.tiktok_shop_id)

    async def add_products(self, amount: int, *, variants: int = 1) -> list[UUID]:
        """Active products ``Mug 0``, ``Mug 1`` ... with variants of rising prices."""
        now = self.deps.clock()
        ids = [new_id() for _ in range(amount)]
        async with self.deps.database.write() as session:
            for n, product_id in enumerate(ids):
                session.add(
                    Product(
                        id=product_id,
                        shop_id=self.shop_id,
                        remote_id=f"gid://shopify/Product/{n}",
                        title=f"Mug {n}",
                        vendor="Acme",
                        status="ACTIVE",
                        source_updated_at=now,
                        imported_at=now,
                        search_text=search_text(f"Mug {n}", "Acme"),
                    )
                )
            await session.flush()
            for n, product_id in enumerate(ids):
                session.add_all(
                    Variant(
                        shop_id=self.shop_id,
                        product_id=product_id,
                        remote_id=f"gid://shopify/ProductVariant/{n}-{place}",
                        position=place,
                        title=f"V{place}",
                        price=Decimal(10 + place),
                        weight_value=0.5,
                        weight_unit="KILOGRAMS",
                    )
                    for place in range(variants)
                )
            traits = {product_id: Traits(f"Mug {n}", "Acme") for n, product_id in enumerate(ids)}
            await product_traits.write(session, shop_id=self.shop_id, traits=traits, now=self.deps.clock())
        return ids


@pytest.fixture
async def seller(deps: Deps, http: httpx.AsyncClient) -> Seller:
    shop, tiktok_shop = await connected_shop(deps)
    nodes = [
        FlatNode("1", "0", "Home", is_leaf=False, permissions=("AVAILABLE",)),
        FlatNode("2", "1", "Mugs", is_leaf=True, permissions=("AVAILABLE",)),
        FlatNode("3", "1", "Knives", is_leaf=True, permissions=("INVITE_ONLY",)),
    ]
    async with deps.database.write() as session:
        await categories.keep(
            session,
            shop_id=shop.id,
            tiktok_shop_id=tiktok_shop.id,
            version=CategoryVersion.V2,
            locale="en-US",
            nodes=nodes,
            now=deps.clock(),
        )
    token, caller = await make_token(deps, shop.id)
    return Seller(Api(http, shop.id, token, caller), deps, shop.id, tiktok_shop.id)
