"""Cassettes of VCR.py (pytest-recording, too) and their kin: Betamax, VCR for Ruby, go-vcr, PHP-VCR.

All of them list interactions, in YAML or JSON, and differ in how they write a body and a status.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.endpoint import is_call
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts.bodies import Body, BodyNotHad, BodyReader, read_base64, read_text
from altcraft_contract.lint.hosts.json_tree import read_json_tree
from altcraft_contract.lint.hosts.recording import Recorded, Recording, status_of
from altcraft_contract.lint.hosts.tree import find_member, kind_of
from altcraft_contract.lint.hosts.yaml_tree import read_yaml_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.lint.hosts.host import Exchange
    from altcraft_contract.lint.hosts.recording import Headers
    from altcraft_contract.lint.hosts.tree import Path, Place, Tree

INTERACTIONS: Final = ("interactions", "http_interactions")
"""What the list is called: the second by Betamax and by VCR for Ruby; PHP-VCR has nothing but the list."""

_REMEDY: Final = "record it again, or let only cassettes match"
_STATUSES: Final = ("status", "status_code", "code")


def iter_yaml_cassette(data: bytes, path: str, limits: Limits) -> Iterator[Exchange]:
    """The calls to the endpoint in a cassette in YAML; arguments and exceptions as for `Host`."""
    return _iter_exchanges(read_yaml_tree(data, path, limits), path, limits)


def iter_json_cassette(data: bytes, path: str, limits: Limits) -> Iterator[Exchange]:
    """The calls to the endpoint in a cassette in JSON; arguments and exceptions as for `Host`."""
    return _iter_exchanges(read_json_tree(data, path, limits), path, limits)


def _iter_exchanges(tree: Tree, path: str, limits: Limits) -> Iterator[Exchange]:
    name, interactions = _interactions(tree.value, path)
    calls: list[tuple[int, str]] = []
    for index, interaction in enumerate(interactions):
        request = find_member(interaction, "request")
        method = find_member(request, "method")
        url = find_member(request, "uri") or find_member(request, "url")
        if not isinstance(method, str) or not isinstance(url, str):
            where = f"interaction {index + 1}"
            is_object = isinstance(interaction, dict)
            given = f"{where} has no request.uri" if is_object else f"{where} is {kind_of(interaction)}"
            raise UnreadableFile(path, f"no cassette: {given}; {_REMEDY}")
        if is_call(method, url):
            calls.append((index, url))
    places = tree.locate((*name, index) for index, _ in calls) if calls else {}
    reader = BodyReader(limits)
    for index, url in calls:
        place = places.get((*name, index))
        yield _recording(index, interactions[index], url, place, tree.line_of(place)).exchange(reader)


def _interactions(value: Any, path: str) -> tuple[tuple[str, ...], list[Any]]:
    if isinstance(value, list):
        return (), value
    for name in INTERACTIONS:
        found = find_member(value, name)
        if isinstance(found, list):
            return (name,), found
        if found is None and isinstance(value, dict) and name in value:
            return (name,), []
    raise UnreadableFile(path, f"no cassette: it has no list {' or '.join(INTERACTIONS)}; {_REMEDY}")


def _recording(index: int, interaction: Any, url: str, place: Place | None, line: int | None) -> Recording:
    request, response = interaction["request"], interaction.get("response")
    return Recording(
        f"interaction {index + 1}",
        line,
        place,
        url,
        Recorded(_headers(request), partial(_read_body, request, "request")),
        Recorded(_headers(response), partial(_read_body, response, "response")) if isinstance(response, dict) else None,
        _status(response),
    )


def _status(response: Any) -> int | None:
    statuses = (status_of(find_member(response, name)) for name in _STATUSES)
    return next((status for status in statuses if status is not None), None)


def _headers(message: Any) -> Headers:
    headers = find_member(message, "headers")
    if not isinstance(headers, dict):
        return []
    return [
        (name, read_text(value).decode("latin-1") if isinstance(value, bytes) else value)
        for name, values in headers.items()
        for value in (values if isinstance(values, list) else [values])
        if isinstance(name, str) and isinstance(value, str | bytes)
    ]


def _read_body(message: Any, side: str) -> Body:
    name = "body" if "body" in message else "content"
    body = message.get(name)
    path: Path = (side, name)
    if isinstance(body, dict):
        if "base64_string" in body:
            return Body(read_base64(body["base64_string"]))
        if "string" in body:
            body, path = body["string"], (*path, "string")
    if body is None:
        return Body(b"")
    if isinstance(body, bytes):
        return Body(body)
    if isinstance(body, str):
        return Body(read_text(body), path)
    raise BodyNotHad(f"it was recorded as {kind_of(body)}, not as a text; record it again as one")
