"""`leafmark products`: files in parts through the real API, and what is said when a part is refused or lost."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio.to_thread
import httpx
import pytest
from starlette.types import ASGIApp
from typer.testing import CliRunner

from cli import product_files, up
from cli.__main__ import build
from cli.client import Client
from cli.problems import CannotRun
from cli.product_files import import_file
from graphql_schema.buckets import Buckets, ThrottleStatus
from server.web.auth import MAX_BODY
from tests.graphql.conftest import Seller, app, http, seller
from tests.shops.platforms import served
from tests.structure.source import ROOT

__all__ = ["app", "http", "seller"]

Said = tuple[str, int, str]
"""What a command said, with which status it ended, and what stopped it."""


def run(url: str, token: str, *arguments: str) -> Said:
    done = CliRunner().invoke(build("products"), ["products", *arguments, "--url", f"{url}/graphql", "--token", token])
    stopped = done.exception
    assert stopped is None or isinstance(stopped, CannotRun), stopped
    return done.output, stopped.status if stopped else 0, str(stopped or "")


async def test_a_long_file_goes_in_by_parts_and_comes_out_again(
    seller: Seller, app: ASGIApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(product_files, "PART_BYTES", 1_000)
    ids = sorted(f"gid://leafmark/Product/{one}" for one in await seller.add_products(30))
    lines = ["product_id;title", *(f"{one};日本語のマグ {at}" for at, one in enumerate(ids))]
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    async with served(app) as url:

        async def said(*arguments: str) -> Said:
            return await anyio.to_thread.run_sync(run, url, seller.api.token, *arguments)

        async def refused(*changed: str) -> Said:
            file.write_text("\n".join(changed) + "\n", "utf-8")
            return await said("import", str(file))

        file.write_text("\n".join(lines) + "\n", "utf-8")
        would = "30 products would be changed, 0 cleared, 0 as they are already.\n"
        assert await said("import", str(file), "--dry-run") == (would, 0, "")
        assert await said("import", str(file)) == ("30 products changed, 0 cleared, 0 as they are already.\n", 0, "")
        assert await said("export", str(out)) == (f"30 products written to {out}.\n", 0, "")
        assert await said("import", str(out)) == ("0 products changed, 0 cleared, 30 as they are already.\n", 0, "")
        late = await refused(lines[0], f"{ids[0]};Early", *lines[2:], f"{ids[0]};Late")
        short = await refused(lines[0], f"{ids[0]};Early", *lines[2:24], ids[23], *lines[25:])
        await said("export", str(out))
    assert late == (
        "line 32, product_id: The lines of a product must follow one another.\n", 1, "Nothing was applied.",
    )  # fmt: skip
    cut_off = "The line has 1 cells, the header 2. Write empty cells too: what is cut off would be forgotten."
    assert short == (f"line 25, the line: {cut_off}\n", 1, "Nothing was applied.")
    assert out.read_bytes().startswith("\ufeffproduct_id,".encode())
    rows = csv.DictReader(out.read_text("utf-8-sig").splitlines())
    assert [f"{row['product_id']};{row['title']}" for row in rows] == lines[1:]


async def test_an_unnamed_api_is_that_of_leafmark_up_whatever_the_folder(
    seller: Seller, app: ASGIApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert up.DEV_FILE == ROOT / ".leafmark" / "dev.json"
    known, out = tmp_path / "dev.json", tmp_path / "out.csv"
    monkeypatch.setattr(up, "DEV_FILE", known)
    monkeypatch.chdir(tmp_path)
    await seller.add_products(2)
    command = build("products")

    def said() -> Said:
        done = CliRunner().invoke(command, ["products", "export", str(out), "--all"])
        return done.output, done.exit_code, str(done.exception or "")

    assert await anyio.to_thread.run_sync(said) == ("", 1, "Give --url and --token, or start `leafmark up` first.")
    assert not out.exists()
    async with served(app) as url:
        known.write_text(json.dumps({"graphql_url": f"{url}/graphql", "api_token": seller.api.token}), "utf-8")
        assert await anyio.to_thread.run_sync(said) == (f"2 products written to {out}.\n", 0, "")


Answer = dict[str, Any] | int
"""A report's own fields, or the HTTP status of an API that is ill."""


