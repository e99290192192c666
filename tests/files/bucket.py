"""A small S3: objects by key behind AWS Signature Version 4, over real HTTP, checked by code of its own."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote
from xml.etree import ElementTree as Xml

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

KEY_ID, SECRET, REGION, NAME = "AKIATESTKEY", "wJalr/the secret+key", "eu-central-1", "leafmark-files"


@dataclass
class Bucket:
    """``refusing`` answers every call so; ``seen`` are the calls."""

    objects: dict[str, bytes] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    refusing: int | None = None

    def app(self) -> Starlette:
        methods = ["GET", "PUT", "HEAD", "DELETE", "POST"]
        return Starlette(routes=[Route(f"/{NAME}{{key:path}}", self.answer, methods=methods)])

    async def answer(self, request: Request) -> Response:
        body = await request.body()
        key, query = unquote(request.url.path).removeprefix(f"/{NAME}").lstrip("/"), dict(request.query_params)
        self.seen.append(f"{request.method} {key or '?' + '&'.join(query)}")
        if not _is_signed(request, body):
            return Response("<Error><Code>SignatureDoesNotMatch</Code></Error>", 403)
        if self.refusing is not None:
            return Response("<Error><Code>SlowDown</Code></Error>", self.refusing)
        if not key and request.method == "GET":
            return self._listed(query.get("prefix", ""))
        if not key and request.method == "POST" and "delete" in query:
            return self._deleted(body)
        return self._object(request.method, key, body)

    def _object(self, method: str, key: str, body: bytes) -> Response:
        if method == "PUT":
            self.objects[key] = body
        elif method == "DELETE":
            self.objects.pop(key, None)
            return Response(status_code=204)
        elif key not in self.objects:
            return Response("<Error><Code>NoSuchKey</Code></Error>", 404)
        tag = f'"{hashlib.md5(self.objects[key]).hexdigest()}"'
        headers = {"etag": tag, "last-modified": "Sat, 21 Nov 2026 07:00:00 GMT"}
        return Response(b"" if method == "PUT" else self.objects[key], headers=headers)

    def _listed(self, prefix: str) -> Response:
        found = "".join(
            f"<Contents><Key>{key}</Key><Size>{len(data)}</Size><ETag>x</ETag>"
            "<LastModified>2026-11-21T07:00:00.000Z</LastModified></Contents>"
            for key, data in sorted(self.objects.items())
            if key.startswith(prefix)
        )
        return Response(f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>")

    def _deleted(self, body: bytes) -> Response:
        keys = [one.text or "" for one in Xml.fromstring(body).iter() if one.tag.rpartition("}")[2] == "Key"]
        for key in keys:
            self.objects.pop(key, None)
        told = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        return Response(f"<DeleteResult>{told}</DeleteResult>")


def _is_signed(request: Request, body: bytes) -> bool:
    """As AWS documents Signature Version 4: canonical request, string to sign, derived key."""
    scheme, _, said = request.headers.get("authorization", "").partition(" ")
    parts = dict(part.strip().split("=", 1) for part in said.split(",") if "=" in part)
    if scheme != "AWS4-HMAC-SHA256" or request.headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
        return False
    key_id, *scope = parts["Credential"].split("/")
    canonical = _canonical(request, parts["SignedHeaders"].split(";"))
    moment = request.headers["x-amz-date"]
    text = "\n".join((scheme, moment, "/".join(scope), hashlib.sha256(canonical.encode()).hexdigest()))
    key = f"AWS4{SECRET}".encode()
    for step in scope:
        key = hmac.digest(key, step.encode(), "sha256")
    good = hmac.new(key, text.encode(), "sha256").hexdigest()
    return key_id == KEY_ID and scope[1:] == [REGION, "s3", "aws4_request"] and parts["Signature"] == good


def _canonical(request: Request, signed: list[str]) -> str:
    headers: Mapping[str, str] = request.headers
    pairs = sorted(parse_qsl(request.url.query, keep_blank_values=True))
    query = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)
    path = quote(unquote(request.url.path), safe="/-_.~")
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in signed)
    return "\n".join((request.method, path, query, lines, ";".join(signed), headers["x-amz-content-sha256"]))
