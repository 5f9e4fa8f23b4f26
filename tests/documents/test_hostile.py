"""Bodies at random through the whole check: always a result, never a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from altcraft_contract.findings import CheckResult
from altcraft_contract.validation import check_request, check_response
from tests.documents.bodies import acceptance_bodies, mutate, seeded

if TYPE_CHECKING:
    from random import Random

    from altcraft_contract.contract import Syntax

CHECKS = (check_request, check_response)


def assert_results(syntax: Syntax, random: Random, count: int) -> None:
    """Check *count* bodies, most of them damaged documents, some noise, and print what was found."""
    bodies = [body for _, body in acceptance_bodies(syntax)]
    for number in range(count):
        body = mutate(random.choice(bodies), syntax, random) if number % 10 else random.randbytes(random.randrange(60))
        given = random.choice((syntax, None)) if number % 50 else random.choice(("json", "xml"))

        result = random.choice(CHECKS)(body, syntax=given)

        assert isinstance(result, CheckResult)
        assert isinstance(str(result), str), body


@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_damaged_bodies_end_in_a_result(syntax: Syntax) -> None:
    """Whatever happened to a body on the way, the check returns, and its result can be printed."""
    assert_results(syntax, seeded(2026), 1000)


@pytest.mark.nightly
@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_a_hundred_thousand_damaged_bodies_end_in_a_result(syntax: Syntax) -> None:
    """Whatever happened to a body on the way, the check returns, and its result can be printed."""
    assert_results(syntax, seeded(75), 100_000)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 1_000_000,
        b'{"data":' * 200_000,
        b'{"token":"' + b"\\u0416" * 200_000,
        b'{"token":"' + b"\\ud83d" * 200_000,
        b"\n" * 1_000_000,
        b"\0" * 1_000_000,
        b"<" * 1_000_000,
        b"<xml>" * 200_000,
        b"<xml>" + b"<a>" * 300_000,
        b"<xml>" + b"<lines/>" * 20_000 + b"</xml>",
        b"<xml " + b" ".join(b'a%d=""' % number for number in range(50_000)) + b"/>",
        b"<xml>" + b"<!---->" * 100_000 + b"</xml>",
        b"<xml>" + b"&amp;" * 100_000 + b"</xml>",
        b'<!DOCTYPE xml [<!ENTITY a "' + b"a" * 100_000 + b'">]><xml>' + b"&a;" * 1000 + b"</xml>",
        b'{"a":' + b"9" * 1_000_000 + b"}",
        b'{"a":0.' + b"9" * 1_000_000 + b"}",
        b'{"data":{"custom_fields":[' + b"[]," * 200_000 + b"[]]}}",
    ],
    ids=lambda body: f"{body[:12]!r}",
)
def test_large_hostile_bodies_end_in_a_result(body: bytes) -> None:
    """A million bytes of what is cheap to send are not dear to check."""
    for check in CHECKS:
        assert isinstance(check(body), CheckResult)
