"""A shop with more products than one search can page through is read whole, each product once."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.clients import tiktok_sweep
from server.clients.errors import Upstream
from server.clients.retry import NO_RETRY
from server.clients.tiktok import TikTokAccess, TikTokClient
from server.clients.tiktok_products import ProductFilter
from server.clients.tiktok_sweep import sweep
from server.domain.categories import CategoryVersion
from server.kit.clock import system_clock
from server.kit.secrets import Secret

START = datetime(2026, 1, 1, tzinfo=UTC)
ACCESS = TikTokAccess(Secret("t"), "c", "s")
LIMIT, PAGE = 6, 2


def shop(created: list[int], *, refuses: bool) -> TikTokClient:
    """A search over products created at these seconds, that lists or counts no more than ``LIMIT``."""

    def platform(request: httpx.Request) -> httpx.Response:
        body = orjson.loads(request.content)
        first, last = (int(body[name]) - int(START.timestamp()) for name in ("create_time_ge", "create_time_le"))
        hits = [number for number, at in enumerate(created) if first <= at <= last]
        at = int(request.url.params.get("page_token", "0"))
        if refuses and len(hits) > LIMIT:
            return httpx.Response(200, json={"code": 12052180, "message": "too many"})
        token = str(at + PAGE) if at + PAGE < len(hits) else ""
        products = [{"id": number} for number in hits[at : at + PAGE]]
        data = {"products": products, "total_count": len(hits), "next_page_token": token}
        return httpx.Response(200, json={"code": 0, "data": data})

    http = httpx.AsyncClient(transport=httpx.MockTransport(platform))
    return TikTokClient(http, "k", Secret("s"), "https://api.test", "https://auth.test", system_clock, None, NO_RETRY)


async def found(client: TikTokClient, seconds: int) -> Counter[str]:
    wanted = ProductFilter(CategoryVersion.V1, status="ACTIVATE")
    pages = sweep(client.products, ACCESS, wanted, since=START, until=START + timedelta(seconds=seconds))
    return Counter([hit.id async for page in pages for hit in page.products])


@pytest.fixture(autouse=True, scope="module")
def _small_limit() -> object:
    patch = pytest.MonkeyPatch()
    patch.setattr(tiktok_sweep, "SEARCH_LIMIT", LIMIT)
    yield
    patch.undo()


@given(
    created=st.lists(st.integers(0, 100), max_size=40).filter(
        lambda all_: max(Counter(all_).values(), default=0) <= LIMIT
    )
)
@pytest.mark.parametrize("refuses", [False, True])
async def test_each_product_once(created: list[int], refuses: bool) -> None:
    assert await found(shop(created, refuses=refuses), 100) == Counter(map(str, range(len(created))))


async def test_one_second_with_too_many_is_an_error_not_a_gap() -> None:
    with pytest.raises(Upstream) as caught:
        await found(shop([5] * 7, refuses=True), 100)
    assert caught.value.platform_code == 12052180
