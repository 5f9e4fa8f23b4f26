"""Case files: there and back, and what is none."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.findings import Basis
from altcraft_contract.fuzz import case_file
from altcraft_contract.fuzz.case import PHASES, Case
from altcraft_contract.fuzz.case_file import case_as_json, case_of_json, read_case_file, write_case_file
from altcraft_contract.fuzz.failure import Cause, Failure, Received, Step

if TYPE_CHECKING:
    from collections.abc import Callable

RUN = "acf-1f3a9c20"
TARGET = "http://127.0.0.1:8075"
SCHEMA = json.loads((Path(case_file.__file__).parent / "case.schema.json").read_text("utf-8"))
RECEIVED = Received(status=200, headers=(), text="", size=0, is_cut=False, outcome="accepted", seconds=0.1)

texts = st.text(max_size=20)
bodies = st.binary(max_size=200) | texts.map(str.encode)
maybe_texts = st.none() | texts
cases = st.builds(
    Case,
    title=texts,
    syntax=st.sampled_from(["json", "xml"]),
    body=bodies,
    expected=st.sampled_from(["accepted", "refused", "undocumented"]),
    rule=maybe_texts,
    place=texts,
    external_id=st.none() | st.text(st.characters(), max_size=20),
    method=st.sampled_from(["POST", "GET"]),
    headers=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
    content_type=maybe_texts,
    framing=st.sampled_from(["length", "chunked", "pieces", "bytewise", "expect-continue"]),
    credentials=st.sampled_from(["body", "header", "none", "wrong-header"]),
    own_connection=st.booleans(),
    is_odd=st.booleans(),
)
causes = st.builds(Cause, texts, texts, texts, texts, texts)


@st.composite
def failures(draw: st.DrawFn) -> Failure:
    """Failures of all kinds."""
    steps = draw(st.lists(cases, min_size=1, max_size=3))
    cause = draw(causes)
    return Failure(
        id=cause.fingerprint,
        cause=cause,
        phase=draw(st.sampled_from(PHASES)),
        trial=draw(texts),
        feature=draw(texts),
        rule=cause.rule or None,
        basis=draw(st.sampled_from(Basis)),
        section=draw(texts),
        message=draw(texts),
        expected=draw(texts),
        steps=tuple(Step(case=case, received=RECEIVED) for case in steps),
        guilty=draw(st.integers(-len(steps), len(steps) - 1)),
    )


def failure_of(body: bytes = b"{}", **changes: Any) -> Failure:
    """A failure of one step."""
    cause = Cause("invalid-accepted", "invalid-decimal", "/data/total_price", "error 0", "")
    plain: dict[str, Any] = {
        "id": cause.fingerprint,
        "cause": cause,
        "phase": "mutations",
        "trial": "mutations-0001",
        "feature": "word",
        "rule": cause.rule,
        "basis": Basis.DOCUMENTED,
        "section": "data",
        "message": "it was accepted",
        "expected": "it is refused",
        "steps": (Step(case=Case(title="a word", syntax="json", body=body), received=RECEIVED),),
    }
    return Failure(**{**plain, **changes})


@given(failure=failures())
def test_there_and_back_is_identity(failure: Failure, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever a failure sent comes back from its case file byte by byte, and the file is as the schema says."""
    path = write_case_file(failure, tmp_path_factory.mktemp("cases"), run=RUN, target=TARGET)

    saved = read_case_file(path)

    jsonschema.validate(json.loads(path.read_bytes()), SCHEMA)
    assert saved.steps == tuple(step.case for step in failure.steps)
    assert saved.step == failure.step.case
    assert (saved.id, saved.cause, saved.rule) == (failure.id, failure.cause, failure.rule)
    for name in ("phase", "trial", "feature", "basis", "section", "message", "expected"):
        assert getattr(saved, name) == getattr(failure, name)
    assert (saved.run, saved.target, saved.version) == (RUN, TARGET, 1)
    assert case_of_json(case_as_json(saved)) == saved


