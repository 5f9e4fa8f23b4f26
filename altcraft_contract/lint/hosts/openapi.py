"""OpenAPI 3 and Swagger 2 documents: the examples of the endpoint's request and of its answer.

The formats: https://spec.openapis.org/oas/, Media Type Object and Example Object; in 2.0, Response Object.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

from altcraft_contract.documents.pointer import split
from altcraft_contract.endpoint import ENDPOINT_METHOD, is_call
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts.bodies import read_text, syntax_of
from altcraft_contract.lint.hosts.host import Excerpt, Exchange, Unseen
from altcraft_contract.lint.hosts.json_tree import read_json_tree
from altcraft_contract.lint.hosts.tree import find_member, kind_of
from altcraft_contract.lint.hosts.yaml_tree import read_yaml_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Message
    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.lint.hosts.tree import Path, Place, Tree

VERSIONS: Final = ("openapi", "swagger")
"""What the member with the version is called, by version."""

_MOST_REFERENCES: Final = 20  # one to the next
_DOCUMENTED_STATUS: Final = "200"
_LONGEST: Final = 60  # characters of a name


def iter_yaml_openapi(data: bytes, path: str, limits: Limits) -> Iterator[Exchange]:
    """The examples of the endpoint in a document in YAML; arguments and exceptions as for `Host`."""
    return _iter_exchanges(read_yaml_tree(data, path, limits), path)


def iter_json_openapi(data: bytes, path: str, limits: Limits) -> Iterator[Exchange]:
    """The examples of the endpoint in a document in JSON; arguments and exceptions as for `Host`."""
    return _iter_exchanges(read_json_tree(data, path, limits), path)


def _iter_exchanges(tree: Tree, path: str) -> Iterator[Exchange]:
    if not isinstance(tree.value, dict) or not any(name in tree.value for name in VERSIONS):
        raise UnreadableFile(path, "no OpenAPI document: it has neither openapi nor swagger at its top")
    document = _Document(tree)
    samples = {sample.path: sample for sample in reversed(list(document.samples()))}  # a shared one once, where first
    places = tree.locate(samples) if samples else {}
    for sample in reversed(samples.values()):
        place = places.get(sample.path)
        message = _excerpt(sample, place, tree.line_of(place), find_member(tree.value, *sample.path))
        request, response = (message, None) if sample.what == "request" else (None, message)
        yield Exchange(sample.where, message.line, request, response)


class _Sample(NamedTuple):
    """An example.

    Attributes:
        what: Of which message.
        path: Where its value stands.
        media_type: What it is an example of.
        where: Its place for people.
        has_token: Whether the request goes with a token in its header.
    """

    what: Message
    path: Path
    media_type: str
    where: str
    has_token: bool = False


def _excerpt(sample: _Sample, place: Place | None, line: int | None, value: Any) -> Excerpt | Unseen:
    if isinstance(value, str):
        body = read_text(value)
        syntax = syntax_of(body, sample.media_type)
        source = partial(place.find_text, (), value) if place is not None else None
        return Excerpt(sample.what, body, syntax, sample.where, line, token_in_header=sample.has_token, source=source)
    if "xml" in sample.media_type:
        reason = f"the example of {_shown(sample.media_type)} is {kind_of(value)}, not a text; write the XML itself"
        return Unseen(sample.what, sample.where, line, reason)
    message = place.read_message() if place is not None else None
    if message is None:
        return Unseen(sample.what, sample.where, line, "it cannot be read as JSON, or is too large; make it a text")
    text, found = message
    return Excerpt(
        sample.what,
        read_text(text),
        "json",
        sample.where,
        line,
        token_in_header=sample.has_token,
        source=found,
    )


@dataclass(slots=True)
class _Document:
    tree: Tree

    def samples(self) -> Iterator[_Sample]:
        """The examples, where they are used; some may be the same."""
        value = self.tree.value
        paths = find_member(value, "paths")
        for name in paths if isinstance(paths, dict) else ():
            if not isinstance(name, str) or not self.is_endpoint(name):
                continue
            item = self.follow(("paths", name))
            operation = self.follow((*item, ENDPOINT_METHOD.lower())) if item is not None else None
            if operation is not None and isinstance(find_member(value, *operation), dict):
                yield from self.of_request(operation)
                yield from self.of_response(operation)

    def is_endpoint(self, name: str) -> bool:
        """Whether a path leads to the endpoint, below one of the servers or by itself."""
        value = self.tree.value
        servers = find_member(value, "servers")
        bases = [find_member(server, "url") for server in servers] if isinstance(servers, list) else []
        bases.append(find_member(value, "basePath"))
        return is_call(ENDPOINT_METHOD, name) or any(
            is_call(ENDPOINT_METHOD, base.rstrip("/") + name) for base in bases if isinstance(base, str)
        )

    def of_request(self, operation: Path) -> Iterator[_Sample]:
        has_token = self.has_token(operation)
        body = self.follow((*operation, "requestBody"))
        if body is not None:
            yield from self.of_content("request", body, has_token=has_token)
        parameters = find_member(self.tree.value, *operation, "parameters")
        for index in range(len(parameters) if isinstance(parameters, list) else 0):
            parameter = self.follow((*operation, "parameters", index))
            if parameter is not None and find_member(self.tree.value, *parameter, "in") == "body":
                media_type = self.consumed(operation)
                yield from self.of_schema("request", (*parameter, "schema"), media_type, has_token=has_token)

    def of_response(self, operation: Path) -> Iterator[_Sample]:
        response = self.follow((*operation, "responses", _DOCUMENTED_STATUS))
        if response is None:
            return
        yield from self.of_content("response", response)
        examples, listed = self.members((*response, "examples"))
        for media_type in listed:
            if _is_ours(media_type):
                yield _Sample("response", (*examples, media_type), media_type, f"response, {_shown(media_type)}")
        yield from self.of_schema("response", (*response, "schema"), "application/json")

    def of_content(self, what: Message, holder: Path, *, has_token: bool = False) -> Iterator[_Sample]:
        """The examples of each media type."""
        content = find_member(self.tree.value, *holder, "content")
        for media_type in content if isinstance(content, dict) else ():
            place = self.follow((*holder, "content", media_type)) if _is_ours(media_type) else None
            if place is None:
                continue
            where = f"{what}, {_shown(media_type)}"
            if "example" in self.members(place)[1]:
                yield _Sample(what, (*place, "example"), media_type, f"{where}, example", has_token)
            examples, listed = self.members((*place, "examples"))
            for name in listed:
                example, members = self.members((*examples, name))
                if "value" in members:
                    label = f"{where}, example {str(name)[:_LONGEST]}"
                    yield _Sample(what, (*example, "value"), media_type, label, has_token)
            yield from self.of_schema(what, (*place, "schema"), media_type, has_token=has_token)

    def of_schema(self, what: Message, place: Path, media_type: str, *, has_token: bool = False) -> Iterator[_Sample]:
        """The example of the whole message that its schema has."""
        schema, members = self.members(place)
        where = f"{what}, {_shown(media_type)}, example of the schema"
        if "example" in members:
            yield _Sample(what, (*schema, "example"), media_type, where, has_token)
        listed = members.get("examples")
        for index in range(len(listed) if isinstance(listed, list) else 0):
            yield _Sample(what, (*schema, "examples", index), media_type, f"{where} {index + 1}", has_token)

    def consumed(self, operation: Path) -> str:
        """The media type of requests in version 2, where an example does not say."""
        for place in ((*operation, "consumes"), ("consumes",)):
            listed = find_member(self.tree.value, *place)
            if isinstance(listed, list) and listed and isinstance(listed[0], str):
                return listed[0]
        return "application/json"

    def has_token(self, operation: Path) -> bool:
        """Whether a request is sent with a token in `Authorization`."""
        value = self.tree.value
        security = find_member(value, *operation, "security")
        wanted = security if isinstance(security, list) else find_member(value, "security")
        names = [name for one in (wanted if isinstance(wanted, list) else ()) if isinstance(one, dict) for name in one]
        return any(
            _is_bearer(find_member(value, *place, name))
            for place in (("components", "securitySchemes"), ("securityDefinitions",))
            for name in names
        )

    def members(self, path: Path) -> tuple[Path, dict[Any, Any]]:
        """Where the object at *path* stands, its references followed, and its members; none if there is none."""
        place = self.follow(path)
        value = find_member(self.tree.value, *place) if place is not None else None
        return place or path, value if isinstance(value, dict) else {}

    def follow(self, path: Path) -> Path | None:
        """Where the value at *path* stands, once its references are followed; None if that is not in this file."""
        for _ in range(_MOST_REFERENCES):
            value = find_member(self.tree.value, *path)
            if value is None:
                return None
            reference = value.get("$ref") if isinstance(value, dict) else None
            if not isinstance(reference, str):
                return path
            if not reference.startswith("#"):
                return None
            path = self.path_of(unquote(reference[1:]))
        return None

    def path_of(self, pointer: str) -> Path:
        """The path that a pointer means."""
        path: list[str | int] = []
        value = self.tree.value
        for token in split(pointer):
            key = (
                int(token)
                if isinstance(value, list) and token.isdecimal() and len(token) < len("1000000000")
                else token
            )
            path.append(key)
            value = find_member(value, key)
        return tuple(path)


def _is_ours(media_type: Any) -> bool:
    return isinstance(media_type, str) and ("json" in media_type or "xml" in media_type or media_type.startswith("*/"))


def _is_bearer(scheme: Any) -> bool:
    """Whether a scheme puts a token into the header; version 2 knows no bearer, and calls it a key."""
    kind, name = find_member(scheme, "scheme"), find_member(scheme, "name")
    return (isinstance(kind, str) and kind.lower() == "bearer") or (
        isinstance(name, str) and name.lower() == "authorization" and find_member(scheme, "in") == "header"
    )


def _shown(media_type: str) -> str:
    return media_type.partition(";")[0].strip()[:_LONGEST]
