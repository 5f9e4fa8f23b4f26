"""What a host file holds: messages, and the file that they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.lint.hosts.source_map import SourceMap


@dataclass(frozen=True, slots=True, repr=False)
class Excerpt:
    """A message that stands in a host file.

    Attributes:
        what: `request` or `response`.
        body: As it went over the wire, without transfer and content encodings.
        syntax: `json` or `xml`; None if neither the body nor its content type tells.
        where: Its place for people, such as `interaction 3, request`.
        line: 1-based line of the host file on which the entry begins; None if it cannot be told.
        url: Where the request went, as it was recorded; it may hold a token.
        token_in_header: Whether the request came with `Authorization: Bearer`.
        source: Where its characters stand in the host file, or how to find that, since most messages have no findings;
            None if it stands there encoded.
        placeholder: What stands for a value that is put in before the message is sent, such as `{{token}}`: a finding
            at a value that holds one says nothing about the message. None if nothing does.
    """

    what: Message
    body: bytes
    syntax: Syntax | None
    where: str
    line: int | None = None
    url: str = ""
    token_in_header: bool = False
    source: SourceMap | Callable[[], SourceMap | None] | None = None
    placeholder: re.Pattern[str] | None = None

    def find_source(self) -> SourceMap | None:
        """Where its characters stand; offsets are those of `decode_host`. None if that cannot be told."""
        return self.source() if callable(self.source) else self.source

    def __repr__(self) -> str:
        return f"<Excerpt {self.where}, {len(self.body)} bytes>"


@dataclass(frozen=True, slots=True)
class Unseen:
    """A message that was recorded in a way from which its body cannot be had.

    Attributes:
        what: `request` or `response`.
        where: As for `Excerpt`.
        line: As for `Excerpt`.
        reason: Why, and what to do about it.
    """

    what: Message
    where: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True, repr=False)
class Exchange:
    """A request and its response, as they stand in a host file.

    Attributes:
        where: Its place for people, such as `interaction 3`.
        line: 1-based line of the host file on which it begins; None if it cannot be told.
        request: None if the host file holds only the response.
        response: None if there is none whose body is documented: no answer came, or its HTTP status is not 200.
        secrets: What must not be shown and stands outside the bodies, such as the value of `Authorization`.
        repeats: Whether the request has been judged with an earlier exchange, so that only the response is new.
    """

    where: str
    line: int | None
    request: Excerpt | Unseen | None
    response: Excerpt | Unseen | None
    secrets: frozenset[str] = field(default=frozenset())
    repeats: bool = False

    def __repr__(self) -> str:
        return f"<Exchange {self.where}>"


class Host(NamedTuple):
    """A kind of host file.

    Attributes:
        name: What people call it.
        iter_exchanges: The calls to the endpoint that stand in a file, in order: of its bytes, its path (for faults)
            and bounds. It raises `UnreadableFile` if the file is not of this kind.
    """

    name: str
    iter_exchanges: Callable[[bytes, str, Limits], Iterator[Exchange]]