def test_the_file_is_named_by_the_failure_and_is_its_owners(tmp_path: Path) -> None:
    """The file is `<id>.json` in a directory that is made, and nobody else can read it; nothing is left beside it."""
    failure = failure_of()

    paths = {write_case_file(failure, tmp_path / "a/b", run=RUN, target=TARGET) for _ in range(2)}

    assert paths == {tmp_path / f"a/b/{failure.id}.json"}
    assert list((tmp_path / "a/b").iterdir()) == list(paths)
    if os.name == "posix":
        assert stat.S_IMODE(paths.pop().stat().st_mode) == 0o600


def test_text_stays_readable(tmp_path: Path) -> None:
    """A body that is text stands in the file as text, and any other as base64."""
    for body, form in ((b'{"a": 1}', {"text": '{"a": 1}'}), (b"\xff\xfe", {"base64": "//4="})):
        path = write_case_file(failure_of(body), tmp_path, run=RUN, target=TARGET)
        assert json.loads(path.read_bytes())["steps"][0]["body"] == form


def set_member(*path: str | int, to: object) -> Callable[[Any], None]:
    """What sets a member."""

    def change(value: Any) -> None:
        for part in path[:-1]:
            value = value[part]
        value[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (set_member("version", to=2), "its version is not 1; another version of altcraft-contract wrote it"),
        (set_member("version", to=True), "its version is not 1; another version of altcraft-contract wrote it"),
        (lambda value: value.pop("steps"), "the document has no member 'steps'"),
        (lambda value: value["steps"][0].pop("body"), "/steps/0 has no member 'body'"),
        (set_member("steps", to=[]), "/steps is not what belongs there"),
        (set_member("steps", 0, "syntax", to="yaml"), "/steps/0/syntax is not what belongs there"),
        (set_member("more", to="marked"), "the document has a member that there is not"),
        (set_member("failure", "guilty", to=1), "/failure/guilty is not the index of a step"),
        (set_member("failure", "guilty", to=0.0), "/failure/guilty is not the index of a step"),
        (set_member("steps", 0, "body", to={"base64": "marked!"}), "the body of a step is neither text nor base64"),
        (set_member("steps", 0, "body", to={"text": "\ud800"}), "the body of a step is neither text nor base64"),
    ],
)
def test_what_is_not_of_the_form_is_told(change: Callable[[Any], None], reason: str, tmp_path: Path) -> None:
    """A file of another form is a fault that says what is wrong, in a line, and shows nothing of it."""
    path = write_case_file(failure_of(), tmp_path, run=RUN, target=TARGET)
    value = json.loads(path.read_bytes())
    change(value)
    path.write_text(json.dumps(value), "utf-8")

    with pytest.raises(UnreadableFile) as caught:
        read_case_file(path)

    assert caught.value.reason == f"it is no case file: {reason}"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is no case file: it is not JSON"),
        (b"\xff", "it is no case file: it is not JSON"),
        (b"[" * 100_000, "it is no case file: it is not JSON"),
        (b"1" * 5_000, "it is no case file: it is not JSON"),
        (b"[]", "it is no case file: the document is not what belongs there"),
        (b"{}", "it is no case file: the document has no member 'version'"),
    ],
)
def test_what_is_no_case_file_is_told(content: bytes, reason: str, tmp_path: Path) -> None:
    """Any other file is a fault of one line."""
    path = tmp_path / "case.json"
    path.write_bytes(content)

    with pytest.raises(UnreadableFile) as caught:
        read_case_file(path)

    assert caught.value.reason == reason


def test_a_large_file_is_not_read_whole(tmp_path: Path) -> None:
    """A file beyond the bound is no case file."""
    path = tmp_path / "case.json"
    with path.open("wb") as file:
        file.truncate(case_file.LARGEST + 1)

    with pytest.raises(UnreadableFile, match="it is no case file: it is larger than 64 MiB"):
        read_case_file(path)


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    """A path at which there is nothing is a fault."""
    with pytest.raises(UnreadableFile, match="no such file or directory"):
        read_case_file(tmp_path / "missing.json")


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """If the file cannot be put in its place, nothing is left behind."""
    failure = failure_of()
    (tmp_path / f"{failure.id}.json").mkdir()

    with pytest.raises(OSError, match="irectory"):
        write_case_file(failure, tmp_path, run=RUN, target=TARGET)

    assert [path.name for path in tmp_path.iterdir()] == [f"{failure.id}.json"]
