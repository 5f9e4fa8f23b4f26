"""The quickest way to the most frequent verdict: nothing is wrong with this message, and nothing is suspicious.

It is for archives, of which nearly every document is without findings. Nothing is built that a document without
findings does not need, and whatever is not certain is left to the full check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import jiter

from altcraft_contract.contract import Contract, load_contract
from altcraft_contract.documents.json_value import keeps_limits, read_json_value
from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.rules.logic import check_order
from altcraft_contract.rules.money import do_sums_fit
from altcraft_contract.rules.order import Order
from altcraft_contract.validation.fast import plain_validator_of, validator_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.rules.rule import Breach

    Read = Callable[[bytes], dict[str, Any] | None]

_FEW: Final = 50  # texts before orjson is loaded
_TRIALS: Final = 100  # texts in a row that are not written as expected
_DEPTH: Final = 10  # levels that a request without free objects keeps within
_ABOVE: Final = 4  # levels above the free object of a line


def make_clean_reader(
    syntax: Syntax,
    message: Message | Literal["auto"] = "auto",
    *,
    contract: Contract | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Read:
    """Make a function that tells messages without any finding from others.

    Args:
        syntax: Of the messages.
        message: `request` or `response`; `auto` tells it by the fields.
        contract: The version of the contract; None is the newest.
        limits: Bounds on each document.

    Returns:
        Takes the bytes of a document. Gives its JSON form if the document is certain to have no finding, by all rules;
        None where the full check must decide.
    """
    contract = contract or load_contract()
    read_request = _json_request(contract, limits) if syntax == "json" else _xml(contract, "request", limits)
    if message == "request":
        return read_request
    read_response = _json_response(contract, limits) if syntax == "json" else _xml(contract, "response", limits)
    if message == "response":
        return read_response

    def read(data: bytes) -> dict[str, Any] | None:
        # What has neither field is a request. A request has neither, since they are not documented.
        value = read_request(data)
        return value if value is not None or b"error" not in data else read_response(data)

    return read


def _json_request(contract: Contract, limits: Limits) -> Read:
    parse = _make_parser()
    is_clean = _order_judge(contract, limits)
    largest = min(limits.max_bytes, limits.max_values) if limits.max_depth >= _DEPTH else -1

    def read(data: bytes) -> dict[str, Any] | None:
        if len(data) > largest:
            return None
        value = parse(data)
        if type(value) is not dict or not is_clean(value):
            return None
        result: dict[str, Any] = value
        return result

    return read


def _make_parser() -> Callable[[bytes], Any]:
    """What parses JSON strictly; None for what is not well-formed, or repeats a member.

    A text that is written as orjson would write its value repeats nothing, and holds no number that was changed by
    being read. To read and write takes less time than to look at every member. After many texts that are written in
    another way no more are tried.
    """
    loads: Callable[[bytes], Any]
    dumps: Callable[[Any], bytes]
    strict = jiter.from_json
    left, early = _TRIALS, _FEW

    def parse(data: bytes) -> Any:
        nonlocal left, early, loads, dumps
        if early:
            early -= 1
            if not early:
                import orjson  # noqa: PLC0415 - it takes long to load, and a few documents do not pay for it

                loads, dumps = orjson.loads, orjson.dumps
        elif left:
            try:
                value = loads(data)
                if dumps(value) == data:
                    left = _TRIALS
                    return value
            except (ValueError, TypeError):  # not well-formed, or too deep to be written
                pass
            left -= 1
        try:
            return strict(data, allow_inf_nan=False, catch_duplicate_keys=True, cache_mode="keys")
        except ValueError:
            return None

    return parse


def _json_response(contract: Contract, limits: Limits) -> Read:
    is_valid = validator_of(contract.name, "response").is_valid

    def read(data: bytes) -> dict[str, Any] | None:
        value = read_json_value(data, limits=limits) if len(data) <= limits.max_bytes else None
        return value if value is not None and is_valid(value) else None

    return read


def _xml(contract: Contract, message: Message, limits: Limits) -> Read:
    from altcraft_contract.documents.xml_value import read_xml_value  # noqa: PLC0415 - JSON does not pay for it

    shape = contract.shape(message)
    is_clean = _order_judge(contract, limits) if message == "request" else validator_of(contract.name, message).is_valid

    def read(data: bytes) -> dict[str, Any] | None:
        value = read_xml_value(data, shape, limits=limits) if len(data) <= limits.max_bytes else None
        return value if value is not None and is_clean(value) else None

    return read


def _order_judge(contract: Contract, limits: Limits) -> Callable[[dict[str, Any]], bool]:
    """What tells whether no rule finds anything about a request, nor any limit about its free objects."""
    is_plain = plain_validator_of(contract.name).is_valid
    is_valid = validator_of(contract.name, "request").is_valid
    depth = limits.max_depth - _ABOVE

    def is_clean(body: dict[str, Any]) -> bool:
        if is_plain(body):
            data = body["data"]
            lines = data["lines"]
            if len(lines) > 1 and len({line["external_id"] for line in lines}) < len(lines):
                return False
            if do_sums_fit(data):
                return True
        elif not is_valid(body) or not all(_is_harmless(free, depth) for free in _free_objects(body)):
            return False
        return not _has_findings(body)

    return is_clean


def _free_objects(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for holder in (body["data"], *body["data"]["lines"]):
        if "custom_fields" in holder:
            yield holder["custom_fields"]


def _is_harmless(free: dict[str, Any], max_depth: int) -> bool:
    """Whether a free object keeps the limits, and holds no number that became infinite."""
    for value in free.values():
        kind = type(value)
        if kind is not str and kind is not bool and kind is not int:
            return keeps_limits(free, max_depth)
    return True


def _has_findings(body: dict[str, Any]) -> bool:
    """Whether a rule with logic finds anything about a request that keeps the schema."""
    order = Order(body)
    found: list[Breach] = []
    check_order(order, found)
    return bool(found)
