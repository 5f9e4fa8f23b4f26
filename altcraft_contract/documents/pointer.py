"""RFC 6901 JSON Pointers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_WANTED = None


def escape(token: str | int) -> str:
    """One reference token as it stands in a pointer."""
    return str(token).replace("~", "~0").replace("/", "~1")


def join(tokens: Iterable[str | int]) -> str:
    """The pointer made of *tokens*; no token gives `""`, the whole document."""
    return "".join(f"/{escape(token)}" for token in tokens)


def split(pointer: str) -> list[str]:
    """The tokens of *pointer*, decoded."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def wanted_tree(pointers: Iterable[str]) -> dict[str | None, Any]:
    """A tree of tokens to look *pointers* up in while reading.

    Returns:
        Nested dictionaries, token to subtree; where a pointer ends, the key `None` holds that pointer.
    """
    root: dict[str | None, Any] = {}
    for pointer in pointers:
        node = root
        for token in split(pointer):
            node = node.setdefault(token, {})
        node[_WANTED] = pointer
    return root


def forget_starts(starts: dict[str, int], wanted: dict[str | None, Any] | None) -> None:
    """Take out of *starts* the pointers of a `wanted_tree`: what they show in is repeated, and counts no more."""
    for token, below in (wanted or {}).items():
        if token is None:
            starts.pop(below, None)
        else:
            forget_starts(starts, below)
