"""What makes a request so plain that, of the rules with logic, only arithmetic can find anything.

A schema can say most of it, and the engine judges a schema in a fraction of the time that Python takes. It is stricter
than the rules: what is not plain may well be without findings. So there is one truth, the rules; a test compares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.rules.currencies import CURRENCY_DECIMALS
from altcraft_contract.rules.points import POINT_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACES: Final = 2  # decimals of a currency with hundredths

_MOMENT: Final = {"pattern": "T.*(Z|[+-].{5})$"}  # has a time of day, and an offset
_REQUEST: Final = {
    # One identifier, in its documented form.
    "not": {
        "anyOf": [
            {"required": ["email", "phone"]},
            {"required": ["email", "profile_id"]},
            {"required": ["phone", "profile_id"]},
        ]
    },
    "properties": {
        "email": {"pattern": r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"},
        "phone": {"pattern": r"^\+[0-9]{8,15}$"},
        "profile_id": {"pattern": "^[0-9A-Fa-f]{24}$"},
    },
}
_EXACT: Final = 2**53  # up to which every reader reads an integer exactly; a number that became infinite is above
_TYPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "custom_fields": {
        "additionalProperties": {"type": ["string", "boolean", "integer"], "minimum": -_EXACT, "maximum": _EXACT}
    },
    "data": {
        "properties": {
            "currency": {"enum": [code for code, decimals in CURRENCY_DECIMALS.items() if decimals == PLACES]},
            "create_time": _MOMENT,
            "promocodes": {"maxItems": 1},  # one alone is no duplicate
            "redeem_points": False,  # must fit the promotions
        }
    },
    "points_info": {"properties": {"expiration_date": _MOMENT}},
    "requested_promotions": {
        "allOf": [
            {
                "if": {"properties": {"type": {"enum": [*POINT_TYPES]}}},
                "then": {"required": ["amount"]},
            }
        ]
    },
}
"""Name of a type in the schema to what makes its values plain."""


def make_plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema that only plain requests keep.

    Args:
        schema: The JSON Schema of the request, which does not change.
    """
    plain = _merged(schema, _REQUEST)
    definitions = {**schema["$defs"]}
    for name, stricter in _TYPES.items():
        definitions[name] = _merged(definitions[name], stricter)
    return {**plain, "$defs": definitions}


def _merged(schema: Any, stricter: Any) -> Any:
    """*schema* with what *stricter* adds: members of its objects, items of its lists, and all else in place."""
    if isinstance(schema, dict) and isinstance(stricter, dict):
        added = {name: _merged(schema.get(name), part) for name, part in stricter.items()}
        return {**schema, **added}
    if isinstance(schema, list) and isinstance(stricter, list) and stricter and isinstance(stricter[0], dict):
        return [*schema, *stricter]
    return stricter
