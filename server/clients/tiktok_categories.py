"""``client.categories``: tree, rules, attributes, brands, recommendation (TikTok fact sheet 3.6-3.9)."""

from collections.abc import Sequence

from server.clients.errors import Upstream
from server.clients.retry import Effect
from server.clients.tiktok_access import Access
from server.clients.tiktok_calls import Ask, Operation, TikTokCalls
from server.clients.tiktok_category_answers import (
    Attributes,
    BrandPage,
    CategoryAttribute,
    CategoryNode,
    CategoryRules,
    MadeBrand,
    Recommendation,
    RecommendedChain,
    Tree,
)
from server.clients.tiktok_codes import NO_RECOMMENDATION
from server.domain.categories import CategoryRef, CategoryVersion

TREE = Operation("Get Categories", "GET", "/product/202309/categories")
RULES = Operation("Get Category Rules", "GET", "/product/202309/categories/{id}/rules")
ATTRIBUTES = Operation("Get Attributes", "GET", "/product/202309/categories/{id}/attributes")
BRANDS = Operation("Get Brands", "GET", "/product/202309/brands")
NEW_BRAND = Operation("Create Custom Brands", "POST", "/product/202309/brands", Effect.ONCE, cipher=False)
RECOMMEND = Operation("Recommend Category", "POST", "/product/202309/categories/recommend")


class TikTokCategories:
    """Every call names its tree: a ``CategoryVersion``, or a ``CategoryRef`` that holds one."""

    def __init__(self, calls: TikTokCalls) -> None:
        self._calls = calls

    async def tree(self, access: Access, version: CategoryVersion, *, locale: str = "") -> tuple[CategoryNode, ...]:
        """The whole tree, flat, with this shop's permissions."""
        query = {"category_version": version.value} | _locale(locale)
        answer = await self._calls.send(access, Ask(TREE, query=query))
        return answer.read(Tree).categories

    async def rules(self, access: Access, leaf: CategoryRef, *, locale: str = "") -> CategoryRules:
        """What a product of this leaf must bring beyond its attributes."""
        answer = await self._calls.send(access, Ask(RULES, leaf.id, query=_version(leaf) | _locale(locale)))
        return answer.read(CategoryRules)

    async def attributes(self, access: Access, leaf: CategoryRef, *, locale: str = "") -> tuple[CategoryAttribute, ...]:
        """Product properties and sales properties of a leaf."""
        answer = await self._calls.send(access, Ask(ATTRIBUTES, leaf.id, query=_version(leaf) | _locale(locale)))
        return answer.read(Attributes).attributes

    async def brands(
        self,
        access: Access,
        version: CategoryVersion,
        *,
        category: CategoryRef | None = None,
        starts_with: str = "",
        page_token: str = "",
        page_size: int = 100,
    ) -> BrandPage:
        """One page of brands; a category given must stand in the same tree."""
        if category is not None and category.version is not version:
            raise ValueError(f"category {category.id} is of tree {category.version}, asked was {version}")
        asked = {
            "category_id": category.id if category else "",
            "brand_name": starts_with,
            "page_token": page_token,
            "page_size": str(page_size),
            "category_version": version.value,
        }
        query = {name: value for name, value in asked.items() if value}
        answer = await self._calls.send(access, Ask(BRANDS, query=query))
        return answer.read(BrandPage)

    async def create_brand(self, access: Access, name: str) -> str:
        """A custom brand of 2-30 characters; answers its id."""
        answer = await self._calls.send(access, Ask(NEW_BRAND, body={"name": name}))
        return answer.read(MadeBrand).id

    async def recommend(
        self,
        access: Access,
        version: CategoryVersion,
        *,
        title: str,
        description: str = "",
        image_uris: Sequence[str] = (),
    ) -> Recommendation | None:
        """A leaf for this text and pictures, or nothing: the platform words "no match" as three different errors."""
        try:
            return await self.advise(access, version, title=title, description=description, image_uris=image_uris)
        except Upstream as error:
            if error.platform_code in NO_RECOMMENDATION:
                return None
            raise

    async def advise(
        self,
        access: Access,
        version: CategoryVersion,
        *,
        title: str,
        description: str = "",
        image_uris: Sequence[str] = (),
    ) -> Recommendation | None:
        """The same for callers who keep where advice came from: "no match" flies as ``Upstream``, with code and id."""
        asked: dict[str, object] = {
            "product_title": title,
            "description": description,
            "images": [{"uri": uri} for uri in image_uris],
            "category_version": version.value,
        }
        body = {name: value for name, value in asked.items() if value}
        answer = await self._calls.send(access, Ask(RECOMMEND, body=body))
        found = answer.read(RecommendedChain)
        if not found.leaf_category_id:
            return None
        leaf = CategoryRef(found.leaf_category_id, version)
        return Recommendation(leaf=leaf, chain=found.categories, request_id=answer.request_id)


def _version(category: CategoryRef) -> dict[str, str]:
    return {"category_version": category.version.value}


def _locale(locale: str) -> dict[str, str]:
    return {"locale": locale} if locale else {}
