"""What recordings of every kind have in common: a method, a URL, headers, bodies, a status."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from altcraft_contract.lint.hosts.bodies import BodyNotHad, syntax_of
from altcraft_contract.lint.hosts.host import Excerpt, Exchange, Unseen
from altcraft_contract.renderers.secret_names import is_secret_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from altcraft_contract.contract import Message
    from altcraft_contract.lint.hosts.bodies import Body, BodyReader
    from altcraft_contract.lint.hosts.source_map import SourceMap
    from altcraft_contract.lint.hosts.tree import Place

    Headers = list[tuple[str, str]]

_DOCUMENTED_STATUS: Final = 200
_status = re.compile(r"\s*(\d{3})(?!\d)", re.ASCII).match
# A placeholder in the place of the credentials counts as them.
_bearer = re.compile(r"\s*(?:bearer\s+\S.*|\S+\s*)", re.IGNORECASE | re.DOTALL).fullmatch


@dataclass(frozen=True, slots=True, repr=False)
class Recorded:
    """One side of an exchange as recorded.

    Attributes:
        headers: Name and value, in order.
        read_body: The body; it raises `BodyNotHad`.
    """

    headers: Headers
    read_body: Callable[[], Body]

    def values(self, name: str) -> list[str]:
        """The values of the headers of that *name*, which is in small letters."""
        return [value for key, value in self.headers if key.lower() == name]


@dataclass(frozen=True, slots=True, repr=False)
class Recording:
    """One call to the endpoint as recorded.

    Attributes:
        where: Its place for people.
        line: 1-based line of the host file on which it begins.
        place: Where it stands; None if that cannot be told.
        url: Where the request went.
        request: What was sent.
        response: What came back; None if nothing did.
        status: The HTTP status of the response.
    """

    where: str
    line: int | None
    place: Place | None
    url: str
    request: Recorded
    response: Recorded | None = None
    status: int | None = field(default=None)

    def exchange(self, reader: BodyReader) -> Exchange:
        """What of it can be judged."""
        response = self.response if self.status == _DOCUMENTED_STATUS else None
        return Exchange(
            self.where,
            self.line,
            self._message("request", self.request, reader),
            self._message("response", response, reader) if response is not None else None,
            secrets_beside(self.request.headers, self.url),
        )

    def _message(self, what: Message, recorded: Recorded, reader: BodyReader) -> Excerpt | Unseen:
        where = f"{self.where}, {what}"
        try:
            recorded_body = recorded.read_body()
            body = reader.decode(recorded_body.data, recorded.values("content-encoding"))
        except BodyNotHad as reason:
            return Unseen(what, where, self.line, str(reason))
        return Excerpt(
            what,
            body,
            syntax_of(body, ", ".join(recorded.values("content-type"))),
            where,
            self.line,
            self.url,
            what == "request" and has_bearer(recorded.values("authorization")),
            self._source(recorded_body) if body is recorded_body.data else None,
        )

    def _source(self, body: Body) -> Callable[[], SourceMap | None] | None:
        if self.place is None or body.path is None:
            return None
        return partial(_find_text, self.place, body)


def secrets_beside(headers: Headers, url: str) -> frozenset[str]:
    """What identifies the caller in the *headers* and the *url* of a request."""
    secrets = {value for name, value in headers if is_secret_name(name)}
    secrets |= {value.split()[-1] for value in secrets if value.strip()}
    try:
        query = parse_qsl(urlsplit(url).query)
    except ValueError:
        query = []
    secrets |= {value for name, value in query if is_secret_name(name)}
    return frozenset(secret for secret in secrets if secret.strip())


def has_bearer(values: Iterable[str]) -> bool:
    """Whether one of the *values* of `Authorization` holds a token, or a placeholder for one."""
    return any(_bearer(value) for value in values)


def _find_text(place: Place, body: Body) -> SourceMap | None:
    return place.find_text(body.path or (), body.data.decode(errors="surrogatepass"))


def status_of(value: Any) -> int | None:
    """The HTTP status: a number, a text such as `200 OK`, or an object with a `code`."""
    if isinstance(value, dict):
        value = value.get("code")
    if isinstance(value, int):
        return value
    match = _status(value) if isinstance(value, str) else None
    return int(match[1]) if match is not None else None
