"""What a result prints holds no secret, whatever was checked."""

from __future__ import annotations

from typing import Any

import pytest

from altcraft_contract.validation import check_exchange, check_request

SECRET = "s3cr3t-of-the-shop"  # noqa: S105 - a marked one


@pytest.mark.parametrize(
    "body",
    [
        {"token": SECRET, "external_id": SECRET, "data": {"currency": SECRET}},
        {"token": SECRET, SECRET: 1},
        {"token": [SECRET], "data": {"status": "x", "lines": [{"count": SECRET}]}},
    ],
)
def test_a_parsed_body_prints_without_its_secrets(body: dict[str, Any]) -> None:
    """The findings of a parsed body are printed without its token, wherever it stands."""
    text = str(check_request(body))

    assert "missing-field" in text
    assert SECRET not in text


@pytest.mark.parametrize("request_", [{"token": SECRET}, b'{"token": "' + SECRET.encode() + b'"', b"<xml><token>"])
def test_an_exchange_prints_without_the_secrets_of_the_request(request_: Any) -> None:
    """The findings of an exchange are printed without the token of the request."""
    response = b'{"data": null, "error": 0, "error_text": "token ' + SECRET.encode() + b' accepted"}'

    text = str(check_exchange(request_, response))

    assert "invalid-request-accepted" in text
    if request_ != b"<xml><token>":
        assert SECRET not in text
