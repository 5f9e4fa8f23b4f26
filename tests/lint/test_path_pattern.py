"""Patterns of paths and pointers, against naive matchers and against git."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from altcraft_contract.lint.path_pattern import PathPattern, PointerPattern

if TYPE_CHECKING:
    from pathlib import Path

LITERAL = ("a", "b", "ab", "a.json", "\\*", "a\\b")
WILD = ("*", "**", "?", "*a", "a*b", "**a", "[ab]", "[!a]", "[^ab]*", "[a-c]?", "[]a]", "[a\\]b]", "[b-]")
NAMES = ("a", "b", "ab", "a.json", "ba", "aab", "*", "]", "-", "c", "a]")

patterns = st.tuples(
    st.sampled_from(["", "", "/"]),
    st.lists(st.sampled_from(LITERAL + WILD), min_size=1, max_size=4).map("/".join),
    st.sampled_from(["", "", "/"]),
).map("".join)
paths = st.lists(st.sampled_from(NAMES), min_size=1, max_size=5).map("/".join)
tokens = st.sampled_from(["data", "lines", "0", "~1", "*", "**"])
pointers = st.lists(st.sampled_from(["data", "lines", "0", "~1"]), max_size=6)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty repository of git."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    path = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q"], cwd=path, check=True)
    return path


@settings(max_examples=40)
@given(pattern=patterns, candidates=st.sets(paths, min_size=5, max_size=20))
def test_paths_fit_as_git_ignores_them(pattern: str, candidates: set[str], repository: Path) -> None:
    """A file fits a pattern exactly if git would ignore it for such a line of .gitignore."""
    (repository / ".gitignore").write_text(f"{pattern}\n", encoding="utf-8")
    command = ["git", "check-ignore", "--no-index", "--stdin", "-z"]
    told = subprocess.run(command, cwd=repository, input="\0".join(candidates), capture_output=True, text=True)  # noqa: PLW1510 - it is 1 if it ignores none
    ignored = set(filter(None, told.stdout.split("\0")))

    assert {path for path in candidates if PathPattern(pattern).fits(path)} == ignored


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        ("legacy", ["legacy/a.json", "x/legacy/y/a.json", "legacy"], ["legacy2/a.json", "a.json"]),
        ("tests/legacy", ["tests/legacy/x/a.json"], ["x/tests/legacy/a.json"]),
        ("tests/legacy/**", ["tests/legacy/a.json", "tests/legacy/x/a.json"], ["tests/legacy"]),
        ("legacy/", ["legacy/a.json", "x/legacy/a.json"], ["legacy"]),
        ("/a.json", ["a.json"], ["x/a.json"]),
        ("*.xml", ["a.xml", "x/y/.xml"], ["a.xml2"]),
        ("**/x/*.json", ["x/a.json", "y/x/a.json"], ["x/y/a.json"]),
        ("x/**/a.json", ["x/a.json", "x/y/z/a.json"], ["a.json"]),
        ("**", ["a", "x/a"], []),
        ("\\[a]", ["[a]"], ["a"]),
        ("<stdin>", ["<stdin>"], []),
    ],
)
def test_how_patterns_of_paths_read(pattern: str, fitting: list[str], others: list[str]) -> None:
    """Patterns mean what a line of .gitignore means."""
    assert [path for path in [*fitting, *others] if PathPattern(pattern).fits(path)] == fitting


@pytest.mark.parametrize(
    ("pattern", "remedy"),
    [
        ("", "** stands for all"),
        ("/", "** stands for all"),
        ("!a", "write \\! for a name"),
        ("../a", "a way down from the directory"),
        ("./a", "a way down from the directory"),
        ("a//b", "a way down from the directory"),
        ("[a", "write \\[ for the character"),
        ("a\\", "separated by /"),
        ("[a\\", "separated by /"),
        ("[[:alpha:]]", "write [a-z]"),
    ],
)
def test_what_is_no_pattern_of_paths_is_told(pattern: str, remedy: str) -> None:
    """What git would take for nothing, or for something else than it looks, is refused with what to do."""
    with pytest.raises(ValueError, match=re.escape(remedy)):
        PathPattern(pattern)


def naively_fits(pattern: list[str], pointer: list[str]) -> bool:
    """Whether a pointer fits, by the definition."""
    if not pattern:
        return not pointer
    if pattern[0] == "**":
        return any(naively_fits(pattern[1:], pointer[taken:]) for taken in range(len(pointer) + 1))
    return bool(pointer) and pattern[0] in ("*", pointer[0]) and naively_fits(pattern[1:], pointer[1:])


@given(pattern=st.lists(tokens, max_size=6), pointer=pointers)
def test_pointers_fit_by_the_definition(pattern: list[str], pointer: list[str]) -> None:
    """A star stands for one token, two of them for any number, and anything else for itself."""
    written = PointerPattern("".join(f"/{token}" for token in pattern))

    assert written.fits("".join(f"/{token}" for token in pointer)) is naively_fits(pattern, pointer)


@pytest.mark.parametrize(
    ("pattern", "remedy"),
    [
        ("data/lines", "did you mean '/data/lines'?"),
        ("/data/li*", "* stands for a whole token"),
        ("/a~2", "in a pointer ~ is written ~0"),
    ],
)
def test_what_is_no_pattern_of_pointers_is_told(pattern: str, remedy: str) -> None:
    """What could fit no pointer is refused with what to do."""
    with pytest.raises(ValueError, match=re.escape(remedy)):
        PointerPattern(pattern)


def test_matching_takes_no_exponential_time() -> None:
    """Many wild cards on a long path that does not fit are tried in a number of steps that is no power of them."""
    assert not PathPattern("/".join(["**", "*a*a*a*a*a*a*a*b"] * 8)).fits("/".join(["a" * 60] * 60))
    assert not PointerPattern("/**/*" * 12 + "/x").fits("/a" * 400)


@pytest.mark.parametrize(
    ("pattern", "directory"),
    [
        ("legacy", ""),
        ("/a.json", "a.json"),
        ("tests/a.json", "tests/a.json"),
        ("tests/x/**", "tests/x"),
        ("tests/*/x", "tests"),
        ("**/x", ""),
    ],
)
def test_where_all_that_fits_lies(pattern: str, directory: str) -> None:
    """The names before the first wild card begin every path that fits."""
    assert PathPattern(pattern).directory == directory
