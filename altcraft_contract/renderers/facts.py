"""Facts about an order that the order itself tells: what it is called, and of which day it is."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from altcraft_contract.renderers.report import Entry

_DAY: Final = len("2025-01-31")
_is_day = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch


class Facts(NamedTuple):
    """What an order tells about itself; none of it has been redacted.

    Attributes:
        external_id: As written; None if there is none, or it is neither a text nor a whole number.
        day: Day of `create_time`, such as `2025-01-31`; None if that cannot be told.
    """

    external_id: str | None = None
    day: str | None = None


_NOTHING: Final = Facts()


def day_of(value: Any) -> str | None:
    """The day of an order, as its `create_time` is written: no time zone is converted.

    Args:
        value: The JSON form of a message, broken or not.

    Returns:
        A day of the calendar, such as `2025-01-31`; None if `create_time` does not begin with one.
    """
    try:
        time = value["data"]["create_time"]
    except (KeyError, TypeError, IndexError):
        return None
    return _day(time[:_DAY]) if type(time) is str else None


@lru_cache(maxsize=4096)  # an archive has many orders of each day
def _day(text: str) -> str | None:
    if not _is_day(text):
        return None
    try:
        date.fromisoformat(text)
    except ValueError:
        return None
    return text


def facts_of(entry: Entry) -> Facts:
    """What the order of an entry tells about itself; nothing if it is malformed, or a part of another file."""
    is_part = bool(entry.where) and entry.document is None  # a row of a table has a number
    if is_part or not entry.text:
        return _NOTHING
    data = entry.text.encode(errors="replace")
    value = _xml_value(data, entry.result.message) if entry.result.syntax == "xml" else _json_value(data)
    if type(value) is not dict:
        return _NOTHING
    name = value.get("external_id")
    is_name = type(name) is str or type(name) is int
    return Facts(str(name) if is_name else None, day_of(value))


def _json_value(data: bytes) -> Any:
    import jiter  # noqa: PLC0415 - documents without findings do not need it

    try:
        return jiter.from_json(data.removeprefix(b"\xef\xbb\xbf"), allow_inf_nan=False)
    except ValueError:
        return None


def _xml_value(data: bytes, message: str) -> Any:
    from altcraft_contract.contract import load_contract  # noqa: PLC0415 - as above
    from altcraft_contract.documents.xml_text import read_xml  # noqa: PLC0415 - as above
    from altcraft_contract.documents.xml_value import read_xml_value  # noqa: PLC0415 - as above

    shape = load_contract().shape("response" if message == "response" else "request")
    value = read_xml_value(data, shape)
    return value if value is not None else read_xml(data, shape).value
