"""`content-type`: a header that says something else than the body is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from altcraft_contract.conversion import to_xml
from altcraft_contract.fuzz.oracles.content_type import CONTENT_TYPE
from tests.fuzz.exchanges import ACCEPTED, IDENTITY, PAGE, REFUSED, exchange, find

if TYPE_CHECKING:
    from altcraft_contract.contract import Syntax

BODIES: dict[Syntax, bytes] = {"json": b"", "xml": to_xml(ACCEPTED, message="response")}


@pytest.mark.parametrize(
    ("syntax", "header"),
    [
        ("json", None),
        ("json", ""),
        ("json", "text/plain"),
        ("json", "application/xml"),
        ("json", "application/jsonp"),
        ("json", "text/json+html"),
        ("json", "application/json; charset=windows-1251"),
        ("json", 'application/json;charset="ISO-8859-1"'),
        ("xml", "application/json"),
        ("xml", "text/html"),
        ("xml", "text/xml; charset=utf-16"),
    ],
)
def test_a_wrong_type_is_found(syntax: Syntax, header: str | None) -> None:
    """A Content-Type that is missing, of another syntax or of another charset is told of."""
    (found,) = find(CONTENT_TYPE, exchange(BODIES[syntax] or REFUSED, content_type=header))

    assert found.place == f"Content-Type of {syntax.upper()}"
    assert found.basis.value == "inferred"


@pytest.mark.parametrize(
    ("syntax", "header"),
    [
        ("json", "application/json"),
        ("json", "Application/JSON ; charset=UTF-8"),
        ("json", "application/problem+json"),
        ("json", "application/json; charset=us-ascii"),
        ("xml", "application/xml"),
        ("xml", "text/xml;charset=utf8"),
        ("xml", "application/vnd.shop+xml; version=2"),
    ],
)
def test_a_right_type_passes(syntax: Syntax, header: str) -> None:
    """A Content-Type of the body's syntax in UTF-8 passes, however it is written."""
    assert find(CONTENT_TYPE, exchange(BODIES[syntax] or ACCEPTED, content_type=header)) == []


def test_only_whole_envelopes_are_judged() -> None:
    """A page, or a part of an answer, is told of by other oracles."""
    assert find(CONTENT_TYPE, exchange(PAGE, content_type="text/html")) == []
    assert find(CONTENT_TYPE, exchange(content_type="text/html", fault="truncated")) == []


@pytest.mark.parametrize(
    "header",
    [
        f"text/{IDENTITY.token}",
        f"text/html; {IDENTITY.token}",
        f"application/json; charset={IDENTITY.token}",
        f"{'x' * 90}/{IDENTITY.token}",
    ],
)
def test_the_header_is_told_without_secrets(header: str) -> None:
    """A header that holds the token is shown without it, in small letters and where it is cut, too."""
    found = find(CONTENT_TYPE, exchange(content_type=header))

    assert found
    assert IDENTITY.token.lower()[:12] not in repr(found).lower()


def test_parameters_make_no_causes() -> None:
    """One mistake is one cause, whatever else changes in the header from one answer to the next."""
    headers = [f"text/html; request={number}" for number in range(3)]
    causes = {one.cause for header in headers for one in find(CONTENT_TYPE, exchange(content_type=header))}

    assert len(causes) == 1
