"""The built-in trees keep the platform's rules and hold every oddity on purpose; big trees load from a file."""

import gzip
from pathlib import Path

import pytest

from sandbox.catalogue.attributes import attributes_of
from sandbox.catalogue.brands import brands
from sandbox.catalogue.categories import CategoryFileError, load_trees
from sandbox.catalogue.rules import rules_of
from sandbox.catalogue.tree import ROOT, Permission, Tree

TREES = load_trees()
SHARED_NAMES = {
    "Beauty & Personal Care",
    "Home Supplies",
    "Pet Grooming",
    "Romance",
    "Coffee Makers",  # a leaf in v1, a branch in v2
    "Board Games",  # in v1 the same id means MP3 players
}
MARKETS = ("US", "GB", "DE", "ID", "BR", "JP")


@pytest.mark.parametrize("tree", [TREES.v1, TREES.v2], ids=["v1", "v2"])
def test_a_tree_is_whole(tree: Tree) -> None:
    assert len({category.id for category in tree}) == len(tree)
    for category in tree:
        assert category.parent_id == ROOT or category.parent_id in tree
        assert category.is_leaf == (not tree.children(category.id))
        assert [one.id for one in tree.path(category.id)][-1] == category.id
        assert len(tree.path(category.id)) == category.level
        assert 6 <= len(category.id) <= 7


def test_depths() -> None:
    assert max(category.level for category in TREES.v1) == 3
    assert {category.level for category in TREES.v2} == set(range(1, 8))
    assert {category.level for category in TREES.v2.leaves()} == set(range(1, 8))
    assert (len(TREES.v1), len(TREES.v2)) == (531, 682)


def test_only_the_named_ids_stand_in_both_trees() -> None:
    names = {category.name for category in TREES.v2 if category.id in TREES.shared_ids}
    assert names == SHARED_NAMES


def test_every_old_leaf_says_what_it_becomes() -> None:
    new_leaves = {category.id for category in TREES.v2.leaves()}
    assert set(TREES.becomes) == {category.id for category in TREES.v1.leaves()}
    assert all(target in new_leaves for targets in TREES.becomes.values() for target in targets)
    counts = [len(targets) for targets in TREES.becomes.values()]
    assert (sum(count > 1 for count in counts), counts.count(0)) == (35, 6)  # split, vanished
    merged = [target for targets in TREES.becomes.values() for target in targets]
    assert len(merged) > len(set(merged))


def test_a_renamed_leaf() -> None:
    old = next(category for category in TREES.v1 if category.name == "Skillets")
    assert [TREES.v2.path(target)[-1].name for target in TREES.becomes[old.id]] == ["Frying Pans"]


def test_the_same_name_under_different_parents() -> None:
    found = [TREES.v2.path(one.id)[0].name for one in TREES.v2 if one.name == "T-Shirts"]
    assert found == ["Womenswear & Underwear", "Menswear & Underwear"]


def test_odd_names_are_there() -> None:
    names = " ".join(category.name for tree in (TREES.v1, TREES.v2) for category in tree)
    assert all(odd in names for odd in ("&", "/", '"', "'", "é", "ü"))


def test_permissions_by_market() -> None:
    tree = TREES.v2
    alcohol = next(category for category in tree if category.name == "Wine")
    assert tree.permissions(alcohol, "US") == (Permission.PROHIBITED,)
    assert tree.permissions(alcohol, "DE") == (Permission.AVAILABLE,)
    refurbished = next(category for category in tree if category.name == "Refurbished Phones")
    assert tree.permissions(refurbished, "GB") == (Permission.INVITE_ONLY, Permission.NON_MAIN_CATEGORY)


def test_names_in_other_languages_fall_back_to_english() -> None:
    shoes = next(category for category in TREES.v2 if category.name == "Shoes")
    assert [TREES.v2.name(shoes, locale) for locale in ("de-DE", "id", "ja-JP", None)] == [
        "Schuhe",
        "Sepatu",
        "Shoes",
        "Shoes",
    ]


