"""Makes sellers with their shops and warehouses: at the start, and when a script wants another."""

from base64 import b64encode
from collections.abc import Sequence

from sandbox.tiktok.identifiers import Identifiers
from sandbox.tiktok.sellers import Seller, SellerType, Shop, Warehouse

# Where a cross-border seller of the sandbox sells, beside the market asked for.
CROSS_BORDER_REGIONS = ("US", "GB", "DE", "JP", "SG")


def found_seller(
    ids: Identifiers, region: str, seller_type: SellerType, regions: Sequence[str] = ()
) -> tuple[Seller, list[Shop]]:
    """A seller; LOCAL with one shop in `region`, CROSS_BORDER with one shop in each of the regions."""
    open_id = ids.token("open_id", 43)
    number = ids.count("seller")
    seller = Seller(open_id, f"Leafmark Seller {number}", region, seller_type)
    if seller_type is SellerType.CROSS_BORDER:
        regions = list(dict.fromkeys((region, *(regions or CROSS_BORDER_REGIONS))))
    else:
        regions = [region]
    shops = [found_shop(ids, seller, one) for one in regions]
    seller.shop_ids = [shop.id for shop in shops]
    return seller, shops


def found_shop(ids: Identifiers, seller: Seller, region: str) -> Shop:
    """A shop with a sales and a return warehouse."""
    prefix = "GCP_" if region == "US" else "ROW_"
    number = ids.count("shop_number")
    return Shop(
        id=ids.decimal("shop"),
        open_id=seller.open_id,
        name=f"{seller.name} {region}",
        region=region,
        cipher=prefix + b64encode(bytes.fromhex(ids.token("cipher", 48))).decode(),
        code=f"{region}LM{number:06d}",
        seller_type=seller.seller_type,
        warehouses=_warehouses(ids, region, seller.seller_type),
    )


def _warehouses(ids: Identifiers, region: str, seller_type: SellerType) -> list[Warehouse]:
    local = seller_type is SellerType.LOCAL
    sub_type = "DOMESTIC_WAREHOUSE" if local else "CB_DIRECT_SHIPPING_WAREHOUSE"
    return [
        Warehouse(ids.decimal("warehouse"), ids.decimal("entity"), name, kind, sub_type, region)
        for name, kind in (("Main warehouse", "SALES_WAREHOUSE"), ("Returns", "RETURN_WAREHOUSE"))
    ]
