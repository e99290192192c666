"""Every document we send is valid, by Shopify's whole schema where its npm package is installed, else by an excerpt."""

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from graphql import DocumentNode, GraphQLSchema, Visitor, build_client_schema, build_schema, parse, validate, visit
from graphql.language import FieldNode

from server.clients import shopify_documents
from server.clients.shopify_documents import BULK_PRODUCTS, DOCUMENTS, Document

VERSION = "2026-10"
PACKAGE = Path("node_modules/@shopify/dev-mcp/dist/data")


def _package() -> Path | None:
    """The schema file of ``@shopify/dev-mcp``, in the folder ``SHOPIFY_DEV_MCP`` names or in ``node_modules``."""
    named = os.environ.get("SHOPIFY_DEV_MCP")
    folder = Path(named) / "dist/data" if named else Path(__file__).parents[2] / PACKAGE
    file = folder / f"admin_{VERSION}.json.gz"
    return file if file.is_file() else None


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    whole = _package()
    if whole is not None:
        return build_client_schema(orjson.loads(gzip.decompress(whole.read_bytes()))["data"], assume_valid=True)
    return build_schema((Path(__file__).parent / "admin_excerpt.graphql").read_text())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_each_document_is_valid(schema: GraphQLSchema, document: Document) -> None:
    assert [error.message for error in validate(schema, parse(document.text))] == []


def test_the_validation_sees_mistakes(schema: GraphQLSchema) -> None:
    errors = validate(schema, parse("{ shop { nam } products(first: true) { nodes { id } } }"))
    assert len(errors) == 2


def test_the_list_is_complete() -> None:
    made = {entry.name for entry in vars(shopify_documents).values() if isinstance(entry, Document)}
    assert made == {document.name for document in DOCUMENTS}


def test_only_mutations_count_as_writes() -> None:
    for document in DOCUMENTS:
        assert document.writes == document.text.startswith("mutation")


class _Connections(Visitor):
    """Counts connections (fields with ``edges``) and how deep they nest."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.depth = 0
        self.deepest = 0

    def enter_field(self, node: FieldNode, *_: object) -> None:
        if _is_connection(node):
            self.count += 1
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def leave_field(self, node: FieldNode, *_: object) -> None:
        if _is_connection(node):
            self.depth -= 1


def _is_connection(node: FieldNode) -> bool:
    return "edges" in set(_children(node))


def _children(node: FieldNode) -> Iterator[str]:
    for selection in node.selection_set.selections if node.selection_set else ():
        if isinstance(selection, FieldNode):
            yield selection.name.value


def test_the_export_keeps_the_rules_of_bulk_operations() -> None:
    """At most five connections, two deep, ``id`` at every level (Shopify fact sheet 3.6)."""
    document: DocumentNode = parse(BULK_PRODUCTS.text)
    found = _Connections()
    visit(document, found)
    assert (found.count, found.deepest) == (5, 2)
    assert BULK_PRODUCTS.text.count("node {") == 5
