"""HTTP Archives (HAR 1.2), which browsers, proxies and recorders write.

The format: http://www.softwareishard.com/blog/har-12-spec/, sections `entries`, `postData` and `content`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.endpoint import is_call
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts.bodies import BodyNotHad, BodyReader, read_base64, read_text
from altcraft_contract.lint.hosts.json_tree import read_json_tree
from altcraft_contract.lint.hosts.recording import Recorded, Recording, status_of
from altcraft_contract.lint.hosts.tree import find_member, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.lint.hosts.host import Exchange
    from altcraft_contract.lint.hosts.recording import Headers

_ENTRIES: Final = ("log", "entries")


def iter_har(data: bytes, path: str, limits: Limits) -> Iterator[Exchange]:
    """The calls to the endpoint in an archive; arguments and exceptions as for `Host`."""
    tree = read_json_tree(data, path, limits)
    entries = find_member(tree.value, *_ENTRIES)
    if not isinstance(entries, list):
        raise UnreadableFile(path, "no HTTP Archive: it has no list log.entries; export it as HAR 1.2")
    lines = tree.lines(_ENTRIES)
    reader = BodyReader(limits)
    for index, entry in enumerate(entries):
        request = find_member(entry, "request")
        method, url = find_member(request, "method"), find_member(request, "url")
        if not isinstance(method, str) or not isinstance(url, str):
            where = f"log.entries[{index}]"
            given = f"{where} is {kind_of(entry)}" if not isinstance(entry, dict) else f"{where} has no request.url"
            raise UnreadableFile(path, f"no HTTP Archive: {given}; export it as HAR 1.2")
        if is_call(method, url):
            yield _recording(index, entry, url, lines.find(index)).exchange(reader)


def _recording(index: int, entry: Any, url: str, line: int | None) -> Recording:
    request, response = entry["request"], entry.get("response")
    return Recording(
        f"entry {index + 1}",
        line,
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


def _request_body(request: Any) -> bytes:
    post = find_member(request, "postData")
    text = find_member(post, "text")
    if text is None and request.get("bodySize") == 0:
        return b""
    # Some recorders (Playwright, mitmproxy) mark base64 here, too, as the format does for answers.
    return _body(text, find_member(post, "encoding") or find_member(post, "_encoding"), "request.postData.text")


def _response_body(response: Any) -> bytes:
    content = find_member(response, "content")
    text = find_member(content, "text")
    if text is None and find_member(content, "size") == 0:
        return b""
    return _body(text, find_member(content, "encoding"), "response.content.text")


def _body(text: Any, encoding: Any, place: str) -> bytes:
    if text is None:
        raise BodyNotHad(f"the archive was saved without {place}; export it with content")
    if not isinstance(text, str):
        raise BodyNotHad(f"{place} is {kind_of(text)}, not a text; export it as HAR 1.2")
    return read_base64(text) if encoding == "base64" else read_text(text)
