"""Tokens that stand in what a test has printed or logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import read_document
from altcraft_contract.renderers.known_secrets import KnownSecrets
from altcraft_contract.renderers.redaction import redact_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from altcraft_contract.stub import Request

Section = tuple[str, str]
"""What pytest calls a captured text, and the text."""

_LARGEST: Final = 1024 * 1024  # bytes of a body in which a token is looked for
_SHORTEST: Final = 6  # characters; what is shorter is part of too many other words
_WORDS: Final = frozenset({"access-token", "access_token", "api-token", "api_token", "bearer", "secret", "token"})
_SHOWN: Final = 120  # characters of a line
_MOST: Final = 5  # lines of one section


def tokens_of(request: Request) -> Iterator[str]:
    """The tokens that a request carries, in its headers and in its body."""
    if request.bearer_token is not None:
        yield request.bearer_token
    if len(request.body) > _LARGEST or b"token" not in request.body:
        return
    document = read_document(request.body, load_contract().request_shape)
    value = document.value
    if not document.malformed and isinstance(value, dict) and isinstance(value.get("token"), str):
        yield value["token"]


def find_leaks(sections: Sequence[Section], tokens: Iterable[str]) -> list[str]:
    """A line for each place where one of *tokens* stands in a captured text; the token is masked."""
    known = {token for token in tokens if len(token) >= _SHORTEST and token.lower() not in _WORDS}
    secrets = KnownSecrets(known)
    leaks = []
    for name, content in sections:
        lines = [line for line in content.splitlines() if next(iter(secrets.iter_spans(line)), None) is not None]
        for line in lines[:_MOST]:
            shown = redact_text(line.strip(), known)
            leaks.append(f"{name}: {shown[:_SHOWN]}{'…' if len(shown) > _SHOWN else ''}")
        if len(lines) > _MOST:
            leaks.append(f"{name}: and {len(lines) - _MOST} more lines")
    return leaks
