"""One question to the running service's GraphQL API, and everything that can be wrong with one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, as it came back."""

    status: int
    headers: httpx.Headers
    body: Json

    @property
    def codes(self) -> list[str]:
        """The codes of its errors, in order."""
        return [error["extensions"]["code"] for error in self.body.get("errors", [])]

    @property
    def messages(self) -> list[str]:
        """The sentences of its errors, in order."""
        return [error["message"] for error in self.body.get("errors", [])]

    @property
    def data(self) -> Json:
        """Its data; fails when there are errors."""
        assert self.status == 200, (self.status, self.body)
        assert "errors" not in self.body, self.body["errors"]
        data: Json = self.body["data"]
        return data

    @property
    def payload(self) -> Json:
        """What its one root field answered."""
        [payload] = self.data.values()
        assert isinstance(payload, dict), payload
        return payload

    @property
    def refusals(self) -> list[tuple[str, list[str] | None]]:
        """Codes and paths of the payload's user errors; fails when something else of the payload is there as well."""
        made = {key: value for key, value in self.payload.items() if key not in ("userErrors", "__typename")}
        assert all(value in (None, []) for value in made.values()), made
        return [(error["code"], error["field"]) for error in self.payload["userErrors"]]


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a token (or without) who asks."""

    http: httpx.Client
    url: str
    token: str | None = field(repr=False)

    def ask(self, document: str, **variables: object) -> Answer:
        """POST a document with its variables."""
        return self.send(json={"query": document, "variables": variables})

    def send(self, method: str = "POST", headers: Mapping[str, str] | None = None, **request: Any) -> Answer:
        """Any request to the API's address, well formed or not."""
        proof = {"authorization": f"Bearer {self.token}"} if self.token is not None else {}
        response = self.http.request(method, self.url, headers=proof | dict(headers or {}), **request)
        return Answer(response.status_code, response.headers, response.json())
