"""What requests of a Postman collection are made of: variables, URLs, headers, credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from altcraft_contract.lint.hosts.samples import VARIABLE
from altcraft_contract.lint.hosts.source_map import Piece, assemble
from altcraft_contract.lint.hosts.tree import find_member

if TYPE_CHECKING:
    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.lint.hosts.source_map import SourceMap


class Variables:
    """The variables that have a value in the collection.

    Args:
        listed: As the collection lists them.
        limits: Bounds on what they may add to all texts together.
    """

    def __init__(self, listed: Any, limits: Limits) -> None:
        self._values: dict[str, str] = {}
        for variable in listed if isinstance(listed, list) else ():
            name = find_member(variable, "key") or find_member(variable, "id")
            value = find_member(variable, "value")
            if (
                isinstance(name, str)
                and isinstance(value, str)
                and value
                and find_member(variable, "disabled") is not True
            ):
                self._values[name] = value
        self._left = limits.max_bytes

    def fill(self, text: str) -> tuple[str, SourceMap | None]:
        """*text* with the values in their places, and the way back; None if it stays as it is."""
        pieces: list[Piece] = []
        place = 0
        for match in VARIABLE.finditer(text):
            value = self._values.get(match[0][2:-2].strip())
            if value is None or len(value) > self._left:
                continue
            self._left -= len(value)
            pieces += [Piece(place, text[place : match.start()]), Piece(match.start(), value)]
            place = match.end()
        if not pieces:
            return text, None
        return assemble([*pieces, Piece(place, text[place:])], len(text))


def url_of(value: Any, variables: Variables) -> str:
    """A URL, as text or in parts, with the values of its variables."""
    raw = value if isinstance(value, str) else find_member(value, "raw")
    if not isinstance(raw, str):
        host, path = find_member(value, "host"), find_member(value, "path")
        raw = f"https://{_joined(host, '.')}/{_joined(path, '/')}"
    return variables.fill(raw)[0]


def _joined(parts: Any, separator: str) -> str:
    if isinstance(parts, list):
        return separator.join(
            str(find_member(part, "value") or "") if isinstance(part, dict) else str(part) for part in parts
        )
    return str(parts or "")


def headers_of(message: Any) -> list[tuple[str, str]]:
    """The headers of a request or an example, name and value; those that are switched off are none."""
    listed = find_member(message, "header")
    if isinstance(listed, str):
        pairs = [line.partition(":")[::2] for line in listed.splitlines()]
        return [(name.strip(), value.strip()) for name, value in pairs]
    return [
        (name, value)
        for header in (listed if isinstance(listed, list) else ())
        if isinstance(name := find_member(header, "key"), str)
        and isinstance(value := find_member(header, "value"), str)
        and find_member(header, "disabled") is not True
    ]


def is_bearer(auth: Any, *, inherited: bool) -> bool:
    """Whether requests are sent with a token in `Authorization`; what says nothing about that inherits it."""
    kind = find_member(auth, "type")
    return kind in {"bearer", "oauth2"} if isinstance(kind, str) else inherited
