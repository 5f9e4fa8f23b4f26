"""Fuzzes the readers of files around messages: any bytes end in entries, or in one documented exception."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import yaml

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts.har import iter_har
from altcraft_contract.lint.hosts.host import Host
from altcraft_contract.lint.hosts.http_file import iter_http
from altcraft_contract.lint.hosts.linting import iter_host_entries
from altcraft_contract.lint.hosts.markdown import iter_markdown
from altcraft_contract.lint.hosts.openapi import iter_json_openapi, iter_yaml_openapi
from altcraft_contract.lint.hosts.postman import iter_postman
from altcraft_contract.lint.hosts.python_file import iter_python
from altcraft_contract.lint.hosts.vcr import iter_json_cassette, iter_yaml_cassette
from fuzzing.readers import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTS: Final = (
    Host("HTTP Archive", iter_har),
    Host("cassette", iter_yaml_cassette),
    Host("cassette", iter_json_cassette),
    Host("HTTP request file", iter_http),
    Host("Markdown document", iter_markdown),
    Host("Python source", iter_python),
    Host("Postman collection", iter_postman),
    Host("OpenAPI document", iter_yaml_openapi),
    Host("OpenAPI document", iter_json_openapi),
)
_BODY: Final = '{"email": "a@example.com", "data": {"external_id": "1", "total_price": "1", "lines": []}}'
_PATH: Final = "/api/v1.1/market/orders/preorder_commit"
_URL: Final = f"https://example.com{_PATH}"
_SENT: Final = {"method": "POST", "url": _URL, "postData": {"mimeType": "application/json", "text": _BODY}}
_POSTED: Final = {"method": "POST", "url": _URL, "body": {"mode": "raw", "raw": _BODY}}
_CONTENT: Final = {"application/json": {"example": json.loads(_BODY)}}
_API: Final = {"openapi": "3.1.0", "paths": {_PATH: {"post": {"requestBody": {"content": _CONTENT}}}}}
_SEEDS: Final = (
    json.dumps({"log": {"entries": [{"request": _SENT, "response": {"status": 200, "content": {"text": "{}"}}}]}}),
    f"interactions:\n- request:\n    method: POST\n    uri: {_URL}\n    body: '{_BODY}'\n",
    json.dumps({"interactions": [{"request": {"method": "POST", "uri": _URL, "body": _BODY}}]}),
    f"POST {_URL}\nContent-Type: application/json\n\n{_BODY}\n\n###\n",
    f"# Orders\n\n```json\n{_BODY}\n```\n",
    f"import requests\n\nrequests.post('{_URL}', json={_BODY})\nBODY = '''{_BODY}'''\n",
    json.dumps({"info": {"schema": "v2.1.0"}, "item": [{"name": "a", "request": _POSTED}]}),
    yaml.safe_dump(_API),
    json.dumps(_API),
)


def check_hosts(data: bytes) -> None:
    """Check the messages within a file.

    Args:
        data: A byte that says what the file is, and the file.

    Raises:
        AssertionError: A finding lies outside the file.
    """
    host, content = HOSTS[data[0] % len(HOSTS) if data else 0], data[1:]
    lines = content.count(b"\n") + content.count(b"\r") + 1
    with suppress(UnreadableFile):
        for entry in iter_host_entries(host, content, "file", limits=LIMITS, unseen=lambda _: None):
            assert all(1 <= finding.line <= lines for finding in entry.result.findings if finding.line is not None)


def iter_host_seeds() -> Iterator[bytes]:
    """Yield a small file of each kind, with the byte that says what it is."""
    yield from (bytes([kind]) + text.encode() for kind, text in enumerate(_SEEDS))
