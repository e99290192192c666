"""N16: nothing in the API names a category by TikTok's id alone, so that the trees cannot be mixed."""

import re

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, get_named_type

from graphql_schema.schema import schema

KINDS = {name: kind for name, kind in schema._schema.type_map.items() if not name.startswith("__")}
SCALARS = {"String", "ID", "Int"}
_NAMES_A_CATEGORY = re.compile(r"(category|leaf|parent)_?ids?$", re.IGNORECASE)
_OF_ANOTHER_PLATFORM = {("SourceCategory", "id"), ("TaxonomyCategory", "id")}


def fields() -> list[tuple[str, str, str]]:
    """Every output field, argument and input field as owner, name and named type."""
    found = []
    for kind in KINDS.values():
        if isinstance(kind, GraphQLInputObjectType):
            found += [(kind.name, name, get_named_type(one.type).name) for name, one in kind.fields.items()]
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                found.append((kind.name, name, get_named_type(field.type).name))
                found += [
                    (f"{kind.name}.{name}", argument, get_named_type(one.type).name)
                    for argument, one in field.args.items()
                ]
    return found


def test_no_field_or_argument_is_a_bare_category_id() -> None:
    bare = [
        (owner, name)
        for owner, name, kind in fields()
        if kind in SCALARS and _NAMES_A_CATEGORY.search(name) and (owner, name) not in _OF_ANOTHER_PLATFORM
    ]
    assert bare == []


def test_types_about_categories_have_an_id_only_beside_its_version() -> None:
    alone = [
        name
        for name, kind in KINDS.items()
        if isinstance(kind, GraphQLObjectType | GraphQLInputObjectType)
        and "Categor" in name
        and "id" in kind.fields
        and "version" not in kind.fields
        and str(kind.fields["id"].type) != "ID!"
        and (name, "id") not in _OF_ANOTHER_PLATFORM
    ]
    assert alone == []


def test_both_references_need_both_parts() -> None:
    for name in ("CategoryRef", "CategoryRefInput"):
        kind = KINDS[name]
        assert isinstance(kind, GraphQLObjectType | GraphQLInputObjectType)
        assert {field: str(one.type) for field, one in kind.fields.items()} == {
            "id": "String!",
            "version": "CategoryVersion!",
        }
    versions = KINDS["CategoryVersion"]
    assert isinstance(versions, GraphQLEnumType)
    assert set(versions.values) == {"V1", "V2"}
