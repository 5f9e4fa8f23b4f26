"""Places: pointers to the same field of any document, with `*` for whichever item of a list."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.pointer import split
from altcraft_contract.renderers.shown import shortened
from altcraft_contract.renderers.visible import visible

if TYPE_CHECKING:
    from altcraft_contract.renderers.shown import ShownEntry

_LONGEST_NAME: Final = 40  # characters of a name that is not documented
_LONGEST: Final = 200  # characters of a place
_index = re.compile(r"/[0-9]+(?=/|\Z)")


class Place(NamedTuple):
    """Where findings are, in any document.

    Attributes:
        is_odd: Whether the contract documents no such place. The others come first.
        name: RFC 6901 pointer with `*` for each number in it, such as `/data/lines/*/count`; safe to show. Empty for
            the whole document. Names that are not documented, and whole places, are cut if they are long.
    """

    is_odd: bool
    name: str


def place_of(pointer: str, entry: ShownEntry) -> Place:
    """The place of a finding.

    Args:
        pointer: RFC 6901, as it stands in the finding.
        entry: The document; it is asked about its secrets only if there are names that are not documented.
    """
    name = _index.sub("/*", pointer)
    if len(name) <= _LONGEST and _is_documented(name):
        return Place(is_odd=False, name=name)
    tokens = _index.sub("/*", entry.redactor.redact(pointer)).split("/")
    name = "/".join(shortened(visible(token), _LONGEST_NAME) for token in tokens)
    return Place(is_odd=True, name=shortened(name, _LONGEST))


@lru_cache(maxsize=1024)  # there are fewer documented ones
def _is_documented(name: str) -> bool:
    contract, tokens = load_contract(), split(name)
    return any(
        len(list(shape.along(iter(tokens)))) > len(tokens)
        for shape in (contract.request_shape, contract.response_shape)
    )
