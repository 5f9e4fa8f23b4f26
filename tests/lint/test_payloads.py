"""Which files a run checks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.lint.payloads import Payload, iter_payloads, read_at_most

if TYPE_CHECKING:
    from collections.abc import Sequence

    from altcraft_contract.errors import UnreadableFile


class Found:
    """What was found, and what could not be read, with paths relative to the working directory."""

    def __init__(self, *paths: str, exclude: Sequence[str] = ()) -> None:
        self.faults: list[UnreadableFile] = []
        self.payloads = list(iter_payloads(paths, exclude=exclude, report=self.faults.append))

    @property
    def paths(self) -> list[str]:
        """Paths in the order in which they were found."""
        return [Path(payload.path).as_posix() for payload in self.payloads]


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def make(*names: str) -> None:
    """Make files."""
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("{}", encoding="utf-8")


def test_a_directory_is_searched_for_payloads_in_order() -> None:
    """Below a directory files with a suffix of payloads are found, in the order of their names, folders after files."""
    make("d/b.json", "d/a.XML", "d/c.txt", "d/sub/x.ndjson", "d/sub/y.jsonl", "d/json")
    assert Found("d").paths == ["d/a.XML", "d/b.json", "d/sub/x.ndjson", "d/sub/y.jsonl"]


def test_some_directories_are_never_entered() -> None:
    """Hidden directories, environments and caches are left out, unless they are named."""
    make(
        "d/.git/a.json", "d/node_modules/a.json", "d/venv/a.json", "d/__pycache__/a.json", "d/.hidden.json", "d/b.json"
    )
    assert Found("d").paths == ["d/.hidden.json", "d/b.json"]
    assert Found("d/.git").paths == ["d/.git/a.json"]


def test_a_named_file_needs_no_suffix() -> None:
    """A file that the user names is a payload whatever it is called."""
    make("payload")
    assert Found("payload").payloads == [Payload("payload", Path("payload"), explicit=True)]


def test_a_file_is_found_once() -> None:
    """A file that several paths lead to is found once, under the first of its names."""
    make("d/a.json", "d/b.json")
    Path("d/c.json").symlink_to("a.json")
    assert Found("d/b.json", "./d/b.json", "d/../d/b.json", "d", "d").paths == ["d/b.json", "d/a.json"]


def test_the_standard_input_is_read_once() -> None:
    """However often the standard input is named it is one payload."""
    assert Found("-", "-").paths == ["<stdin>"]


def test_a_named_file_counts_as_named_also_below_a_directory() -> None:
    """A file that is named beside its directory is checked in any case, in whatever order they are named."""
    make("d/a.json", "d/b.json")
    for paths in (("d", "d/b.json"), ("d/b.json", "d")):
        explicit = {payload.path: payload.explicit for payload in Found(*paths).payloads}
        assert explicit == {str(Path("d/a.json")): False, str(Path("d/b.json")): True}


def test_the_report_is_no_payload() -> None:
    """The file that the report goes to is left out of its directory."""
    make("d/a.json", "d/report.json")
    assert Found("d", exclude=["d/report.json"]).paths == ["d/a.json"]


def test_a_directory_without_payloads_is_a_fault_of_its_own() -> None:
    """A directory that holds no payload is reported, and the other paths are still found."""
    make("d/x.txt", "a.json")
    found = Found("d", "a.json")
    assert found.paths == ["a.json"]
    assert [str(fault) for fault in found.faults] == [
        "d: nothing to check: the directory holds no file ending with .json, .jsonl, .ndjson, .xml"
    ]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("order.jsn", "no such file or directory; did you mean 'order.json'?"),
        ("nothing", "no such file or directory"),
        ("no/order.json", "no such file or directory; there is no directory 'no'"),
        ("", "no such file or directory"),
        ("order.json/", "not a directory"),
        ("nowhere", "it is a link that leads nowhere"),
        ("loop", "too many levels of symbolic links"),
        ("a\0b", "a path cannot hold a NUL character"),
        ("x" * 300, "file name too long"),
    ],
)
def test_a_path_that_cannot_be_read_says_why(path: str, reason: str) -> None:
    """Each path at which nothing can be read is reported with the reason and, for a slip, the name that was meant."""
    make("order.json")
    Path("loop").symlink_to("loop")
    Path("nowhere").symlink_to("not-there")
    (fault,) = Found(path).faults
    assert fault.reason == reason


def test_what_is_no_regular_file_is_left_out_of_a_directory() -> None:
    """Pipes and links that lead nowhere are no payloads of a directory, so that nothing hangs."""
    make("d/a.json")
    os.mkfifo("d/b.json")
    Path("d/c.json").symlink_to("nowhere")
    found = Found("d")
    assert found.paths == ["d/a.json"]
    assert not found.faults


def test_no_more_is_read_than_asked_for() -> None:
    """Reading stops at the bound, however much there is."""
    with Path("/dev/zero").open("rb") as endless:
        assert len(read_at_most(endless, 3_000_000)) == 3_000_000
    with Path(os.devnull).open("rb") as empty:
        assert read_at_most(empty, 10) == b""
