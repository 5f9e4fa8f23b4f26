"""There and back: what is written as XML is read as what it was."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import convert, from_xml, message_of, to_xml
from altcraft_contract.errors import ConversionError
from tests.validation.messages import json_text, messages, mutated, odd_xml, pointers, value_at

if TYPE_CHECKING:
    from altcraft_contract.contract import Message

MESSAGES: tuple[Message, ...] = ("request", "response")
_forbidden = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]").search


def without_limits(value: Any, place: str = "") -> Any:
    """*value* as the documented limits leave it: without empty lists, and with texts in custom fields."""
    if isinstance(value, dict):
        members = {name: without_limits(member, name) for name, member in value.items() if member != []}
        return {name: as_text(member) for name, member in members.items()} if place == "custom_fields" else members
    if isinstance(value, list):
        return [without_limits(item) for item in value]
    return value


def as_text(value: Any) -> str:
    """What stands in XML for a leaf."""
    return value if isinstance(value, str) else json.dumps(value)


def refusal_of(value: Any, message: Message | None = None) -> ConversionError | None:
    """Why *value* cannot be carried; None if it can."""
    try:
        to_xml(value, message=message)
    except ConversionError as error:
        return error
    return None


@pytest.mark.parametrize("message", MESSAGES)
def test_right_messages(message: Message) -> None:
    """A right message comes back as it was, up to empty lists, unless it holds a character that XML forbids."""

    @given(messages(message))
    def check(value: Any) -> None:
        refusal = refusal_of(value)
        if refusal is not None:
            assert _forbidden(value_at(value, refusal.pointer))
            return
        assert json.dumps(from_xml(to_xml(value))) == json.dumps(without_limits(value))

    check()


@pytest.mark.parametrize("message", MESSAGES)
def test_any_messages(message: Message) -> None:
    """Any message is carried without loss, or is refused with a pointer to a value of it."""

    @given(mutated(message))
    def check(value: Any) -> None:
        refusal = refusal_of(value, message)
        if refusal is not None:
            assert refusal.pointer in pointers(value)
            return
        assert from_xml(to_xml(value, message=message), message=message) == without_limits(value)

    check()


@pytest.mark.parametrize("message", MESSAGES)
def test_any_xml(message: Message) -> None:
    """Any XML is carried so that all its texts are there again, or is refused."""

    @given(odd_xml(message))
    def check(text: str) -> None:
        try:
            value = from_xml(text, message=message)
        except ConversionError:
            return
        if refusal_of(value, message) is None:
            assert from_xml(to_xml(value, message=message), message=message) == value

    check()


@pytest.mark.parametrize("message", MESSAGES)
def test_texts(message: Message) -> None:
    """Text that is converted there and back is not changed by being converted there and back again."""

    @given(messages(message))
    def check(value: Any) -> None:
        try:
            text = convert(convert(json_text(value)))
        except ConversionError:
            return
        assert convert(convert(text)) == text
        assert json.loads(text) == without_limits(value)

    check()


@pytest.mark.parametrize("message", MESSAGES)
def test_drawn_messages_are_told_apart(message: Message) -> None:
    """A drawn message is told for what it is by its fields, so that these tests name none."""

    @given(messages(message))
    def check(value: Any) -> None:
        assert message_of(value) == message

    check()


@pytest.mark.parametrize("name", load_contract().examples)
def test_documented_examples(name: str) -> None:
    """The documented examples come back as they were."""
    data = load_contract().examples[name]
    value = json.loads(data) if name.endswith("json") else from_xml(data)

    assert from_xml(to_xml(value)) == value
