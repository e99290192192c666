"""TikTok Shop in a function: answers in turn, what reached it, and how long we slept."""

from collections.abc import Callable

import httpx

from server.clients.retry import RetryPolicy
from server.clients.tiktok import TikTokAccess, TikTokClient
from server.clients.tiktok_bodies import CreateProductBody
from server.kit.clock import from_unix
from server.kit.secrets import Secret

TOKEN, CIPHER, APP_SECRET = "TTP_token-that-must-not-show", "ROW_cipher", "9f3c2a7be1d84056a1c0"
ACCESS = TikTokAccess(Secret(TOKEN), CIPHER, "shop-1")
BODY: CreateProductBody = {
    "title": "Mug",
    "description": "<p>Blue</p>",
    "category_id": "853000",
    "category_version": "v2",
    "main_images": [{"uri": "tos/1"}],
    "skus": [],
}
Platform = Callable[[httpx.Request], httpx.Response]


class Wire:
    """A platform in a function, remembering what reached it and how long we slept."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.slept: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def client(self) -> TikTokClient:
        return TikTokClient(
            http=httpx.AsyncClient(transport=httpx.MockTransport(self)),
            app_key="6test1k2y3abc",
            app_secret=Secret(APP_SECRET),
            api_url="https://api.test",
            auth_url="https://auth.test",
            clock=lambda: from_unix(1767225600),
            pace=None,
            policy=RetryPolicy(attempts=4, base=2.0, patience=30.0, sleep=self.sleep),
        )


def ok(data: object = None, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json={"code": 0, "message": "Success", "request_id": "r1", "data": data})


def no(code: int, status: int = 200, message: str = "no", **headers: str) -> httpx.Response:
    body = {"code": code, "message": message, "request_id": "r2"}
    return httpx.Response(status, json=body, headers={name.replace("_", "-"): value for name, value in headers.items()})
