"""The examples of a page: which of its code blocks are messages, and what they have otherwise than the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.contract import MESSAGES
from altcraft_contract.documents.document import read_document
from altcraft_contract.documents.pointer import join
from altcraft_contract.validation import check_request, check_response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Contract, Message, Syntax
    from altcraft_contract.evolution.page import Page, Text

_MOST: Final = 50  # code blocks that are looked at
_MOST_FINDINGS: Final = 20  # of one example
_TELLING: Final = 2  # fields at the top without which a block is no message


class Example(NamedTuple):
    """A message that a page shows.

    Attributes:
        block: As it stands on the page.
        message: Which it is.
        syntax: Of the block.
        value: Its JSON form.
    """

    block: Text
    message: Message
    syntax: Syntax
    value: Any

    @property
    def title(self) -> str:
        """How it is called in a report."""
        return f"{self.message}, example in {self.syntax.upper()}"


class ExampleDrift(NamedTuple):
    """Something that an example has otherwise.

    Attributes:
        line: Of the page, from 1.
        pointer: To the place.
        page: What the page shows.
        contract: What the contract says.
    """

    line: int
    pointer: str
    page: str
    contract: str


def find_examples(page: Page, contract: Contract) -> tuple[Example, ...]:
    """The code blocks of *page* that are messages of the contract."""
    return tuple(_iter_examples(page, contract))


def _iter_examples(page: Page, contract: Contract) -> Iterator[Example]:
    for block in page.blocks[:_MOST]:
        text = block.text.strip()
        if not text.startswith(("{", "<")):
            continue
        syntax: Syntax = "json" if text.startswith("{") else "xml"
        readings: list[tuple[int, Message, Any]] = []
        for message in MESSAGES:
            shape = contract.shape(message)
            value = read_document(text, shape, syntax=syntax).value
            if isinstance(value, dict):
                readings.append((sum(name in shape.fields for name in value), message, value))
        known, found, best = max(readings, key=lambda reading: reading[0], default=(0, MESSAGES[0], None))
        if known >= _TELLING:
            yield Example(block, found, syntax, best)


def iter_example_drifts(example: Example, contract: Contract) -> Iterator[ExampleDrift]:
    """What *example* has otherwise: rules that it breaks, and fields that only it or the contract's example has."""
    check = check_request if example.message == "request" else check_response
    text = example.block.text
    above = example.block.line + text[: len(text) - len(text.lstrip())].count("\n")
    result = check(text.strip(), syntax=example.syntax, contract=contract)
    for finding in result.errors[:_MOST_FINDINGS]:
        line = above + (finding.line or 1) - 1
        yield ExampleDrift(
            line, finding.pointer, "an example that breaks it", f"the rule {finding.rule}: {finding.message}"
        )
    known = contract.examples.get(f"{example.message}.{example.syntax}")
    if known is None:
        return
    ours = read_document(known, contract.shape(example.message), syntax=example.syntax).value
    theirs, kept = (dict(_iter_leaves(value, ())) for value in (example.value, ours))
    for pointer in [place for place in theirs if place not in kept][:_MOST_FINDINGS]:
        yield ExampleDrift(above, pointer, "an example with this value", "an example without it")
    for pointer in [place for place in kept if place not in theirs][:_MOST_FINDINGS]:
        yield ExampleDrift(above, pointer, "an example without this value", "an example with it")
    broken_at = {finding.pointer for finding in result.errors}
    changed = [place for place in theirs if theirs[place] != kept.get(place, theirs[place]) and place not in broken_at]
    for pointer in changed[:_MOST_FINDINGS]:
        yield ExampleDrift(above, pointer, "an example with another value", "the value of its own example")


def _iter_leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str, Any]]:
    """Pointer and value of all that holds nothing, down to the depth that any documented field may have."""
    deepest = 32
    if isinstance(value, dict) and value and len(path) < deepest:
        for name, member in value.items():
            yield from _iter_leaves(member, (*path, name))
    elif isinstance(value, list) and value and len(path) < deepest:
        for index, item in enumerate(value):
            yield from _iter_leaves(item, (*path, index))
    else:
        yield join(path), repr(value)
