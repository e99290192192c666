"""Token exchange, refresh with rotation, ID tokens (Shopify fact sheet 1.2 and 1.6)."""

from typing import Any

import httpx
import jwt
import pytest

from sandbox.shopify import id_tokens
from sandbox.world import World
from tests.sandbox_shopify.conftest import SHOP, Admin

PATH = f"/shopify/{SHOP}/admin/oauth/access_token"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
ONLINE = "urn:shopify:params:oauth:token-type:online-access-token"
DAY = 86_400


class Grants:
    """Sends grants as the app would."""

    def __init__(self, client: httpx.AsyncClient, world: World) -> None:
        self.client = client
        self.world = world

    async def send(self, **body: object) -> httpx.Response:
        config = self.world.config
        keys = {"client_id": config.shopify_client_id, "client_secret": config.shopify_client_secret}
        return await self.client.post(PATH, json={**keys, **body})

    async def exchange(self, token: str, requested: str = OFFLINE, **more: object) -> httpx.Response:
        return await self.send(
            grant_type="urn:ietf:params:oauth:grant-type:token-exchange",
            subject_token=token,
            subject_token_type="urn:ietf:params:oauth:token-type:id_token",
            requested_token_type=requested,
            **more,
        )

    async def refresh(self, token: str) -> httpx.Response:
        return await self.send(grant_type="refresh_token", refresh_token=token)

    async def first(self) -> Any:  # JSON of any shape
        response = await self.exchange(id_tokens.mint(self.world, SHOP), expiring="1")
        assert response.status_code == 200
        return response.json()


@pytest.fixture
def grants(client: httpx.AsyncClient, world: World) -> Grants:
    world.clock.freeze()
    return Grants(client, world)


async def works(client: httpx.AsyncClient, token: str) -> bool:
    path = f"/shopify/{SHOP}/admin/api/2026-10/graphql.json"
    response = await client.post(path, json={"query": "{shop{id}}"}, headers={"X-Shopify-Access-Token": token})
    return response.status_code == 200


async def test_an_offline_expiring_token(grants: Grants, client: httpx.AsyncClient) -> None:
    answer = await grants.first()
    assert set(answer) == {"access_token", "expires_in", "scope", "refresh_token", "refresh_token_expires_in"}
    assert (answer["expires_in"], answer["refresh_token_expires_in"]) == (3600, 7_776_000)
    assert answer["scope"] == "read_products,read_inventory"
    assert await works(client, answer["access_token"])
    grants.world.clock.advance(3600)
    assert not await works(client, answer["access_token"])


async def test_an_online_token_names_the_user(grants: Grants, client: httpx.AsyncClient) -> None:
    answer = (await grants.exchange(id_tokens.mint(grants.world, SHOP, "77"), ONLINE)).json()
    assert (answer["associated_user"]["id"], answer["expires_in"]) == (77, 86_399)
    assert await works(client, answer["access_token"])


async def test_without_expiring_the_old_kind_which_can_be_turned(grants: Grants, client: httpx.AsyncClient) -> None:
    old = (await grants.exchange(id_tokens.mint(grants.world, SHOP))).json()
    assert set(old) == {"access_token", "scope"}
    turned = await grants.send(
        grant_type="urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token=old["access_token"],
        subject_token_type=OFFLINE,
        requested_token_type=OFFLINE,
        expiring=1,
    )
    assert turned.status_code == 200
    assert not await works(client, old["access_token"])
    assert await works(client, turned.json()["access_token"])


@pytest.mark.parametrize("expires_in", [-11, -3600])
async def test_a_stale_id_token(grants: Grants, expires_in: int) -> None:
    response = await grants.exchange(id_tokens.mint(grants.world, SHOP, expires_in=expires_in))
    assert (response.status_code, response.json()["error"]) == (400, "invalid_subject_token")
    assert grants.world.shopify.shops[SHOP].tokens.access == {}


async def test_ten_seconds_of_leeway(grants: Grants) -> None:
    token = id_tokens.mint(grants.world, SHOP)
    grants.world.clock.advance(69)
    assert (await grants.exchange(token)).status_code == 200
    grants.world.clock.advance(1)
    assert (await grants.exchange(token)).status_code == 400


async def test_id_tokens_of_others_are_refused(grants: Grants) -> None:
    claims = jwt.decode(id_tokens.mint(grants.world, SHOP), options={"verify_signature": False})
    secret = grants.world.config.shopify_client_secret
    bad = [
        jwt.encode(claims, "another secret that is long enough to sign", algorithm="HS256"),
        jwt.encode({**claims, "aud": "other"}, secret, algorithm="HS256"),
        jwt.encode({**claims, "dest": "https://other.myshopify.com"}, secret, algorithm="HS256"),
        jwt.encode(claims, "", algorithm="none"),
        "not.a.token",
        "",
    ]
    answers = [(await grants.exchange(token)).json()["error"] for token in bad]
    assert answers == ["invalid_subject_token"] * 6
    assert grants.world.shopify.shops[SHOP].tokens.access == {}


async def test_a_wrong_secret_and_an_uninstalled_app(grants: Grants, admin: Admin) -> None:
    wrong = await grants.send(client_secret="wrong", grant_type="refresh_token", refresh_token="x")
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_client")
    await admin.control("uninstall")
    gone = await grants.exchange(id_tokens.mint(grants.world, SHOP))
    assert (gone.status_code, gone.json()["error"]) == (400, "invalid_client")


async def test_refresh_rotates_and_a_lost_answer_can_be_had_again(grants: Grants, client: httpx.AsyncClient) -> None:
    first = await grants.first()
    lost = (await grants.refresh(first["refresh_token"])).json()
    again = (await grants.refresh(first["refresh_token"])).json()
    assert len({first["refresh_token"], lost["refresh_token"], again["refresh_token"]}) == 3
    assert await works(client, again["access_token"])
    assert (await grants.refresh(again["refresh_token"])).status_code == 200
    dead = await grants.refresh(first["refresh_token"])
    assert (dead.status_code, dead.json()["error"]) == (400, "invalid_grant")


async def test_a_used_refresh_token_lasts_thirty_days_at_most(grants: Grants) -> None:
    first = await grants.first()
    assert (await grants.refresh(first["refresh_token"])).status_code == 200
    grants.world.clock.advance(30 * DAY - 1)
    assert (await grants.refresh(first["refresh_token"])).status_code == 200
    grants.world.clock.advance(1)
    assert (await grants.refresh(first["refresh_token"])).json()["error"] == "invalid_grant"


async def test_an_unused_refresh_token_lasts_ninety_days(grants: Grants) -> None:
    first = await grants.first()
    grants.world.clock.advance(90 * DAY)
    assert (await grants.refresh(first["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_grant_may_come_as_a_form(grants: Grants) -> None:
    config = grants.world.config
    form = {
        "client_id": config.shopify_client_id,
        "client_secret": config.shopify_client_secret,
        "grant_type": "refresh_token",
        "refresh_token": "nobody",
    }
    response = await grants.client.post(PATH, data=form)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_grant")
