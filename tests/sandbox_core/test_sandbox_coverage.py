"""The coverage page and the names of calls agree with what is imitated."""

from sandbox.coverage import PAGE, imitated, not_imitated, page
from sandbox.documented import DOCUMENTED
from sandbox.naming import operation_of
from sandbox.tiktok.operations import OPERATIONS


def test_the_coverage_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m sandbox.coverage"


def test_documented_calls_are_named_once_and_imitated_ones_are_documented() -> None:
    calls = [(method, path) for _, _, method, path in DOCUMENTED]
    assert len(calls) == len(set(calls))
    known = [(one.method, one.path) for one in imitated()]
    assert len(known) == len(set(known))
    assert set(known) <= set(calls)
    assert len(not_imitated()) == len(calls) - len(known)


def test_a_call_is_named_before_any_route_runs() -> None:
    names = {(one.method, one.path): one.name for one in OPERATIONS}
    path = "/product/202309/products/1729592969712207008"
    assert operation_of("GET", path, b"") == names["GET", "/product/202309/products/{product_id}"]
    assert operation_of("POST", "/product/202309/products", b"") == names["POST", "/product/202309/products"]
    assert operation_of("GET", "/product/202309/nothing", b"") == ""
    admin = "/shopify/a.myshopify.com/admin/api/2026-10/graphql.json"
    assert operation_of("POST", admin, b'{"query":"query Products($n: Int!) { shop { id } }"}') == "Products"
    assert operation_of("POST", admin, b'{"operationName":"B","query":"query A {x} query B {y}"}') == "B"
    assert operation_of("POST", admin, b'{"query":"{ shop { id } }"}') == ""
