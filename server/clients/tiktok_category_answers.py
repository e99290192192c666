"""What TikTok Shop answers about categories: tree, rules, attributes, brands, advice (TikTok fact sheet 3.6-3.9)."""

from pydantic import AliasChoices, Field

from server.clients.tiktok_wire import Flag, Many, Text, Wire, Words
from server.domain.categories import CategoryRef


class CategoryNode(Wire):
    """One node of the flat tree; ``parent_id`` is ``"0"`` at the roots."""

    id: str
    parent_id: Text = "0"
    local_name: Text = ""
    is_leaf: Flag = False
    permission_statuses: Words = ()


class Tree(Wire):
    """All nodes, flat."""

    categories: Many[CategoryNode] = ()


class Condition(Wire):
    """Met when ``attribute_id`` has value ``attribute_value_id``; any met one suffices."""

    condition_type: Text = ""
    attribute_id: Text = ""
    attribute_value_id: Text = ""


class _Required(Wire):
    is_required: Flag = False


class SizeChartRule(Wire):
    """Whether a size chart is taken, and whether it is needed."""

    is_supported: Flag = False
    is_required: Flag = False


class _Supported(Wire):
    is_supported: Flag = False


class CertificationRule(Wire):
    """Evidence the category may ask for; required, or required when a condition is met."""

    id: str
    name: Text = ""
    is_required: Flag = False
    document_details: Text = ""
    sample_image_url: Text = ""
    requirement_conditions: Many[Condition] = ()
    expiration_date: _Required = _Required()


class FeeRule(Wire):
    """A deposit fee."""

    type: Text = ""
    is_required: Flag = False


class CategoryRules(Wire):
    """Absent rules mean "neither required nor supported", except ``package_dimension``.

    That one is absent for cross-border sellers, who must always send dimensions.
    """

    product_certifications: Many[CertificationRule] = ()
    size_chart: SizeChartRule = SizeChartRule()
    cod: _Supported = _Supported()
    package_dimension: _Required | None = None
    epr: _Required = _Required()
    responsible_person: _Required = _Required()
    manufacturer: _Required = _Required()
    seller_sku: _Required = _Required()
    allowed_special_product_types: Words = ()
    fees: Many[FeeRule] = ()


class AttributeChoice(Wire):
    """One value on offer."""

    id: Text = ""
    name: Text = ""


class CategoryAttribute(Wire):
    """``is_required`` is spelled ``is_requried`` on the wire; both are read."""

    id: str
    name: Text = ""
    type: Text = ""
    is_required: Flag = Field(default=False, validation_alias=AliasChoices("is_requried", "is_required"))
    values: Many[AttributeChoice] = ()
    is_customizable: Flag = False
    is_multiple_selection: Flag = False
    value_data_format: Text = ""
    requirement_conditions: Many[Condition] = ()


class Attributes(Wire):
    """All of a leaf."""

    attributes: Many[CategoryAttribute] = ()


class Brand(Wire):
    """A brand as this shop may use it."""

    id: str
    name: Text = ""
    authorized_status: Text = ""
    is_t1_brand: Flag = False
    brand_status: Text = ""

    @property
    def usable(self) -> bool:
        """Authorized and available, or unauthorized and not T1 (TikTok fact sheet 3.9)."""
        if self.authorized_status == "AUTHORIZED":
            return self.brand_status != "UNAVAILABLE"
        return not self.is_t1_brand


class BrandPage(Wire):
    """One page; an empty token ends the list."""

    brands: Many[Brand] = ()
    total_count: int = 0
    next_page_token: Text = ""


class RecommendedNode(Wire):
    """One step of the recommended chain, level 1 first."""

    id: str
    name: Text = ""
    level: int = 0
    is_leaf: Flag = False
    permission_statuses: Words = ()


class RecommendedChain(Wire):
    """The leaf and its path; no leaf when nothing matched."""

    leaf_category_id: Text = ""
    categories: Many[RecommendedNode] = ()


class Recommendation(Wire):
    """The platform's proposal, with the tree it was asked of."""

    leaf: CategoryRef
    chain: tuple[RecommendedNode, ...]
    request_id: str = ""


class MadeBrand(Wire):
    """The id of a custom brand."""

    id: str
