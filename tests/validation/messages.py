"""Messages to judge: orders and answers with every documented field, and what chance makes of them."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from hypothesis import strategies as st

from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import write_xml
from altcraft_contract.documents.pointer import join, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import SearchStrategy

    from altcraft_contract.contract import Message
    from altcraft_contract.documents.shape import Shape

Json = Any
Path = tuple[str | int, ...]

# Values that are wrong somewhere, and right elsewhere.
VALUES: tuple[Json, ...] = (
    *(None, True, False, 0, 1, -1, 2, 1.0, 1.5, -0.0, 1e300, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**400),
    *(9.3e18, -9.3e18, "", " ", "0", "1", "true", "2500", "2500.00", "-1", "1e5", "1,5", "0.00001", "9" * 40, "RUB"),
    *("JPY", "rub", "ABC", "2026-02-18", "2026-02-18T13:01:05Z", "2026-02-30", "2026-02-18\n", "success", "outdated"),
    *("immediate", "discount", "redeem_points", "accrue_points", "code_issue", "massage", "+79161234567", "a@b.ru"),
    *("a@b", "696e304f547840a7286619e0", "ключ", "😀", [], [[]], [{}], ["a"], ["a", "a"], [None], {}, {"a": 1}),
    *({"a": {"b": []}}, {"type": "redeem_points"}, {"external_id": ""}, {"points_currency_iid": 3, "amount": "1"}),
)
# Names that are documented somewhere else, and names that are not.
NAMES = (
    *("colour", "Token", "externalId", "token", "amount", "type", "external_id", "data", "lines", "status", "error"),
    *("points_info", "count", "custom_fields", "", "a/b~c", "p:q", "1", "0", "имя", "processing_target", "error_text"),
)


def decimals() -> SearchStrategy[str]:
    """Plain decimals with at most two decimals."""
    return st.integers(0, 10**6).map(lambda cents: f"{cents // 100}.{cents % 100:02}")


def texts() -> SearchStrategy[str]:
    """Short texts that are not empty."""
    return st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=5)


def optional(fields: dict[str, SearchStrategy[Json]]) -> SearchStrategy[dict[str, Json]]:
    """Any of *fields*."""
    return st.fixed_dictionaries({}, optional=fields)


def objects(required: dict[str, SearchStrategy], fields: dict[str, SearchStrategy]) -> SearchStrategy[dict[str, Json]]:
    """All of *required* and any of *fields*."""
    return st.fixed_dictionaries(required, optional=fields)


def points() -> SearchStrategy[dict[str, Json]]:
    """Values of `points_info`."""
    return objects(
        {"points_currency_iid": st.integers(1, 3), "amount": decimals()},
        {"points_currency_eid": st.sampled_from(["beans", "coins"]), "name": texts()},
    )


def references() -> SearchStrategy[dict[str, Json]]:
    """Values of `promotion`."""
    return objects({"external_id": texts()}, {"name": texts()})


def promotions() -> SearchStrategy[dict[str, Json]]:
    """Items of `requested_promotions`, with all that any type asks for."""
    return objects(
        {
            "type": st.sampled_from(["discount", "accrue_points", "redeem_points", "code_issue", "message"]),
            "promotion": references(),
            "amount": decimals(),
            "points_info": points(),
        },
        {},
    )


def lines() -> SearchStrategy[dict[str, Json]]:
    """Items of `lines`."""
    return objects(
        {
            "external_id": texts(),
            "sku": texts(),
            "count": st.integers(1, 3),
            "base_price_per_item": decimals(),
            "final_price_per_item": decimals(),
        },
        {
            "product": texts(),
            "line_number": st.integers(-(2**63), 2**63 - 1),
            "min_price_per_item": decimals(),
            "status": texts(),
            "custom_fields": st.dictionaries(st.sampled_from(["gift", "note"]), texts(), max_size=2),
            "requested_promotions": st.lists(promotions(), max_size=2),
        },
    )


def requests() -> SearchStrategy[dict[str, Json]]:
    """Requests without an error."""
    data = objects(
        {
            "endpoint": texts(),
            "status": texts(),
            "currency": st.sampled_from(["RUB", "KWD", "JPY", "XAU", "ABC"]),
            "total_price": decimals(),
            "final_total_price": decimals(),
            "lines": st.lists(lines(), min_size=1, max_size=3),
            "redeem_points": st.lists(
                objects({"points_currency_iid": st.integers(1, 3), "amount": st.integers(1, 9)}, {"name": texts()}),
                min_size=1,
                max_size=2,
            ),
        },
        {
            "delivery_cost": decimals(),
            "create_time": st.sampled_from(["2026-02-18", "2026-02-18T13:01:05Z", "2026-02-18T13:01"]),
            "region": texts(),
            "promocodes": st.lists(objects({"code": texts(), "pool_id": st.integers(0, 2)}, {}), max_size=2),
            "requested_promotions": st.lists(promotions(), max_size=2),
            "custom_fields": st.dictionaries(st.sampled_from(["source", "type"]), texts(), max_size=2),
            "tags": st.lists(texts(), max_size=2),
        },
    )
    return objects(
        {"token": texts(), "external_id": texts(), "email": st.sampled_from(["a@b.ru", "a@b"]), "data": data},
        {"phone": texts(), "profile_id": texts(), "skip_triggers": st.booleans()},
    )


def responses() -> SearchStrategy[dict[str, Json]]:
    """Responses without an error of their own."""
    data = objects(
        {"status": st.just("success"), "processing_target": st.just("immediate"), "external_id": texts()},
        {
            "issued_promocodes": st.lists(
                objects(
                    {"codes": st.lists(texts(), min_size=1, max_size=2)},
                    {"pool": objects({"pool_id": st.integers(0, 9)}, {"name": texts()}), "promotion": references()},
                ),
                max_size=2,
            ),
            "points_changes": st.lists(
                objects({"points_info": points()}, {"accrue_points": st.integers(0, 9)}), max_size=2
            ),
            "contents": st.lists(
                optional(
                    {
                        "promotion": references(),
                        "contents": st.lists(objects({"type": texts()}, {"message": texts()}), min_size=1, max_size=2),
                    }
                ),
                max_size=2,
            ),
        },
    )
    return objects({"data": data, "error": st.sampled_from([0, 0, 0, 400]), "error_text": texts()}, {})


def messages(message: Message) -> SearchStrategy[dict[str, Json]]:
    """Messages without an error."""
    return requests() if message == "request" else responses()


def iter_paths(value: Json, path: Path = ()) -> Iterator[Path]:
    """The way to every value below the root."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield (*path, key)
        yield from iter_paths(member, (*path, key))


