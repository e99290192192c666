"""Further merchants of the town: each has a store and a TikTok shop of its own, so that no story meets another."""

from collections import Counter
from dataclasses import dataclass
from itertools import count
from typing import Self
from urllib.parse import urlencode

from cli import story
from cli.bootstrap import CONNECT, MAKE_ACCESS, SCOPES, id_token
from cli.client import Client, Json
from tests.journeys.asking import Caller
from tests.journeys.town import Town, unwatched

_numbers = count(1)


def plain_products(amount: int) -> list[Json]:
    """Products that any TikTok shop takes, with one small picture each."""
    return [
        {
            "handle": f"candle-{number}",
            "title": f"Scented Candle Number {number}",
            "html": "<p>Burns for forty hours and smells of pine.</p>",
            "vendor": "Halden",
            "product_type": "Candles",
            "images": [{"kind": "png", "width": 600, "height": 600}],
            "variants": [{"price": "12.50", "sku": f"CAN-{number}", "quantity": 5, "weight": 300}],
        }
        for number in range(1, amount + 1)
    ]


@dataclass(frozen=True, slots=True)
class Merchant:
    """A store that installed the app. ``tiktok_shop`` is our id of its TikTok shop, ``tiktok_id`` TikTok's own."""

    town: Town
    domain: str
    client: Client
    tiktok_shop: str
    tiktok_id: str

    @classmethod
    def settled(cls, town: Town, products: int | list[Json]) -> Self:
        """A new store of these products, or so many plain ones, installed and connected to a new seller's shop."""
        sold = plain_products(products) if isinstance(products, int) else products
        domain = f"merchant-{next(_numbers)}.myshopify.com"
        town.sandbox("POST", "shopify/add-shop", shop=domain, products=sold)
        seller = town.sandbox("POST", "tiktok/seller")
        merchant = Client(town.http, town.known["graphql_url"], id_token(town.http, town.known["sandbox_url"], domain))
        token = merchant.do(MAKE_ACCESS, input={"name": "journey", "scopes": SCOPES})["secret"]
        town.tokens.append(token)
        link = merchant.do(CONNECT, input={"market": "US"})["authorizeUrl"]
        page = town.http.get(f"{link}&{urlencode({'seller': seller['open_id']})}", follow_redirects=True)
        assert page.status_code == 200, page.text
        client = Client(town.http, town.known["graphql_url"], token)
        [shop] = client.ask("{ shop { tiktokShops { id remoteId } } }")["shop"]["tiktokShops"]
        assert shop["remoteId"] == seller["shops"][0]["id"]
        return cls(town, domain, client, shop["id"], shop["remoteId"])

    @property
    def caller(self) -> Caller:
        """For questions that may go wrong."""
        return Caller(self.client.http, self.client.url, self.client.token)

    def prepared(self) -> str:
        """Products imported, trees fetched, a default template made: its id."""
        _, template = story.prepare(self.client, unwatched)
        return template

    def begin(self, template: str) -> str:
        """Activate the template: the id of the listing task."""
        task: str = self.client.do(story.ACTIVATE, id=template)["task"]["id"]
        return task

    def task(self, task_id: str) -> Json:
        """How a task stands."""
        task: Json = self.client.ask(TASK, id=task_id)["task"]
        return task

    def ended(self, task_id: str) -> Json:
        """A task once it has ended, as the subscription tells it."""
        task: Json = unwatched("", self.client.follow(task_id))["task"]
        return task

    def statuses(self) -> dict[str, int]:
        """How many products stand where, without the empty statuses."""
        counts = self.client.ask(story.COUNTS, shop=self.tiktok_shop)["tiktokShop"]["listingCounts"]
        return {count["status"]: count["count"] for count in counts if count["count"]}

    def created(self) -> Counter[str]:
        """How often each product was created on TikTok Shop."""
        return self.town.created(self.tiktok_id)


LIST = (
    "mutation List($input: ProductsListInput!) { productsList(input: $input) { task { id } userErrors { message } } }"
)
TASK = """
query Task($id: ID!) {
  task(id: $id) {
    state cursor problem { code message remedy } counts { total queued running succeeded skipped failed }
  }
}
"""
