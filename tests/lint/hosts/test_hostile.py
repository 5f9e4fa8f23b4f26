"""Host files that mean harm."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.documents.position import LineIndex
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts import Unseen, find_host, iter_judgements
from altcraft_contract.lint.hosts.host_text import HostText, decode_host
from tests.lint.hosts.recordings import (
    cassette,
    collection,
    entry,
    har,
    interaction,
    openapi,
    postman_item,
    read_json,
    read_yaml,
)

if TYPE_CHECKING:
    from altcraft_contract.renderers.report import Entry

HAR = json.dumps(har(entry(), entry(status="x"))).encode()
CASSETTE = yaml.safe_dump(cassette(interaction(), interaction({"base64_string": "eA=="}))).encode()
COLLECTION = json.dumps(collection(postman_item())).encode()
OPENAPI = yaml.safe_dump(openapi()).encode()
LAUGHS = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)


def stands_in_file(entry: Entry, data: bytes) -> bool:
    """Whether every finding has a line and a column that the file has."""
    index = LineIndex(decode_host(data))
    return all(
        finding.line is not None
        and finding.column is not None
        and finding.line >= 1
        and 1 <= finding.column <= len(index.line(finding.line + entry.first_line - 1)) + 2
        for finding in entry.result.findings
    )


def judge(suffix: str, data: bytes) -> None:
    """Read and judge a file, if it is a host file at all."""
    host = find_host(PurePath(f"file{suffix}"), data[: 1 << 16])
    if host is None:
        return
    try:
        for judged in iter_judgements(host.iter_exchanges(data, "file", DEFAULT_LIMITS), "file", HostText(data)):
            assert isinstance(judged, Unseen) or stands_in_file(judged.entry, data)
    except UnreadableFile as fault:
        assert "\n" not in str(fault)  # noqa: PT017 - it need not be raised


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good host file, in which some bytes are others."""
    data = bytearray(draw(st.sampled_from([HAR, CASSETTE, COLLECTION, OPENAPI])))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data) - 1))
        data[start : start + draw(st.integers(0, 8))] = draw(
            st.binary(max_size=6) | st.sampled_from([b"{", b"]", b'"', b"*a", b"&a ", b"\n", b"- ", b"!!x ", b"null"])
        )
    return bytes(data)


leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["log", "entries", "interactions", "request", "response", "body", "string", "headers"]),
            inner,
        )
    ),
    max_leaves=12,
)


@st.composite
def misshapen(draw: st.DrawFn) -> bytes:
    """A good host file, in which one value is another."""
    files = [har(entry()), cassette(interaction()), cassette(interaction({"string": "x"})), openapi()]
    value = draw(st.sampled_from([*files, collection(postman_item())]))
    value = json.loads(json.dumps(value))
    inner = value
    while True:
        keys = list(inner) if isinstance(inner, dict) else range(len(inner))
        if not keys:
            break
        key = draw(st.sampled_from(list(keys)))
        if not isinstance(inner[key], dict | list) or draw(st.booleans()):
            inner[key] = draw(values)
            break
        inner = inner[key]
    return json.dumps(value).encode()


@given(st.sampled_from([".har", ".yaml", ".yml", ".json"]), st.binary() | damaged() | misshapen())
def test_any_bytes_end_in_findings_or_a_fault(suffix: str, data: bytes) -> None:
    """Whatever stands in a host file, it is judged, or cannot be read: nothing else is raised."""
    judge(suffix, data)


@given(st.text(alphabet="-[]{}:,?&*!|>'\"%@`#ab \n\t~<", max_size=60))
def test_any_yaml_ends_in_findings_or_a_fault(text: Any) -> None:
    """The marks of YAML, in whatever order, do no harm."""
    judge(".yaml", text.encode())


@given(values)
def test_both_forms_of_any_value_are_judged_alike(value: Any) -> None:
    """What JSON makes a fault YAML makes one, too."""
    outcomes: list[object] = []
    for read, text in ((read_json, json.dumps(value)), (read_yaml, yaml.safe_dump(value))):
        try:
            outcomes.append([exchange.where for exchange in read(text)])
        except UnreadableFile as fault:
            outcomes.append(type(fault))
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "? ", "&a [", "{"])
def test_deep_yaml_is_refused(opening: str) -> None:
    """Nesting is bounded, and never a recursion."""
    with pytest.raises(UnreadableFile):
        read_yaml(opening * 200_000)


def test_aliases_cannot_grow() -> None:
    """Aliases of aliases of aliases are refused once they stand for more than a file may hold."""
    with pytest.raises(UnreadableFile, match="with its aliases in full larger than 64 MiB; record it again"):
        read_yaml(LAUGHS + "interactions: []\n")


def test_values_are_counted() -> None:
    """Files of more values than a document may have are refused before they are built; commas in texts are none."""
    limits = Limits(max_values=1_000)
    for read, text in ((read_json, "[" + "0," * 2_000 + "0]"), (read_yaml, "- 0\n" * 2_000)):
        with pytest.raises(UnreadableFile, match="more than 1,000 values; split the file"):
            read(text, limits)
    assert len(read_json(cassette(interaction("," * 2_000)), limits)) == 1


def test_quotes_without_end_take_no_time() -> None:
    """A file of nothing but quotes is told to be no host file in one pass."""
    assert find_host(PurePath("a.json"), b'{"\\' + b'"\\' * 40_000) is None
    with pytest.raises(UnreadableFile):
        read_json(b'"\\' + b'"\\' * 2_000_000 + b"," * 5_000_000)


@pytest.mark.parametrize("name", ["n\\u0000\x00ame", "\\t\t", '\\"\x1f'])
def test_control_characters_in_names_break_nothing(name: str) -> None:
    """A name in which an escape stands beside a bare control character is passed over, and the message is found."""
    data = COLLECTION.decode().replace("{", f'{{"{name}": 1, ', 1).encode()
    host = find_host(PurePath("a.postman_collection.json"), data)
    assert host is not None
    assert list(iter_judgements(host.iter_exchanges(data, "a.json", DEFAULT_LIMITS), "a.json", HostText(data)))
