"""No secret is said in any log or answer, nor kept in clear in any table or in Redis; looked for after a full story."""

from collections import Counter

from tests.journeys.played import Played
from tests.journeys.secrets_of import leaks, places, secrets_of
from tests.journeys.town import Town, eventually


def test_the_story_says_no_secret(town: Town, played: Played) -> None:
    eventually(lambda: (town.stack.plan.data / "sandbox.state").exists(), bool)
    assert leaks(town) == []


def test_the_search_knows_the_secrets_and_looks_everywhere(town: Town, played: Played) -> None:
    kinds = Counter(secrets_of(town).values())
    assert kinds["Fernet key"] == kinds["Shopify client secret"] == kinds["TikTok app secret"] == 1
    assert kinds["API token"] == len(town.tokens)
    assert kinds["TikTok access token"] >= 1
    assert kinds["issued by the platforms (refresh_token)"] >= 1
    assert kinds["issued by the platforms (token)"] >= 2
    seen = {place: len(text) for place, text in places(town)}
    assert {"log api.log", "log worker-1.log", "log sandbox.log", "log postgres.log", "log redis.log"} <= set(seen)
    assert {"table shop", "table tiktok_authorization", "table api_token", "table task_event", "Redis"} <= set(seen)
    assert seen["answers of the API"] > 10_000
    assert seen["table listing"] > 10_000
