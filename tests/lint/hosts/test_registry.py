"""Which files are host files."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from altcraft_contract.lint.hosts import HOSTS, find_host
from altcraft_contract.lint.hosts.har import iter_har
from altcraft_contract.lint.hosts.openapi import iter_json_openapi, iter_yaml_openapi
from altcraft_contract.lint.hosts.postman import iter_postman
from altcraft_contract.lint.hosts.vcr import iter_json_cassette, iter_yaml_cassette
from tests.lint.hosts.recordings import REQUEST, RESPONSE


@pytest.mark.parametrize(
    ("name", "start", "reader"),
    [
        ("a.har", b"", iter_har),
        ("A.HAR", b"\x00", iter_har),
        ("a.yaml", b"", None),
        ("a.yml", b"version: 1\nservices:\n  interactions:\n", None),
        ("a.yml", b"interactions:\n- request:", iter_yaml_cassette),
        ("A.YAML", b"\xef\xbb\xbf# VCR\r\n---\r\nhttp_interactions:\r\n", iter_yaml_cassette),
        ("a.yaml", "interactions: []\n".encode("utf-16"), iter_yaml_cassette),
        ("a.yaml", b"  version: 1\n  interactions: []\n", iter_yaml_cassette),
        ("a.yaml", b'{"interactions": []}', iter_yaml_cassette),
        ("a.yaml", b"-\n    request:\n        method: POST\n    response:\n        status: {}\n", iter_yaml_cassette),
        ("a.yaml", b"- request: {method: GET}\n  response: {}\n", iter_yaml_cassette),
        ("a.yaml", b"- name: play\n  request: x\n", None),
        ("a.yaml", b"openapi: 3.1.0\n", iter_yaml_openapi),
        ("a.yml", b"info: {}\n'swagger': '2.0'\n", iter_yaml_openapi),
        ("a.yml", b"text: |\n  openapi: 3.1.0\n", None),
        ("a.yml", b" " * 70_000, None),
        ("a.json", b'{"openapi": "3.1.0", "paths": {', iter_json_openapi),
        ("a.json", b'{"openapi": "3.1.0"}', None),
        ("a.json", b'{"swagger": "2.0", "paths": {', iter_json_openapi),
        ("a.postman_collection.json", b'{"info": {"name": "x"}, "item": [', iter_postman),
        ("a.json", b'{"item": [], "info": {}}', iter_postman),
        ("a.json", b'{"item": [], "data": {"info": {}}}', None),
        ("a.json", b'[{"request": {"method": "POST"}, "response": {', iter_json_cassette),
        ("a.json", b'[{"request": 1}, {"response": {}}]', None),
        ("a.json", b'\xef\xbb\xbf{ "log" : {"entries": [', iter_har),
        ("a.json", b'{"version": 1, "interactions": [{"request": {', iter_json_cassette),
        ("a.json", b'{"recorded_with": "{ \\" [", "http_interactions":\n[', iter_json_cassette),
        ("a.json", b'{"x": {"log": {}}, "y": "interactions"}', None),
        ("a.json", b'{"log": "x", "interactions": {}}', None),
        ("a.json", b"", None),
        ("a.json", b"]]}{", None),
        ("a.json", REQUEST.encode(), None),
        ("a.json", RESPONSE.encode(), None),
        ("a.xml", b'{"log": {', None),
        ("a", b"", None),
    ],
)
def test_a_host_file_is_told_by_suffix_and_top(name: str, start: bytes, reader: object) -> None:
    """The suffix tells; where other files have it, too, a member at the top does."""
    host = find_host(PurePath(name), start)
    assert (host and host.iter_exchanges) is reader


def test_suffixes_are_in_small_letters() -> None:
    """Each suffix stands in the table as it is looked up."""
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in HOSTS)
