"""Pictures: fetched once, converted where needed, uploaded once per TikTok shop, use and content (K2-K4, I1-I4)."""

from server.services.images.gallery import Gallery, Result
from server.services.images.reading import of_products
from server.store.images import ShownImage

__all__ = ["Gallery", "Result", "ShownImage", "of_products"]