def stand_in(*applying: Answer) -> tuple[Client, list[httpx.Request]]:
    """An API that finds nothing wrong while it looks, and answers so when it is to apply."""
    seen: list[httpx.Request] = []
    answers = iter(applying)

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        asked = json.loads(request.content)["variables"]["input"]
        report = {"applied": False, "changedCount": 1, "clearedCount": 0, "unchangedCount": 0, "faults": []}
        told: Answer = {} if asked["dryRun"] else next(answers)
        if isinstance(told, int):
            return httpx.Response(told, json={"errors": [{"message": "The API is ill."}]})
        return httpx.Response(200, json={"data": {"x": {"report": report | told, "userErrors": []}}})

    return Client(httpx.Client(transport=httpx.MockTransport(answer)), "http://leafmark.test", "t"), seen


def stopped(client: Client, text: str, tell: Callable[[str], None]) -> str:
    with pytest.raises(CannotRun) as problem:
        import_file(client, "shop", text, dry_run=False, tell=tell)
    assert problem.value.status == 1
    return problem.value.sentence


def narrow(amount: int, title: str = "New") -> str:
    return "product_id,title\n" + "".join(f"gid://leafmark/Product/{n},{title}\n" for n in range(amount))


def test_every_part_fits_into_a_request() -> None:
    done = {"applied": True}
    client, seen = stand_in(*[done] * 4)
    said = import_file(client, "shop", narrow(8_000, "日本語のマグカップ" * 15), dry_run=False, tell=pytest.fail)
    assert said == "4 products changed, 0 cleared, 0 as they are already."
    assert [len(one.content) > MAX_BODY * 0.8 for one in seen] == [True, True, True, False] * 2
    assert all(len(one.content) <= MAX_BODY for one in seen)


def test_a_part_that_is_refused_after_all_ends_the_import_and_tells_how_far_it_came() -> None:
    told: list[str] = []
    fault = {"row": 3, "column": "title", "message": "Too long."}
    client, seen = stand_in({"applied": True}, {"faults": [fault]}, {"applied": True})
    assert stopped(client, narrow(12_000), told.append) == (
        "A part of the file was refused that was faultless before. "
        "Lines 2 to 5001 are applied: 1 products changed, 0 cleared, 0 as they are already. "
        "From line 5002 on, import the file again: what is done stays."
    )
    assert told == ["line 5003, title: Too long."]
    assert len(seen) == 3 + 2


def test_an_api_that_breaks_between_parts_is_no_secret() -> None:
    client, _ = stand_in({"applied": True}, 503)
    assert stopped(client, narrow(6_000), pytest.fail) == (
        "The API refused a question: The API is ill. "
        "Lines 2 to 5001 are applied: 1 products changed, 0 cleared, 0 as they are already. "
        "From line 5002 on, import the file again: what is done stays."
    )
    client, _ = stand_in(503)
    assert stopped(client, narrow(3), pytest.fail) == (
        "The API refused a question: The API is ill. "
        "At most lines 2 to 4 are applied. Import the file again: what is done stays."
    )


def test_a_file_that_cannot_be_cut_is_not_sent() -> None:
    client, seen = stand_in()
    with pytest.raises(CannotRun) as problem:
        import_file(client, "shop", 'product_id,title\na,b\nc,"open\n', dry_run=True, tell=pytest.fail)
    assert (problem.value.status, problem.value.sentence[:32]) == (2, "line 3, the line: A quote that is"[:32])
    assert seen == []


async def test_a_caller_without_points_is_waited_for(
    seller: Seller, app: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a long export is: the question is asked again when its points are back."""
    waits: list[float] = []
    monkeypatch.setattr("cli.client.sleep", waits.append)
    monkeypatch.setattr(Buckets, "spend", lambda *_: bool(waits))
    monkeypatch.setattr(Buckets, "give_back", lambda *_: ThrottleStatus(0))
    async with served(app) as url:
        with httpx.Client() as http:
            client = Client(http, f"{url}/graphql", seller.api.token)
            asked = "{ products(first: 250) { nodes { id } } }"
            found = await anyio.to_thread.run_sync(client.ask, asked)
    assert found == {"products": {"nodes": []}}
    assert waits == [0.251]
