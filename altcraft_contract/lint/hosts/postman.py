"""Collections of Postman, versions 2.0 and 2.1: requests in folders, with saved examples of their answers.

The format: https://schema.postman.com/, `collection.json`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.endpoint import is_call
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts.bodies import syntax_of
from altcraft_contract.lint.hosts.host import Excerpt, Exchange, Unseen
from altcraft_contract.lint.hosts.json_tree import read_json_tree
from altcraft_contract.lint.hosts.postman_values import Variables, headers_of, is_bearer, url_of
from altcraft_contract.lint.hosts.recording import has_bearer, secrets_beside, status_of
from altcraft_contract.lint.hosts.samples import VARIABLE, fill_variables
from altcraft_contract.lint.hosts.source_map import ChainedMap
from altcraft_contract.lint.hosts.tree import find_member, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Message
    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.lint.hosts.source_map import SourceMap
    from altcraft_contract.lint.hosts.tree import Path, Place, Tree

_MOST_LEVELS: Final = 32  # of folders
_LONGEST: Final = 60  # characters of a name
_DOCUMENTED_STATUS: Final = 200
_BARE: Final = (
    "variables such as {{count}} stand outside of its texts, so it is no JSON before Postman fills them in; "
    "give them values in the collection"
)


def iter_postman(data: bytes, path: str, limits: Limits) -> Iterator[Exchange]:
    """The calls to the endpoint in a collection; arguments and exceptions as for `Host`."""
    tree = read_json_tree(data, path, limits)
    items = find_member(tree.value, "item")
    if not isinstance(items, list):
        raise UnreadableFile(path, "no Postman collection: it has no list item; export it as Collection v2.1")
    variables = Variables(find_member(tree.value, "variable"), limits)
    calls = [
        call for call in _iter_items(tree.value, (), (), is_authorized=False, path=path) if call.is_call(variables)
    ]
    yield from _Collection(tree, variables, limits).exchanges(calls)


class _Call(NamedTuple):
    """A request of a collection.

    Attributes:
        names: Of the folders that it is in, and its own.
        path: Where it stands.
        item: What stands there.
        is_authorized: Whether the collection or a folder has it sent with a token.
    """

    names: tuple[str, ...]
    path: Path
    item: Any
    is_authorized: bool

    def is_call(self, variables: Variables) -> bool:
        """Whether it goes to the endpoint."""
        request = self.item["request"]
        method = find_member(request, "method")
        return isinstance(method, str) and is_call(method, url_of(find_member(request, "url"), variables))


def _iter_items(folder: Any, names: tuple[str, ...], where: Path, *, is_authorized: bool, path: str) -> Iterator[_Call]:
    items = find_member(folder, "item")
    if not isinstance(items, list):
        return
    if len(names) >= _MOST_LEVELS:
        raise UnreadableFile(path, f"folders within more than {_MOST_LEVELS} folders; export a smaller collection")
    is_authorized = is_bearer(find_member(folder, "auth"), inherited=is_authorized)
    for index, item in enumerate(items):
        name = find_member(item, "name")
        below = (*names, name[:_LONGEST] if isinstance(name, str) and name else str(index + 1))
        place = (*where, "item", index)
        if isinstance(find_member(item, "request"), dict):
            yield _Call(below, place, item, is_authorized)
        yield from _iter_items(item, below, place, is_authorized=is_authorized, path=path)


@dataclass(slots=True)
class _Collection:
    tree: Tree
    variables: Variables
    limits: Limits

    def exchanges(self, calls: list[_Call]) -> Iterator[Exchange]:
        places = self.tree.locate(call.path for call in calls) if calls else {}
        met: dict[str, int] = {}
        for call in calls:
            where = " / ".join(call.names)
            met[where] = met.get(where, 0) + 1
            name = f"request {where}" + (f" ({met[where]})" if met[where] > 1 else "")
            place = places.get(call.path)
            yield from self.of_call(call, _Spot(name, self.tree.line_of(place), place))

    def of_call(self, call: _Call, spot: _Spot) -> Iterator[Exchange]:
        """The request, and each saved example, with the request that it answers."""
        request = call.item["request"]
        own = self.request(request, ("request",), call, spot)
        yield self.exchange(request, own, None, spot)
        responses = find_member(call.item, "response")
        for index, response in enumerate(responses if isinstance(responses, list) else ()):
            if status_of(find_member(response, "code")) != _DOCUMENTED_STATUS:
                continue
            name = find_member(response, "name")
            label = f"{index + 1}" + (f" ({name[:_LONGEST]})" if isinstance(name, str) and name else "")
            example = spot._replace(where=f"{spot.where}, example {label}")
            path: Path = ("response", index)
            asked = find_member(response, "originalRequest")
            is_same = not isinstance(asked, dict) or _raw_of(asked) in {None, _raw_of(request)}
            sent = own if is_same else self.request(asked, (*path, "originalRequest"), call, example)
            answer = self.response(response, path, example)
            yield self.exchange(request if is_same else asked, sent, answer, example, repeats=is_same)

    def exchange(
        self,
        request: Any,
        sent: Excerpt | Unseen,
        answer: Excerpt | Unseen | None,
        spot: _Spot,
        *,
        repeats: bool = False,
    ) -> Exchange:
        secrets = secrets_beside(headers_of(request), url_of(find_member(request, "url"), self.variables))
        return Exchange(spot.where, spot.line, sent, answer, secrets, repeats)

    def request(self, request: Any, path: Path, call: _Call, spot: _Spot) -> Excerpt | Unseen:
        body = find_member(request, "body")
        mode = find_member(body, "mode")
        if mode not in (None, "raw"):
            shown = mode if mode in {"urlencoded", "formdata", "file", "graphql"} else "of another kind"
            return Unseen("request", f"{spot.where}, request", spot.line, f"its body is {shown}; give it as raw text")
        headers = headers_of(request)
        is_authorized = is_bearer(find_member(request, "auth"), inherited=call.is_authorized)
        language = find_member(body, "options", "raw", "language")
        content_type = f"application/{language}" if language in {"json", "xml"} else _content_type(headers)
        has_token = is_authorized or has_bearer(value for name, value in headers if name.lower() == "authorization")
        url = url_of(find_member(request, "url"), self.variables)
        raw = find_member(body, "raw")
        return self.excerpt("request", raw, (*path, "body", "raw"), content_type, spot, url=url, has_token=has_token)

    def response(self, response: Any, path: Path, spot: _Spot) -> Excerpt | Unseen:
        content_type = _content_type(headers_of(response))
        return self.excerpt("response", find_member(response, "body"), (*path, "body"), content_type, spot)

    def excerpt(
        self,
        what: Message,
        raw: Any,
        path: Path,
        content_type: str,
        spot: _Spot,
        *,
        url: str = "",
        has_token: bool = False,
    ) -> Excerpt | Unseen:
        where = f"{spot.where}, {what}"
        if raw is None:
            raw = ""
        if not isinstance(raw, str):
            return Unseen(
                what, where, spot.line, f"its body is {kind_of(raw)}, not a text; export the collection again"
            )
        text, first = self.variables.fill(raw)
        body = text.encode(errors="surrogatepass")
        syntax = syntax_of(body, content_type)
        if syntax != "xml" and fill_variables(body, self.limits) is None:
            return Unseen(what, where, spot.line, _BARE)
        source = partial(_find_source, spot.place, path, raw, first) if spot.place is not None else None
        return Excerpt(what, body, syntax, where, spot.line, url, has_token, source, VARIABLE)


class _Spot(NamedTuple):
    """Where a request stands: for people, and in the file."""

    where: str
    line: int | None
    place: Place | None


def _find_source(place: Place, path: Path, raw: str, first: SourceMap | None) -> SourceMap | None:
    second = place.find_text(path, raw)
    return second if second is None or first is None else ChainedMap(first, second)


def _raw_of(request: Any) -> Any:
    return find_member(request, "body", "raw")


def _content_type(headers: list[tuple[str, str]]) -> str:
    return ", ".join(value for name, value in headers if name.lower() == "content-type")
