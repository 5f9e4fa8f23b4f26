"""A version of the contract that there is not: v75 with changes of every kind, made by editing a copy."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from altcraft_contract.contract import load_contract

if TYPE_CHECKING:
    from pathlib import Path

    from altcraft_contract.contract import Message

BEFORE = load_contract("v75")
_XSD_EDITS = (
    ('<xs:element name="region" type="text" minOccurs="0"/>', '<xs:element name="region" type="text"/>'),
    (
        '<xs:element name="tags" type="text" minOccurs="0" maxOccurs="unbounded"/>',
        """<xs:element name="tags" type="text" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="gift_card" type="identifier" minOccurs="0"/>""",
    ),
    ('<xs:element name="line_number" type="integer" ', '<xs:element name="line_number" type="text" '),
    ('<xs:enumeration value="message">', '<xs:enumeration value="note">'),
)


def write_v76(directory: Path) -> Path:
    """Write the version into a new *directory*.

    Request: `data/region` is required now; `data/gift_card` is new; `line_number` is text; the promotion type `message`
    is gone, and `note` is new. Response: `processing_target` has the new value `queued`; `contents` is gone;
    `accrue_points` is a decimal; a pool always has a name; `error_text` may be absent; an order has a `number`.
    """
    shutil.copytree(BEFORE.directory, directory)
    source = directory / "source.toml"
    source.write_text(source.read_text("utf-8").replace('version = "v75"', 'version = "v76"'), "utf-8")
    request = read_schema("request")
    order, line = request["$defs"]["data"], request["$defs"]["lines"]
    order["required"].append("region")
    order["properties"]["gift_card"] = {"$ref": "#/$defs/identifier", "description": "Card that pays a part."}
    line["properties"]["line_number"]["$ref"] = "#/$defs/text"
    types = request["$defs"]["requested_promotions"]["properties"]["type"]["enum"]
    types[types.index("message")] = "note"
    write_schema(directory, "request", request)
    response = read_schema("response")
    result = response["$defs"]["data"]["properties"]
    result["processing_target"]["enum"].append("queued")
    del result["contents"]
    result["number"] = {"$ref": "#/$defs/integer", "description": "Number of the order."}
    response["$defs"]["points_changes"]["properties"]["accrue_points"]["$ref"] = "#/$defs/decimal"
    response["$defs"]["pool"]["required"].append("name")
    response["required"].remove("error_text")
    write_schema(directory, "response", response)
    path = directory / "request.xsd"
    xsd = path.read_text("utf-8")
    for before, after in _XSD_EDITS:
        assert xsd.count(before) == 1, before
        xsd = xsd.replace(before, after)
    path.write_text(xsd, "utf-8")
    return directory


def read_schema(message: Message) -> dict[str, Any]:
    """A schema of v75, to be edited."""
    schema: dict[str, Any] = json.loads(BEFORE.schema_path(message).read_bytes())
    return schema


def write_schema(directory: Path, message: Message, schema: dict[str, Any]) -> None:
    """Write an edited schema."""
    (directory / f"{message}.schema.json").write_text(json.dumps(schema), "utf-8")