@st.composite
def mutated(draw: st.DrawFn, message: Message, *, at_most: int = 4) -> dict[str, Json]:
    """Messages in which a few things went wrong."""
    value = deepcopy(draw(messages(message)))
    for _ in range(draw(st.integers(0, at_most))):
        paths = list(iter_paths(value))
        if not paths:
            break
        *way, last = draw(st.sampled_from(paths))
        holder: Json = value
        for token in way:
            holder = holder[token]
        _mutate(draw, holder, last)
    return value


def _mutate(draw: st.DrawFn, holder: Json, key: str | int) -> None:
    change = draw(st.sampled_from(["drop", "replace", "replace", "rename", "double", "insert"]))
    if change == "drop":
        del holder[key]
    elif change == "replace":
        holder[key] = deepcopy(draw(st.sampled_from(VALUES)))
    elif isinstance(holder, dict):
        name = draw(st.sampled_from(NAMES))
        holder[name] = holder.pop(key) if change == "rename" else deepcopy(draw(st.sampled_from(VALUES)))
    else:
        holder.insert(draw(st.integers(0, len(holder))), deepcopy(holder[key]))


def as_xml(value: Json, message: Message) -> Json:
    """*value* in the nearest form that XML can carry: what it cannot is made text, or left out."""
    return _as_xml(value, load_contract().shape(message))


def _as_xml(value: Json, shape: Shape | None) -> Json:
    if shape is None:
        return value if isinstance(value, str) and value.isprintable() else "x"
    if shape.kind in ("object", "free"):
        members = value if isinstance(value, dict) else {}
        named = {name: member for name, member in members.items() if name.isidentifier()}
        carried = {name: _as_xml(member, shape.fields.get(name)) for name, member in named.items()}
        return {name: member for name, member in carried.items() if member != []}
    if shape.kind == "list":
        return [_as_xml(item, shape.item) for item in value] if isinstance(value, list) else []
    if value is None or isinstance(value, dict | list):
        return ""
    return value if not isinstance(value, str) or value.isprintable() else "x"


@st.composite
def odd_xml(draw: st.DrawFn, message: Message) -> str:
    """XML bodies with what no JSON form has: text beside elements, repetitions, attributes, namespaces, wrappers."""
    value = as_xml(draw(mutated(message, at_most=1)), message)
    root = ET.fromstring(write_xml(value, message, strict=False))  # noqa: S314 - our own text
    for _ in range(draw(st.integers(1, 4))):
        parents = [element for element in root.iter() if len(element)]
        if not parents:
            break
        parent = draw(st.sampled_from(parents))
        child = draw(st.sampled_from(list(parent)))
        _make_odd(draw, parent, child)
    return ET.tostring(root, encoding="unicode")


def _make_odd(draw: st.DrawFn, parent: ET.Element, child: ET.Element) -> None:
    change = draw(
        st.sampled_from(["text", "tail", "attribute", "namespace", "repeat", "wrap", "insert", "move", "empty"])
    )
    text = draw(st.sampled_from(["x", " ", "\u00a0", "0", "1", "\n"]))
    if change == "text":
        child.text = text
    elif change == "tail":
        child.tail = text
    elif change == "attribute":
        child.set(draw(st.sampled_from(["id", "{urn:x}id", "{http://www.w3.org/XML/1998/namespace}lang"])), text)
    elif change == "namespace":
        child.tag = f"{{urn:x}}{child.tag}"
    elif change == "repeat":
        parent.insert(draw(st.integers(0, len(parent))), draw(st.sampled_from([child, ET.Element(child.tag)])))
    elif change == "wrap":
        wrapped = deepcopy(child)
        child.clear()
        child.append(wrapped)
    elif change == "insert":
        ET.SubElement(
            child, draw(st.sampled_from(["colour", "status", "type", "{urn:x}type", "data", "lines"]))
        ).text = text
    elif change == "move":
        parent.remove(child)
        parent.append(child)
    else:
        child.clear()


def value_at(value: Json, pointer: str) -> Json:
    """The value at *pointer*."""
    for token in split(pointer):
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value


def pointers(value: Json) -> set[str]:
    """The pointer to every value."""
    return {"", *(join(path) for path in iter_paths(value))}


def json_text(value: Json) -> str:
    """*value* as JSON."""
    return json.dumps(value, ensure_ascii=False, indent=1)
