"""A file of products' own settings, sent to the API in parts: all are looked at, then one after another is applied."""

from collections.abc import Callable, Iterator, Sequence

from cli.client import Client, Json
from cli.problems import CannotRun
from server.domain.override_csv import CsvFault, NoCsv, Part, parts_of

PART_BYTES = 900_000
"""Of a file in one request: the API takes 1 MiB, and the question around it is small."""

_IMPORT = """
mutation Import($input: ProductOverridesImportInput!) {
  productOverridesImport(input: $input) {
    report { applied changedCount clearedCount unchangedCount faults { row column message } }
    userErrors { code field message }
  }
}
"""


def import_file(client: Client, shop: str, text: str, *, dry_run: bool, tell: Callable[[str], None]) -> str:
    """What was done, as a sentence. ``tell`` hears each fault. Raises CannotRun, which says what is applied already."""
    parts = _checked(text, tell)
    looked = [_sent(client, shop, part, dry_run=True) for part in parts]
    faults = [told for part, report in zip(parts, looked, strict=True) for told in _faults(part, report)]
    for sentence in faults:
        tell(sentence)
    if faults:
        raise CannotRun("Nothing was applied.", status=1)
    return _summary(looked, "would be changed") if dry_run else _applied(client, shop, parts, tell)


def _checked(text: str, tell: Callable[[str], None]) -> Sequence[Part]:
    try:
        parts, faults = parts_of(text, most_bytes=PART_BYTES)
    except NoCsv as error:
        raise CannotRun(_place(error.fault, error.fault.row), status=2) from None
    for fault in faults:
        tell(_place(fault, fault.row))
    if faults:
        raise CannotRun("Nothing was applied.", status=1)
    return parts


def _applied(client: Client, shop: str, parts: Sequence[Part], tell: Callable[[str], None]) -> str:
    done: list[Json] = []
    for at, part in enumerate(parts):
        try:
            done.append(_done(client, shop, part, tell))
        except CannotRun as problem:
            raise CannotRun(f"{problem.sentence} {_standing(parts[:at], part, done)}", status=1) from None
    return _summary(done, "changed")


def _done(client: Client, shop: str, part: Part, tell: Callable[[str], None]) -> Json:
    """What an applied part did. The shop may have changed since all was looked at: then it is refused after all."""
    report = _sent(client, shop, part, dry_run=False)
    for sentence in _faults(part, report):
        tell(sentence)
    if not report["applied"]:
        raise CannotRun("A part of the file was refused that was faultless before.", status=1)
    return report


def _standing(before: Sequence[Part], broken: Part, done: Sequence[Json]) -> str:
    """How far it came. Whether the broken part was applied nobody heard, but a second import finds it done."""
    if not before:
        return f"At most lines {broken.first} to {broken.last} are applied. Import the file again: what is done stays."
    return (
        f"Lines {before[0].first} to {before[-1].last} are applied: {_summary(done, 'changed')} "
        f"From line {broken.first} on, import the file again: what is done stays."
    )


def _sent(client: Client, shop: str, part: Part, *, dry_run: bool) -> Json:
    asked = {"tiktokShopId": shop, "csv": part.text, "dryRun": dry_run}
    report: Json = client.do(_IMPORT, input=asked)["report"]
    return report


def _faults(part: Part, report: Json) -> Iterator[str]:
    for one in report["faults"]:
        fault = CsvFault(one["row"], one["column"], one["message"])
        yield _place(fault, part.line_of(fault.row))


def _place(fault: CsvFault, line: int) -> str:
    return f"line {line}, {fault.column or 'the line'}: {fault.message}"


def _summary(done: Sequence[Json], said: str) -> str:
    names = ("changedCount", "clearedCount", "unchangedCount")
    changed, cleared, same = (sum(one[name] for one in done) for name in names)
    return f"{changed} products {said}, {cleared} cleared, {same} as they are already."
