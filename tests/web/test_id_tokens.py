"""Every check of Shopify fact sheet 1.2 and every must-fail case of its section 9."""

import base64
import hmac
import json
from datetime import UTC, datetime

import pytest

from server.kit.secrets import Secret
from server.web.id_tokens import BadIdToken, Fault, IdToken, is_shop_domain, verify

pytestmark = pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")

VECTOR = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL3NvbWUtc2hvcC5teXNob3BpZnkuY29tL2FkbWluIiwiZGVzdCI6I"
    "mh0dHBzOi8vc29tZS1zaG9wLm15c2hvcGlmeS5jb20iLCJhdWQiOiJ0ZXN0LWNsaWVudC1pZCIsInN1YiI6IjQyIiwiZXhwIjoxNzY3MjI1NjYw"
    "LCJuYmYiOjE3NjcyMjU2MDAsImlhdCI6MTc2NzIyNTYwMCwianRpIjoiMDAwMDAwMDAtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAxIiwic2lk"
    "IjoidGVzdC1zaWQifQ.cC8_WQ-2fGIlH5TaVr2_YeLUkdiruzMZym3yOfhUVkE"
)
ISSUED = 1767225600
CLAIMS: dict[str, object] = {
    "iss": "https://some-shop.myshopify.com/admin",
    "dest": "https://some-shop.myshopify.com",
    "aud": "test-client-id",
    "sub": "42",
    "exp": ISSUED + 60,
    "nbf": ISSUED,
    "iat": ISSUED,
    "jti": "00000000-0000-4000-8000-000000000001",
    "sid": "test-sid",
}


def checked(token: str, *, at: float = ISSUED + 30, secrets: tuple[str, ...] = ("hush",)) -> IdToken:
    keys = [Secret(text) for text in secrets]
    return verify(token, client_id="test-client-id", secrets=keys, now=datetime.fromtimestamp(at, UTC))


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def signed(claims: object, secret: str = "hush", algorithm: str = "HS256") -> str:
    head = f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims)}"
    digest = hmac.new(secret.encode(), head.encode(), algorithm.replace("HS", "sha")).digest()
    return f"{head}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def made(secret: str = "hush", algorithm: str = "HS256", **claims: object) -> str:
    return signed({name: value for name, value in (CLAIMS | claims).items() if value is not None}, secret, algorithm)


@pytest.mark.parametrize("at", [1767225590, 1767225600, 1767225660, 1767225669])
def test_the_vector_is_good_within_ten_seconds_of_leeway(at: int) -> None:
    token = checked(VECTOR, at=at)
    assert token == IdToken("some-shop.myshopify.com", "42", datetime.fromtimestamp(1767225660, UTC))


@pytest.mark.parametrize("at", [1767225589, 1767225670, 1767225671])
def test_the_vector_is_stale_outside(at: int) -> None:
    with pytest.raises(BadIdToken) as caught:
        checked(VECTOR, at=at)
    assert caught.value.fault is Fault.STALE


def test_the_old_secret_counts_during_a_rotation() -> None:
    assert checked(made("old"), secrets=("new", "old")).shop == "some-shop.myshopify.com"
    with pytest.raises(BadIdToken):
        checked(made("older"), secrets=("new", "old"))


def test_the_secret_is_used_as_it_is_not_decoded() -> None:
    with pytest.raises(BadIdToken):
        checked(made("68757368"))


def unsigned() -> str:
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(CLAIMS)}."


def relabelled(algorithm: str) -> str:
    return f"{part({'alg': algorithm, 'typ': 'JWT'})}.{VECTOR.partition('.')[2]}"


@pytest.mark.parametrize(
    ("case", "token"),
    [
        ("alg none", unsigned()),
        ("alg RS256", relabelled("RS256")),
        ("alg HS512", made(algorithm="HS512")),
        ("another secret", made("push")),
        ("iss of another shop", made(iss="https://other-shop.myshopify.com/admin")),
        ("iss without /admin", made(iss="https://some-shop.myshopify.com")),
        ("iss over http", made(iss="http://some-shop.myshopify.com/admin")),
        ("shop in the path", made(dest="https://evil.com/.myshopify.com", iss="https://evil.com/admin")),
        (
            "shop as a subdomain",
            made(dest="https://some-shop.myshopify.com.evil.com", iss="https://some-shop.myshopify.com.evil.com/admin"),
        ),
        ("dest over http", made(dest="http://some-shop.myshopify.com")),
        ("dest with a port", made(dest="https://some-shop.myshopify.com:8443")),
        ("dest with a user", made(dest="https://some-shop.myshopify.com@evil.com")),
        ("dest that is no address", made(dest="https://[")),
        ("no dest", made(dest=None)),
        ("no exp", made(exp=None)),
        ("exp that is text", made(exp="1767225660")),
        ("exp beyond all calendars", made(exp=10**20)),
        ("no nbf", made(nbf=None)),
        ("iat in the future", made(iat=ISSUED + 100)),
        ("no sub", made(sub=None)),
        ("no jti", made(jti=None)),
        ("no sid", made(sid="")),
        ("two dots only", ".."),
        ("one part", "abc"),
        ("empty", ""),
        ("not base64", "%%%.%%%.%%%"),
        ("claims that are a list", signed([1])),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
def test_what_must_fail_fails_as_stale(case: str, token: str) -> None:
    with pytest.raises(BadIdToken) as caught:
        checked(token)
    assert caught.value.fault is Fault.STALE, case


@pytest.mark.parametrize("aud", ["another-client", ["test-client-id"], None, 7])
def test_a_token_made_for_another_app_is_told_apart(aud: object) -> None:
    with pytest.raises(BadIdToken) as caught:
        checked(made(aud=aud))
    assert caught.value.fault is Fault.NOT_OURS


def test_times_are_looked_at_before_the_audience() -> None:
    with pytest.raises(BadIdToken) as caught:
        checked(made(aud="another-client"), at=ISSUED + 100)
    assert caught.value.fault is Fault.STALE


def test_upper_case_hosts_are_the_same_shop() -> None:
    token = made(dest="https://SOME-shop.myshopify.com", iss="https://Some-Shop.myshopify.com/admin")
    assert checked(token).shop == "some-shop.myshopify.com"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("a.myshopify.com", True),
        ("my-shop-1.myshopify.com", True),
        ("-shop.myshopify.com", False),
        ("Shop.myshopify.com", False),
        ("shop.myshopify.com\n", False),
        ("shop.myshopify.com.evil.com", False),
        ("evil.com/shop.myshopify.com", False),
        ("myshopify.com", False),
        ("", False),
    ],
)
def test_shop_domains(text: str, good: bool) -> None:
    assert is_shop_domain(text) is good
