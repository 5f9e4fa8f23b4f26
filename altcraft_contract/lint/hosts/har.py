"""HTTP Archives (HAR 1.2), which browsers, proxies and recorders write.

The format: http://www.softwareishard.com/blog/har-12-spec/, sections `entries`, `postData` and `content`.
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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.lint.hosts.host import Exchange
    from altcraft_contract.lint.hosts.recording import Headers
    from altcraft_contract.lint.hosts.tree import Place

_ENTRIES: Final = ("log", "entries")


def iter_har(data: bytes, path: str, limits: Limits) -> Iterator[Exchange]:
    """The calls to the endpoint in an archive; arguments and exceptions as for `Host`."""
    tree = read_json_tree(data, path, limits)
    entries = find_member(tree.value, *_ENTRIES)
    if not isinstance(entries, list):
        raise UnreadableFile(path, "no HTTP Archive: it has no list log.entries; export it as HAR 1.2")
    calls: list[tuple[int, str]] = []
    for index, entry in enumerate(entries):
        request = find_member(entry, "request")
        method, url = find_member(request, "method"), find_member(request, "url")
        if not isinstance(method, str) or not isinstance(url, str):
            where = f"log.entries[{index}]"
            given = f"{where} is {kind_of(entry)}" if not isinstance(entry, dict) else f"{where} has no request.url"
            raise UnreadableFile(path, f"no HTTP Archive: {given}; export it as HAR 1.2")
        if is_call(method, url):
            calls.append((index, url))
    places = tree.locate((*_ENTRIES, index) for index, _ in calls) if calls else {}
    reader = BodyReader(limits)
    for index, url in calls:
        place = places.get((*_ENTRIES, index))
        yield _recording(index, entries[index], url, place, tree.line_of(place)).exchange(reader)


def _recording(index: int, entry: Any, url: str, place: Place | None, line: int | None) -> Recording:
    request, response = entry["request"], entry.get("response")
    return Recording(
        f"entry {index + 1}",
        line,
        place,
        url,
        Recorded(_headers(request), partial(_request_body, request)),
        Recorded(_headers(response), partial(_response_body, response)) if isinstance(response, dict) else None,
        status_of(find_member(response, "status")),
    )


def _headers(message: Any) -> Headers:
    headers = find_member(message, "headers")
    pairs = (
        [(find_member(header, "name"), find_member(header, "value")) for header in headers or ()]
        if (isinstance(headers, list))
        else []
    )
    return [(name, value) for name, value in pairs if isinstance(name, str) and isinstance(value, str)]


def _request_body(request: Any) -> Body:
    post = find_member(request, "postData")
    text = find_member(post, "text")
    if text is None and request.get("bodySize") == 0:
        return Body(b"")
    # Some recorders (Playwright, mitmproxy) mark base64 here, too, as the format does for answers.
    return _body(text, find_member(post, "encoding") or find_member(post, "_encoding"), ("request", "postData", "text"))


def _response_body(response: Any) -> Body:
    content = find_member(response, "content")
    text = find_member(content, "text")
    if text is None and find_member(content, "size") == 0:
        return Body(b"")
    return _body(text, find_member(content, "encoding"), ("response", "content", "text"))


def _body(text: Any, encoding: Any, path: tuple[str, ...]) -> Body:
    place = ".".join(path)
    if text is None:
        raise BodyNotHad(f"the archive was saved without {place}; export it with content")
    if not isinstance(text, str):
        raise BodyNotHad(f"{place} is {kind_of(text)}, not a text; export it as HAR 1.2")
    return Body(read_base64(text)) if encoding == "base64" else Body(read_text(text), path)
