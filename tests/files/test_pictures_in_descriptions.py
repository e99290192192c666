"""Pictures in descriptions: from the web and from a seller's own files, at TikTok once whoever shares them."""

from html import escape

from sandbox.shopify.changes import change_product
from server.domain.files import StoredFileRef
from server.store import images
from tests.files.seller import Seller, picture, row_of
from tests.listing.stall import a_product, codes


async def test_two_products_share_the_pictures_of_their_descriptions(seller: Seller) -> None:
    stall = seller.stall
    one, two = await stall.imported(a_product("Beeswax Candle in Ivory"), a_product("Soy Candle in Sand"))
    async with stall.deps.database.read() as session:
        shown = await images.of_products(session, shop_id=stall.shop.id, product_ids=[one.id], tiktok_shop_id=None)
    from_web = shown[one.id][0].local.url
    own = StoredFileRef(row_of(await seller.stored(picture(700, 650)))).address
    strangers = "leafmark-file:00000000-0000-0000-0000-000000000001"
    text = f'<p>Look</p><img src="{escape(from_web)}"><img src="{own}">'
    change_product(stall.world, one.remote_id, {"html": text})
    change_product(stall.world, two.remote_id, {"html": f'{text}<img src="{strangers}"><img src="{own}">'})
    await stall.imported()
    task = await stall.played(await stall.activated(await stall.template()))
    assert [(item.state, codes(item)) for item in await stall.items(task)] == [
        ("SUCCEEDED", []),
        ("SUCCEEDED", ["DESCRIPTION_IMAGE_LEFT_OUT"]),
    ]
    described = [image for image in stall.world.tiktok.images.values() if image.use_case == "DESCRIPTION_IMAGE"]
    assert sorted((image.width, image.height) for image in described) == [(600, 600), (700, 650)]
    tags = {
        image.width: f'<img src="{escape(image.url)}" width="{image.width}" height="{image.height}">'
        for image in described
    }
    made = {product.base.title: product.base.description for product in stall.world.tiktok.products.values()}
    assert made == {
        "Beeswax Candle in Ivory": f"<p>Look</p>{tags[600]}{tags[700]}",
        "Soy Candle in Sand": f"<p>Look</p>{tags[600]}{tags[700]}{tags[700]}",
    }
