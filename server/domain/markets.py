"""Where a TikTok shop sells, as the platform names it."""

from enum import StrEnum


class Market(StrEnum):
    """Region codes of authorized shops (TikTok fact sheet 1.4); ``GB`` is the United Kingdom."""

    US = "US"
    GB = "GB"
    DE = "DE"
    ES = "ES"
    FR = "FR"
    IE = "IE"
    IT = "IT"
    JP = "JP"
    BR = "BR"
    MX = "MX"
    ID = "ID"
    MY = "MY"
    PH = "PH"
    SG = "SG"
    TH = "TH"
    VN = "VN"


class SellerType(StrEnum):
    """A local seller has one shop, a cross-border seller one per market (TikTok fact sheet 1.1)."""

    LOCAL = "LOCAL"
    CROSS_BORDER = "CROSS_BORDER"


EU = frozenset({Market.DE, Market.ES, Market.FR, Market.IE, Market.IT})
SEA = frozenset({Market.ID, Market.MY, Market.PH, Market.SG, Market.TH, Market.VN})
