"""What files are called for programs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.lint.project import Directory, ProjectRoot, find_project_root

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a repository at its root, and a working directory within it."""
    root = tmp_path / "project"
    (root / "orders" / "deep").mkdir(parents=True)
    (root / ".git").mkdir()
    monkeypatch.chdir(root / "orders")
    return root


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.json", "orders/a.json"),
        ("./deep/../a.json", "orders/a.json"),
        ("../a.json", "a.json"),
        ("deep/", "orders/deep"),
        ("a b#ж.json", "orders/a b#ж.json"),
        ("<stdin>", "<stdin>"),
    ],
)
def test_names_begin_at_the_root(path: str, name: str, project: Path) -> None:
    """A file is called by its way from the root of the repository, wherever the program runs."""
    root = find_project_root()

    assert root.name_of(path) == name
    if path != "<stdin>":
        assert root.name_of(str(project / "orders" / path)) == name


def test_a_file_elsewhere_has_its_whole_path(project: Path) -> None:
    """A file that lies outside of the project is called by its absolute path."""
    assert find_project_root().name_of("../../x.json") == (project.parent / "x.json").as_posix()
    assert ProjectRoot(project).name_of(f"{project}2/x.json") == f"{project.as_posix()}2/x.json"


def test_a_file_called_git_marks_a_root_too(project: Path) -> None:
    """A work tree has a file in place of the directory."""
    (project / "orders" / ".git").write_text("gitdir: elsewhere", encoding="utf-8")

    assert find_project_root().name_of("a.json") == "a.json"


def test_without_a_repository_the_working_directory_is_the_root(tmp_path: Path) -> None:
    """Where no directory above has a repository, names begin where the search began."""
    if any((folder / ".git").exists() for folder in tmp_path.parents):
        pytest.skip("the directory for temporary files lies in a repository")

    assert find_project_root(tmp_path).name_of(str(tmp_path / "a.json")) == "a.json"


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege there")
def test_links_are_names_like_others(project: Path) -> None:
    """A link within the project is no other name of what it leads to; one above the project makes no difference."""
    (project / "link").symlink_to(project / "orders", target_is_directory=True)
    (project.parent / "other").symlink_to(project, target_is_directory=True)
    root = find_project_root()

    assert root.name_of("../link/a.json") == "link/a.json"
    assert root.name_of(str(project.parent / "other" / "orders" / "a.json")) == "orders/a.json"


@pytest.mark.parametrize(
    ("path", "way"), [("a.json", "../a.json"), ("../x.json", "../../x.json"), ("deep/a", "a"), ("<stdin>", "<stdin>")]
)
@pytest.mark.usefixtures("project")
def test_ways_may_lead_upwards(path: str, way: str) -> None:
    """Of a file that lies elsewhere, the way from a directory begins with two dots."""
    assert Directory("deep").relative(path) == way


def test_what_is_there_is_told(project: Path) -> None:
    """A way leads to something or to nothing; one that cannot be followed may lead somewhere."""
    directory = Directory(project)

    assert [directory.holds(way) for way in ("orders", "orders/x", ".git/x/y", "a\0b")] == [True, False, False, True]
    assert [directory.has_file(way) for way in ("orders", "x", "a\0b")] == [False, False, False]
