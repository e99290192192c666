"""Size charts, manufacturers and responsible persons: seller-level, without `shop_cipher` (fact sheet 3.17)."""

from collections.abc import Mapping, MutableMapping

from sandbox.tiktok.call import Call
from sandbox.tiktok.entities import ComplianceEntity
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.fields import Fields
from sandbox.tiktok.operation import BASIC, Body, Handler, Operation
from sandbox.tiktok.paging import page

Json = dict[str, object]
MISSING = 38023022
PHONE = ("availability", "country_code", "local_number")
ADDRESS = ("street_address_line1", "street_address_line2", "district", "city", "postal_code", "province", "country")
MAX_IDS = 50


def search_size_charts(call: Call) -> object:
    """Templates made in Seller Center, by ids or keyword."""
    ids, keyword = call.body.texts("ids") or [], (call.body.text("keyword") or "").casefold()
    size = call.page_size()
    if len(ids) > MAX_IDS:
        raise Refusal(12052910, f"Invalid input: at most {MAX_IDS} ids")
    found = [
        one
        for one in call.state.size_charts.values()
        if one.open_id == call.seller.open_id and (not ids or one.id in ids) and keyword in one.name.casefold()
    ]
    shown, token = page(found, size, call.query.get("page_token", ""))
    rows = [
        {
            "template_id": one.id,
            "template_name": one.name,
            "images": [{"uri": one.image_uri, "url": one.image_url, "locale": one.locale}],
        }
        for one in shown
    ]
    return {"size_chart": rows, "total_count": len(found), "next_page_token": token}


def create_manufacturer(call: Call) -> object:
    """Name, email, phone number and address are required."""
    profile = _profile(call.body, address_is_object=False)
    made = _make(call, call.state.manufacturers, profile)
    return {"manufacturer_id": made.id}


def create_person(call: Call) -> object:
    """As a manufacturer, with an address in parts."""
    profile = _profile(call.body, address_is_object=True)
    made = _make(call, call.state.responsible_persons, profile)
    return {"responsible_person_id": made.id}


def _profile(body: Fields, *, address_is_object: bool) -> Json:
    """What was sent; a missing part is refused by name."""
    phone = _parts(body.child("phone_number"), PHONE)
    if address_is_object:
        parts = _parts(body.child("address"), ADDRESS)
        missing = [f"address.{one}" for one in ("street_address_line1", "postal_code", "country") if not parts.get(one)]
        address: object = parts
    else:
        address = body.text("address") or ""
        missing = [] if address else ["address"]
    names = ("name", "email", "locale") if address_is_object else ("name", "email", "registered_trade_name", "locale")
    profile: Json = {name: body.text(name) or "" for name in names}
    missing += [name for name in ("name", "email") if not profile[name]]
    missing += [] if phone.get("local_number") and phone.get("country_code") else ["phone_number"]
    if missing:
        raise Refusal(MISSING, f"Required: {', '.join(missing)}")
    return profile | {"phone_number": phone, "address": address}


def _parts(found: Fields | None, names: tuple[str, ...]) -> Json:
    return {name: value for name in names if (value := found.text(name))} if found else {}


def _make(call: Call, book: MutableMapping[str, ComplianceEntity], profile: Json) -> ComplianceEntity:
    locale = str(profile.pop("locale")) or "en-GB"
    made = ComplianceEntity(call.state.ids.decimal("entity"), call.seller.open_id, locale, profile)
    book[made.id] = made
    return made


def _search(name: str) -> Handler:
    """Search over one of the two kinds; `name` is the plural of the answer and the stem of the id list."""

    def run(call: Call) -> object:
        ids = call.body.texts(f"{name.removesuffix('s')}_ids") or []
        keyword = (call.body.text("keyword") or "").casefold()
        locales = call.body.texts("locales") or []
        size = call.page_size()
        book: Mapping[str, ComplianceEntity] = (
            call.state.manufacturers if name == "manufacturers" else call.state.responsible_persons
        )
        found = [
            one
            for one in book.values()
            if one.open_id == call.seller.open_id
            and (not ids or one.id in ids)
            and (not locales or one.locale in locales)
            and keyword in str(one.profile["name"]).casefold()
        ]
        shown, token = page(found, size, call.query.get("page_token", ""))
        return {name: [_entity(one) for one in shown], "total_count": len(found), "next_page_token": token}

    return run


def _entity(one: ComplianceEntity) -> Json:
    return {"id": one.id, "regional_profiles": [{"locale": one.locale, **one.profile}]}


_PAGING = ("page_size", "page_token")
OPERATIONS = (
    Operation(
        "Search Size Charts",
        "POST",
        "/product/202407/sizecharts/search",
        BASIC,
        search_size_charts,
        imitates="templates that a script made, by ids or keyword",
        cipher=False,
        query=(*_PAGING, "locales"),
        body=Body.JSON,
    ),
    Operation(
        "Create Manufacturer",
        "POST",
        "/product/202409/compliance/manufacturers",
        BASIC,
        create_manufacturer,
        imitates="required parts (38023022)",
        leaves_out="which code of 38023022-38023060 stands for which part",
        cipher=False,
        body=Body.JSON,
    ),
    Operation(
        "Search Manufacturers",
        "POST",
        "/product/202501/compliance/manufacturers/search",
        BASIC,
        _search("manufacturers"),
        imitates="by ids, keyword, locales",
        cipher=False,
        query=_PAGING,
        body=Body.JSON,
    ),
    Operation(
        "Create Responsible Person",
        "POST",
        "/product/202409/compliance/responsible_persons",
        BASIC,
        create_person,
        imitates="required parts (38023022)",
        leaves_out="which code of 38023022-38023060 stands for which part",
        cipher=False,
        body=Body.JSON,
    ),
    Operation(
        "Search Responsible Persons",
        "POST",
        "/product/202501/compliance/responsible_persons/search",
        BASIC,
        _search("responsible_persons"),
        imitates="by ids, keyword, locales",
        cipher=False,
        query=_PAGING,
        body=Body.JSON,
    ),
)
