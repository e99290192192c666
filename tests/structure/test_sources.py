"""Whatever section of a fact sheet is cited, docs/sources.md tells which public documents it was made of."""

import re

from tests.structure.source import ROOT, modules, name_of

CITED = re.compile(r"(?:(TikTok|Shopify)\s+)?fact\s+sheet\s+(?:section\s+)?(\d+(?:\.\d+)?)")
ROW = re.compile(r"^\| ([\d., -]+) \|", re.MULTILINE)
NOT_HERE = re.compile(r"\bseed ids?\b|\b(?:performance|stack) notes\b|\bmission [A-Z]?\d", re.IGNORECASE)
"""Papers that readers of the repository do not have."""


def told() -> dict[str, set[str]]:
    """Of each platform the sections, and spans of sections, that have a row."""
    pages = re.split(r"^## ", (ROOT / "docs" / "sources.md").read_text("utf-8"), flags=re.MULTILINE)
    named = {page.split(" ", 1)[0]: page for page in pages}
    return {platform: set(_sections(named[platform])) for platform in ("TikTok", "Shopify")}


def _sections(page: str) -> list[str]:
    found: list[str] = []
    for cell in ROW.findall(page):
        for part in cell.split(", "):
            first, _, last = part.partition("-")
            found.append(first)
            if last:
                chapter, low = first.split(".")
                found += [f"{chapter}.{n}" for n in range(int(low), int(last.split(".")[1]) + 1)]
    return found


def texts() -> dict[str, str]:
    """Every module and page by its name."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "frontend-contract").glob("*.md")]
    return {name_of(path): path.read_text("utf-8") for path in (*modules(), *pages)}


def test_every_cited_section_has_its_public_documents() -> None:
    here = told()
    cited = [
        (name, platform or ("Shopify" if "shopify" in name else "TikTok"), section)
        for name, text in texts().items()
        for platform, section in CITED.findall(text)
    ]
    assert len(cited) > 100
    assert [one for one in cited if not {one[2], one[2].split(".")[0]} & here[one[1]]] == []


def test_nothing_cites_papers_that_are_not_here() -> None:
    mine = "tests/structure/test_sources.py"
    assert [name for name, text in texts().items() if name != mine and NOT_HERE.search(text)] == []
