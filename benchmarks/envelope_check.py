"""Checks for Schemathesis that look into the answer, since its own judge by the HTTP status.

It loads them by the name in `SCHEMATHESIS_HOOKS`. They need nothing but Schemathesis and Python: it may be installed
where this package is not.
"""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[[Any, Any, Any], None]

check: Callable[[Check], Check] = import_module("schemathesis").check


def read_error(text: bytes) -> int | None:
    """Return the error code of an answer, 0 for none; None where it is no envelope."""
    try:
        if text.lstrip().startswith(b"{"):
            return int(json.loads(text)["error"])
        return int(ET.fromstring(text).findtext("error", ""))  # noqa: S314 - of a server that was started for this
    except (ValueError, KeyError, TypeError, ET.ParseError):
        return None


def mode_of(case: Any) -> str:
    """Return `positive` for an order that keeps the schema, `negative` for one that breaks it."""
    return str(getattr(case.meta.generation.mode, "value", case.meta.generation.mode))


def tell(case: Any) -> str:
    """Return what is special about a case."""
    return f"{case.media_type}: {getattr(case.meta.phase.data, 'description', '')}"


@check
def envelope_form(_: Any, response: Any, case: Any) -> None:
    """An answer to a POST is an envelope."""
    if case.method.upper() == "POST" and read_error(response.content) is None:
        raise AssertionError(f"no envelope: {case.media_type}")


@check
def envelope_accepts(_: Any, response: Any, case: Any) -> None:
    """An order that keeps the schema is accepted."""
    if mode_of(case) == "positive" and read_error(response.content):
        raise AssertionError(f"refused: {tell(case)}")


@check
def envelope_refuses(_: Any, response: Any, case: Any) -> None:
    """An order that breaks the schema is refused."""
    if mode_of(case) == "negative" and read_error(response.content) == 0:
        raise AssertionError(f"accepted: {tell(case)}")
