"""A template that names a seller's files: every product gets TikTok's ids for them, each file goes up once."""

from typing import Any

import pytest

from sandbox.catalogue.attributes import attributes_of
from sandbox.catalogue.rules import Certification, rules_of
from sandbox.catalogue.tree import Category, Permission
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.drafts import PictureNeed, PictureUse
from server.domain.files import StoredFileRef
from server.domain.template_blocks import BlockKind
from server.services import files
from server.services.templates import blocks
from server.services.templates.blocks import BlockDraft
from server.services.templates.drafts import TemplateInvalid
from server.tables import CategoryTemplate, TemplateBlock
from tests.files.seller import PDF, Seller, picture, row_of
from tests.listing.stall import CONTENT, Stall, a_product, codes
from tests.shops.platforms import count


async def test_two_products_share_a_chart_and_a_certificate(seller: Seller) -> None:
    stall = seller.stall
    leaf, demand = clothes(stall)
    chart, paper, proof, content = await papers(seller, leaf, demand)
    products = a_product("Cotton Romper"), a_product("Linen Romper")
    task = await stall.listed(*products, category=ref(leaf), content=content)
    assert [(item.state, codes(item)) for item in await stall.items(task)] == [("SUCCEEDED", [])] * 2
    pictures = {image.use_case: image.uri for image in stall.world.tiktok.images.values()}
    (document,) = stall.world.tiktok.files.values()
    assert sorted(image.use_case for image in stall.world.tiktok.images.values()) == [
        "CERTIFICATION_IMAGE",
        "MAIN_IMAGE",
        "MAIN_IMAGE",
        "SIZE_CHART_IMAGE",
    ]
    assert (stall.calls("Upload Product Image"), stall.calls("Upload Product File")) == (4, 1)
    for product in stall.world.tiktok.products.values():
        assert product.base.size_chart is not None
        assert product.base.size_chart.image_uri == pictures["SIZE_CHART_IMAGE"]
        (given,) = product.base.certifications
        assert given.images == (pictures["CERTIFICATION_IMAGE"],)
        assert [(one.id, one.name) for one in given.files] == [(document.id, "cpc.pdf")]
    uses = {chart: "SIZE_CHART_IMAGE", paper: "CERTIFICATION_FILE", proof: "CERTIFICATION_IMAGE"}
    for file_id, use_case in uses.items():
        assert [copy["useCase"] for copy in (await seller.file(file_id))["tiktokCopies"]] == [use_case]


async def test_a_deleted_chart_lists_nothing(seller: Seller) -> None:
    stall = seller.stall
    leaf, demand = clothes(stall)
    chart, _, _, content = await papers(seller, leaf, demand)
    await stall.imported(a_product("Cotton Romper"))
    template = await stall.template(category=ref(leaf), content=content)
    async with stall.deps.database.write() as session:
        await files.delete(session, shop_id=stall.shop.id, file_id=row_of(chart), now=stall.deps.clock())
    task = await stall.played(await stall.activated(template))
    (item,) = await stall.items(task)
    assert (item.state, codes(item)) == ("FAILED", ["FILE_GONE"])
    assert [problem["path"] for problem in item.problems] == [["size_chart"]]
    assert stall.world.tiktok.products == {}


async def test_a_template_names_only_files_of_its_shop_and_of_the_right_kind(seller: Seller) -> None:
    chart, paper = await seller.stored(picture()), await seller.stored(PDF, **A_PAPER)
    strangers = "00000000-0000-0000-0000-000000000001"
    content = {
        "size_chart": {"file_id": str(row_of(paper))},
        "certifications": [
            {"id": "1", "files": [{"name": "a.pdf", "file_id": strangers}]},
            {"id": "2", "image_file_ids": [str(row_of(chart)), str(row_of(paper))]},
        ],
    }
    with pytest.raises(TemplateInvalid) as refused:
        await seller.stall.template(content=content)
    assert [fault.field[2:] for fault in refused.value.faults] == [
        ("size_chart", "file_id"),
        ("certifications", "0", "files", "0", "file_id"),
        ("certifications", "1", "image_file_ids", "1"),
    ]
    assert await count(seller.stall.deps, CategoryTemplate) == [0]
    draft = BlockDraft(BlockKind.SIZE_CHART, "Sizes", {"size_chart": {"file_id": strangers}})
    with pytest.raises(TemplateInvalid):
        async with seller.stall.deps.database.write() as session:
            await blocks.create(session, **seller.stall.where, draft=draft, now=seller.stall.deps.clock())
    assert await count(seller.stall.deps, TemplateBlock) == [0]


async def test_what_is_at_tiktok_already_is_known_without_a_call(seller: Seller) -> None:
    chart, paper = await seller.stored(picture()), await seller.stored(PDF, **A_PAPER)
    needs = [
        PictureNeed(StoredFileRef(row_of(chart)).address, PictureUse.SIZE_CHART_IMAGE),
        PictureNeed(StoredFileRef(row_of(paper)).address, PictureUse.CERTIFICATION_FILE),
    ]
    uploads, stall = seller.uploads(), seller.stall
    assert await uploads.known(needs) == {}
    assert (stall.calls("Upload Product Image"), stall.calls("Upload Product File")) == (0, 0)
    placed = await uploads.shelve(needs)
    assert placed.keys() == {*needs}
    assert await uploads.known(needs) == placed
    assert (stall.calls("Upload Product Image"), stall.calls("Upload Product File")) == (1, 1)


A_PAPER = {"name": "cpc.pdf", "kind": "application/pdf", "purpose": "CERTIFICATION_FILE"}


def ref(leaf: Category) -> CategoryRef:
    return CategoryRef(leaf.id, CategoryVersion.V2)


def clothes(stall: Stall) -> tuple[Category, Certification]:
    """A leaf that demands a size chart and knows a certificate, open to the shop."""
    tree = stall.world.tiktok.trees.v2
    for leaf in tree.leaves():
        rules = rules_of(leaf, "US", cross_border=False)
        is_open = tree.permissions(leaf, "US") == (Permission.AVAILABLE,)
        if is_open and rules.size_chart_required and rules.certifications:
            return leaf, rules.certifications[0]
    raise AssertionError("the sandbox has no such leaf")


async def papers(seller: Seller, leaf: Category, demand: Certification) -> tuple[str, str, str, dict[str, Any]]:
    """A chart, a certificate as PDF and as picture, and the content of a template that names them."""
    chart = await seller.stored(picture())
    paper = await seller.stored(PDF, **A_PAPER)
    proof = await seller.stored(picture(300, 300), name="proof.png", purpose="CERTIFICATION_IMAGE")
    expiry = seller.stall.world.clock.unix() + 86_400 if demand.expires else None
    certification = {
        "id": demand.id,
        "files": [{"name": "cpc.pdf", "file_id": str(row_of(paper))}],
        "image_file_ids": [str(row_of(proof))],
        "expires_at": expiry,
    }
    attributes = [
        {"id": one.id, "values": [{"id": one.values[0].id}]}
        for one in attributes_of(leaf, "US", "v2")
        if one.is_required and one.type == "PRODUCT_PROPERTY" and one.values
    ]
    content = {"size_chart": {"file_id": str(row_of(chart))}, "certifications": [certification]}
    return chart, paper, proof, CONTENT | content | {"attributes": attributes}
