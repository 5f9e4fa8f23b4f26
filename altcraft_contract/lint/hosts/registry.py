"""Which files are host files: by their suffix, or, where other files have that, too, by what stands at their top."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.lint.hosts.har import iter_har
from altcraft_contract.lint.hosts.host import Host
from altcraft_contract.lint.hosts.http_file import iter_http
from altcraft_contract.lint.hosts.markdown import iter_markdown
from altcraft_contract.lint.hosts.openapi import VERSIONS, iter_json_openapi, iter_yaml_openapi
from altcraft_contract.lint.hosts.postman import iter_postman
from altcraft_contract.lint.hosts.python_file import iter_python
from altcraft_contract.lint.hosts.top import iter_json_top, iter_yaml_top
from altcraft_contract.lint.hosts.vcr import INTERACTIONS, iter_json_cassette, iter_yaml_cassette

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import PurePath


class Mark(NamedTuple):
    """What tells that a document is a host file.

    Attributes:
        host: What the file is.
        members: What has to stand at its top, all of it: name to how the value may begin, in one character each; any
            way, if that is empty. `- name` is a member of the first item of a list.
    """

    host: Host
    members: Mapping[str, str]


class Marked(NamedTuple):
    """Files of which only some are host files.

    Attributes:
        iter_top: The members at the top of a document, as far as its first bytes show them: name, and the character
            with which the value begins, if that is told.
        marks: What to look for; the first that fits counts.
    """

    iter_top: Callable[[bytes], Iterator[tuple[str, str]]]
    marks: tuple[Mark, ...]


_HAR: Final = Host("HTTP Archive", iter_har)
_CASSETTE: Final = Host("cassette", iter_yaml_cassette)
_JSON_CASSETTE: Final = Host("cassette", iter_json_cassette)
_HTTP_FILE: Final = Host("HTTP request file", iter_http)
_MARKDOWN: Final = Host("Markdown document", iter_markdown)
_PYTHON: Final = Host("Python source", iter_python)
_POSTMAN: Final = Host("Postman collection", iter_postman)
_OPENAPI: Final = Host("OpenAPI document", iter_yaml_openapi)
_JSON_OPENAPI: Final = Host("OpenAPI document", iter_json_openapi)

_JSON: Final = Marked(
    iter_json_top,
    (
        Mark(_HAR, {"log": "{"}),
        *(Mark(_JSON_CASSETTE, {name: "["}) for name in INTERACTIONS),
        Mark(_JSON_CASSETTE, {"- request": "{", "- response": "{"}),
        *(Mark(_JSON_OPENAPI, {name: '"', "paths": "{"}) for name in VERSIONS),
        Mark(_POSTMAN, {"info": "{", "item": "["}),
    ),
)
_YAML: Final = Marked(
    iter_yaml_top,
    (
        *(Mark(_CASSETTE, {name: ""}) for name in INTERACTIONS),
        Mark(_CASSETTE, {"- request": "", "- response": ""}),
        *(Mark(_OPENAPI, {name: ""}) for name in VERSIONS),
    ),
)

HOSTS: Final[Mapping[str, Host | Marked]] = MappingProxyType(
    {
        ".har": _HAR,
        ".http": _HTTP_FILE,
        ".json": _JSON,
        ".markdown": _MARKDOWN,
        ".md": _MARKDOWN,
        ".py": _PYTHON,
        ".rest": _HTTP_FILE,
        ".yaml": _YAML,
        ".yml": _YAML,
    }
)
"""Suffix, in small letters, to the kind of host file; to marks, where other files have that suffix, too."""

HOST_SUFFIXES: Final = frozenset(HOSTS)
"""The suffixes of files that may be host files."""

NO_HOST: Final = (
    "neither a cassette (interactions or http_interactions at its top) nor an OpenAPI document (openapi or swagger); "
    "name only files that hold messages"
)
"""Why a file with the suffix of YAML is no host file."""


def find_host(path: PurePath, start: bytes) -> Host | None:
    """What kind of host file stands at *path*; None if it is none.

    Args:
        path: Only its suffix counts.
        start: The first bytes of the file, some 64 KiB.
    """
    kind = HOSTS.get(path.suffix.lower())
    if kind is None or isinstance(kind, Host):
        return kind
    members: dict[str, str] = {}
    for name, opening in kind.iter_top(start):
        members[name] = opening
        for mark in kind.marks:
            if name in mark.members and all(
                wanted in members and (not opened or members[wanted] in opened)
                for wanted, opened in mark.members.items()
            ):
                return mark.host
    return None
