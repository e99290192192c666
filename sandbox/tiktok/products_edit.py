"""Edit Product (full replace) and Partial Edit Product (by top-level property), fact sheet 3.11."""

from dataclasses import replace

from sandbox.tiktok.call import Call
from sandbox.tiktok.content import Content
from sandbox.tiktok.editing import CLOSED, edit
from sandbox.tiktok.fields import Fields
from sandbox.tiktok.leaves import read_version
from sandbox.tiktok.listing import Author
from sandbox.tiktok.operation import WRITE, Body, Operation
from sandbox.tiktok.product import OPEN_API, Product
from sandbox.tiktok.products_create import reads_draft, sku_ids
from sandbox.tiktok.products_get import find_product
from sandbox.tiktok.reading import FULL, read_changes, read_content
from sandbox.tiktok.replicas import check_synced


def edit_product(call: Call) -> object:
    """Everything not sent is blanked, except prices and stock of SKUs that stay."""
    as_draft = reads_draft(call)
    version = read_version(call.body.text("category_version"))
    content = read_content(call.body, FULL, version)
    replicas = call.body.children("replicated_products")
    _know_replicas(replicas)
    product = find_product(call, refuse=CLOSED)
    content = replace(content, is_not_for_sale=product.base.is_not_for_sale)
    check_synced(call.state, product, content, replicas)
    return _edited(call, product, content, as_draft=as_draft)


def partial_edit(call: Call) -> object:
    """What is sent replaces the whole property; `category_id` is not known here and changes nothing."""
    as_draft = reads_draft(call)
    call.body.value("category_version")
    _know_replicas(call.body.children("replicated_products"))
    read_changes(call.body, Content())  # before any refusal, so that unknown fields are told apart
    product = find_product(call, refuse=CLOSED)
    content = read_changes(call.body, product.newest)
    found = _edited(call, product, content, as_draft=as_draft)
    del found["warnings"]  # documented for the full edit only
    return found


def _edited(call: Call, product: Product, content: Content, *, as_draft: bool) -> dict[str, object]:
    warnings = edit(call.world, product, content, Author(OPEN_API, call.app.key), as_draft=as_draft)
    kept = product.draft if as_draft and product.draft else product.newest
    return {
        "product_id": product.id,
        "skus": [sku_ids(sku) for sku in kept.skus],
        "warnings": [{"message": message} for message in warnings],
        "audit": {"status": "NONE" if as_draft else product.audit.value},
    }


def _know_replicas(found: list[Fields] | None) -> None:
    for one in found or ():
        one.value("region")
        for sku in one.children("skus") or ():
            for name in ("source_sku_id", "price", "inventory"):
                sku.value(name)


EDITS = "full replace with prices and stock kept, SKUs deleted and created, live version kept during the audit, drafts"
PARTIALS = "replace by top-level property; category_id is ignored and reported as unknown"
OPERATIONS = tuple(
    operation
    for suffix, version in (("", "202509"), (" (202309)", "202309"))
    for operation in (
        Operation(
            f"Edit Product{suffix}",
            "PUT",
            f"/product/{version}/products/{{product_id}}",
            WRITE,
            edit_product,
            imitates=EDITS,
            leaves_out="subscription details are taken and kept, not applied",
            body=Body.JSON,
        ),
        Operation(
            f"Partial Edit Product{suffix}",
            "POST",
            f"/product/{version}/products/{{product_id}}/partial_edit",
            WRITE,
            partial_edit,
            imitates=PARTIALS,
            leaves_out="subscription details are taken and kept, not applied",
            body=Body.JSON,
        ),
    )
)
