"""A shop with an API token, and a client that talks to the app as any client would."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from starlette.types import ASGIApp

from graphql_schema.asgi import create_for
from server.deps import Deps
from server.kit.ids import new_id
from server.services import access
from server.services.access import ALL_SCOPES, Caller, CallerKind, Scope
from server.tables import Shop


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