@pytest.mark.parametrize("market", MARKETS)
def test_every_leaf_has_attributes_and_rules(market: str) -> None:
    for version in ("v1", "v2"):
        for leaf in TREES.tree(version).leaves():
            attributes = attributes_of(leaf, market, version)
            assert attributes, leaf
            assert len({one.id for one in attributes}) == len(attributes)
            for one in attributes:
                assert not (one.is_required and one.conditions)
            wire = rules_of(leaf, market).wire()
            assert isinstance(wire["package_dimension"], dict)
            assert "package_dimension" not in rules_of(leaf, market, cross_border=True).wire()


def test_conditions_name_attributes_of_the_same_leaf() -> None:
    for leaf in TREES.v2.leaves():
        attributes = attributes_of(leaf, "US")
        known = {(one.id, value.id) for one in attributes for value in one.values}
        for one in attributes:
            assert all((condition.attribute_id, condition.value_id) in known for condition in one.conditions), (
                leaf,
                one,
            )


def test_the_hazmat_cascade_in_the_platforms_spelling() -> None:
    leaf = next(category for category in TREES.v2 if category.name == "Smartwatches")
    wires = {str(one.id): one.wire() for one in attributes_of(leaf, "US")}
    assert wires["101610"]["is_requried"] is True
    assert wires["100216"]["requirement_conditions"] == [
        {"condition_type": "VALUE_ID_MATCH", "attribute_id": "101610", "attribute_value_id": "1024358"},
        {"condition_type": "VALUE_ID_MATCH", "attribute_id": "101610", "attribute_value_id": "1024359"},
    ]
    assert wires["101624"]["value_data_format"] == "POSITIVE_INT_OR_DECIMAL"
    assert "101610" not in {one.id for one in attributes_of(leaf, "DE")}


def test_brands() -> None:
    found = brands()
    assert (len(found), len({one.id for one in found})) == (64, 64)
    assert {(one.is_t1, one.is_authorized) for one in found} == {(a, b) for a in (True, False) for b in (True, False)}
    assert {one.authorized_status for one in found} == {"AUTHORIZED", "UNAUTHORIEZD"}


ROWS = "600001,0,Home\n600002,600001,Décor\n600003,600002,Vases\n600004,600003,Tall\n700001,0,Pets\n"


@pytest.mark.parametrize("header", ["", "id,parent_id,name\n"])
@pytest.mark.parametrize("zipped", [False, True])
def test_a_tree_from_a_file(tmp_path: Path, header: str, zipped: bool) -> None:
    path = tmp_path / "tree.csv"
    raw = (header + ROWS).encode()
    path.write_bytes(gzip.compress(raw) if zipped else raw)
    trees = load_trees(path)
    assert [category.id for category in trees.v2] == ["600001", "600002", "600003", "600004", "700001"]
    assert [category.id for category in trees.v1.leaves()] == ["600003", "700001"]
    assert trees.becomes == {"600003": ("600004",), "700001": ("700001",)}
    assert trees.v2.leaves()[1].family == "pet"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("600001,0,Home\n600001,0,Again\n", "line 2: id 600001 stands on line 1 too"),
        ("600001,600009,Home\n", "line 1: parent 600009 of 600001 is not in the file"),
        ("x,0,Home\n", "line 1: the id 'x' is not a positive whole number"),
        ("600001,0,\n", "line 1: category 600001 has no name"),
        ("600001,600002,A\n600002,600001,B\n", "line 1: category 600001 is its own ancestor"),
        ("600001\n", "line 1: expected id, parent_id and name, found 1 cells"),
        ("id,name\n1,A\n", "line 1: the header lacks parent_id"),
        ("\n", "holds no categories"),
        ("\n".join(f"{n + 1},{n},Level {n}" for n in range(8)), "line 8: category 8 is deeper than 7 levels"),
    ],
)
def test_a_bad_tree_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(CategoryFileError, match=said):
        load_trees(path)


def test_a_missing_tree_file(tmp_path: Path) -> None:
    with pytest.raises(CategoryFileError, match="Cannot read the category file"):
        load_trees(tmp_path / "nowhere.csv")
