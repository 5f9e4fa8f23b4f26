"""The samples of the rules as whole messages and as the least text that shows the point."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.conversion import write_xml
from altcraft_contract.documents.pointer import split
from altcraft_contract.rules.rule import ABSENT, Rule, Sample, TextSample

if TYPE_CHECKING:
    from collections.abc import Mapping

    from altcraft_contract.contract import Message, Syntax

SAMPLE_REQUEST: Final[Mapping[str, Any]] = {
    "token": "sample-token",
    "external_id": "order_1",
    "email": "ann@example.com",
    "data": {
        "endpoint": "shop",
        "status": "new",
        "currency": "RUB",
        "total_price": "10.00",
        "final_total_price": "9.00",
        "lines": [
            {
                "external_id": "1",
                "sku": "mug-white",
                "count": 1,
                "base_price_per_item": "10.00",
                "final_price_per_item": "9.00",
            }
        ],
    },
}
"""A small request without a finding, which the samples change."""

SAMPLE_RESPONSE: Final[Mapping[str, Any]] = {
    "data": {"status": "success", "processing_target": "immediate", "external_id": "order_1"},
    "error": 0,
    "error_text": "Successful operation",
}
"""A small response without a finding, which the samples change."""


_SYNTAX_PAIRS: Final[tuple[tuple[Syntax, Syntax], ...]] = (("json", "xml"), ("xml", "json"))


class SampleText(NamedTuple):
    """One text to show.

    Attributes:
        message: Which message it is a part of.
        syntax: The syntax it is written in.
        text: The text.
    """

    message: Message
    syntax: Syntax
    text: str


def sample_message(edits: Mapping[str, Any], message: Message) -> dict[str, Any]:
    """A whole message: the sample request or response with *edits*, pointer to value."""
    body: dict[str, Any] = deepcopy(dict(SAMPLE_REQUEST if message == "request" else SAMPLE_RESPONSE))
    for pointer, value in edits.items():
        put(body, split(pointer), value)
    return body


def sample_texts(rule: Rule, *, valid: bool) -> list[SampleText]:
    """What shows how *rule* is kept, or broken, in JSON and in XML."""
    sample = rule.sample
    if isinstance(sample, TextSample):
        texts = sample.valid if valid else sample.invalid
        return [SampleText("request", "json", texts["json"]), SampleText("request", "xml", texts["xml"])]
    if isinstance(sample, Sample):
        edits = sample.valid if valid else sample.invalid
        texts_of = [_text(edits, sample.message, "json")]
        return texts_of if sample.json_only and not valid else [*texts_of, _text(edits, sample.message, "xml")]
    request, response = sample.valid if valid else sample.invalid
    return [
        text
        for syntax, other in _SYNTAX_PAIRS
        for text in (
            _text(request, "request", syntax),
            _text(response, "response", other if sample.other_syntax and not valid else syntax),
        )
    ]


def _text(edits: Mapping[str, Any], message: Message, syntax: Syntax) -> SampleText:
    """The least message that holds the values of *edits*."""
    body: dict[str, Any] = {}
    for pointer, value in edits.items():
        if value is not ABSENT:
            put(body, split(pointer), value)
    text = (
        json.dumps(body, indent=2, ensure_ascii=False) if syntax == "json" else write_xml(body, message, strict=False)
    )
    return SampleText(message, syntax, text)


def put(body: Any, tokens: list[str], value: Any) -> None:
    """Put *value* where *tokens* lead, making what is missing on the way."""
    token, *rest = tokens
    key: str | int = int(token) if token.isdigit() else token
    if value is ABSENT and not rest:
        body.pop(key, None)
        return
    if isinstance(body, list) and key == len(body):
        body.append(None)
    if not rest:
        body[key] = value
        return
    is_present = key in body if isinstance(body, dict) else body[key] is not None
    if not is_present:
        body[key] = [] if rest[0].isdigit() else {}
    put(body[key], rest, value)
