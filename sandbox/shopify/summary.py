"""What the control API shows of this platform: credentials and products."""

from itertools import islice

from sandbox.actions import Answer
from sandbox.shopify.objects import Product, iso
from sandbox.world import World


def credentials(world: World) -> Answer:
    """Everything a client needs to call this platform here; tokens come by token exchange or the action `token`."""
    config = world.config
    return {
        "client_id": config.shopify_client_id,
        "client_secret": config.shopify_client_secret,
        "shop": config.shopify_shop,
        "shops": [
            {
                "domain": shop.domain,
                "admin_path": f"/shopify/{shop.domain}/admin",
                "installed": shop.installed,
                "standing": shop.standing,
                "scopes": shop.scopes,
                "products": shop.store.count(),
            }
            for shop in world.shopify.shops.values()
        ],
        "csv_errors": [str(error) for error in world.shopify.errors],
    }


def products(world: World, limit: int) -> list[Answer]:
    """The products changed last, of every shop, in short form."""
    found: list[tuple[float, str, Product]] = []
    for domain, shop in world.shopify.shops.items():
        newest = islice(reversed(shop.store.order("UPDATED_AT")), limit)
        found += [(one.updated, domain, one) for index in newest if (one := shop.store.get(index)) is not None]
    found.sort(key=lambda row: (-row[0], row[1], row[2].index))
    return [_short(domain, product) for _, domain, product in found[:limit]]


def _short(domain: str, product: Product) -> Answer:
    return {
        "shop": domain,
        "id": product.gid,
        "handle": product.handle,
        "title": product.title,
        "status": product.data.status,
        "variants": len(product.data.variants),
        "images": len(product.data.images),
        "updated_at": iso(product.updated),
    }
