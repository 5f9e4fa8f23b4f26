"""Which files are host files."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from altcraft_contract.lint.hosts import HOSTS, find_host
from altcraft_contract.lint.hosts.har import iter_har
from altcraft_contract.lint.hosts.vcr import iter_json_cassette, iter_yaml_cassette
from tests.lint.hosts.recordings import REQUEST, RESPONSE


@pytest.mark.parametrize(
    ("name", "start", "reader"),
    [
        ("a.har", b"", iter_har),
        ("A.HAR", b"\x00", iter_har),
        ("a.yaml", b"", iter_yaml_cassette),
        ("a.yml", b"", iter_yaml_cassette),
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
