"""Templates held against the leaf they name, before they are saved."""

from server.domain.layers import Layer
from server.domain.leaf_checks import check_against_leaf
from server.domain.template_content import AttributeChoice, ValueChoice
from tests.domain.drafting import content
from tests.domain.test_value_sources import CASUAL, CLOTHES, from_metafield


def test_a_template_is_held_against_its_leaf_before_it_is_saved() -> None:
    wanted = content(
        attributes=(
            from_metafield(),
            AttributeChoice("9", (ValueChoice(None, "casul"),)),
            AttributeChoice("99", (ValueChoice("1"),)),
        )
    )
    check = check_against_leaf(wanted, CLOTHES)
    assert [(path, "Did you mean “Casual”?" in text) for path, text in check.faults] == [
        (("attributes", "1", "values"), True)
    ]
    assert [(one.code, one.path) for one in check.warnings] == [("ATTRIBUTE_UNKNOWN", ("attributes", "2"))]
    good = check_against_leaf(content(attributes=(AttributeChoice("9", (ValueChoice(None, "CASUAL"),)),)), CLOTHES)
    assert (good.faults, good.content.attributes[0].values) == ([], (ValueChoice("90", "Casual"),))
    bare = check_against_leaf(content(), CLOTHES)
    assert [(one.code, one.path) for one in bare.warnings] == [("ATTRIBUTE_REQUIRED", ("attributes", "9"))]
    below = [(Layer.SHOP_DEFAULTS, content(attributes=(CASUAL,)))]
    assert check_against_leaf(content(), CLOTHES, below=below).warnings == ()
