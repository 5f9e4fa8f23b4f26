"""What is shipped in wheel and sdist, and what the repository promises about itself."""

import ast
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from email import message_from_string
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]

# One worker builds, and all that look at what it built run there.
pytestmark = pytest.mark.xdist_group("distribution")


class Distributions(NamedTuple):
    """File names to contents, without the sdist's top folder."""

    wheel: dict[str, bytes]
    sdist: dict[str, bytes]


def read_wheel(path: Path) -> dict[str, bytes]:
    """Return the files of a wheel."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def read_sdist(path: Path) -> dict[str, bytes]:
    """Return the files of an sdist, named from its top folder down."""
    with tarfile.open(path) as archive:
        return {
            member.name.partition("/")[2]: stream.read()
            for member in archive
            if (stream := archive.extractfile(member)) is not None
        }


def files_under(folder: str, *, of: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files below a folder, named from it down."""
    return {name.removeprefix(folder): content for name, content in of.items() if name.startswith(folder)}


def checkout_files(folder: Path) -> dict[str, bytes]:
    """Return what the checkout holds below a folder, but for what Python and editors leave behind."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """Build both distributions, or read those that the variable BUILT_DISTRIBUTIONS points to."""
    if built := os.environ.get("BUILT_DISTRIBUTIONS"):
        folder = Path(built)
    else:
        folder = tmp_path_factory.mktemp("dist")
        command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr
    (wheel,) = folder.glob("*.whl")
    (sdist,) = folder.glob("*.tar.gz")
    return Distributions(read_wheel(wheel), read_sdist(sdist))


def test_wheel_holds_the_schemas(distributions: Distributions) -> None:
    """The wheel holds every file of schemas/, unchanged, inside the package."""
    shipped = files_under("altcraft_contract/schemas/", of=distributions.wheel)

    assert shipped == checkout_files(ROOT / "schemas")


def test_sdist_holds_the_schemas(distributions: Distributions) -> None:
    """The sdist holds the same schemas as the checkout, where the checkout has them."""
    assert files_under("schemas/", of=distributions.sdist) == checkout_files(ROOT / "schemas")


def test_wheel_and_sdist_hold_the_same_package(distributions: Distributions) -> None:
    """The wheel's package is the sdist's package with the sdist's schemas in it."""
    package = files_under("altcraft_contract/", of=distributions.sdist)
    schemas = {name: text for name, text in distributions.sdist.items() if name.startswith("schemas/")}

    assert files_under("altcraft_contract/", of=distributions.wheel) == package | schemas


def test_wheel_holds_the_package_and_nothing_else(distributions: Distributions) -> None:
    """The wheel holds the package with its type marker and its metadata: no tests, no tools, no caches."""
    tops = {name.partition("/")[0] for name in distributions.wheel}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"altcraft_contract"}
    assert "altcraft_contract/py.typed" in distributions.wheel
    junk = re.compile(r"(^|/)(test_|tests/|conftest|__pycache__|\.)|\.(pyc|orig|rej|bak|swp|log)$|~$")
    assert [name for name in distributions.wheel if junk.search(name)] == []


def test_licence_is_in_both(distributions: Distributions) -> None:
    """Wheel and sdist hold the text of the licence, unchanged."""
    text = (ROOT / "LICENSE").read_bytes()
    (shipped,) = (content for name, content in distributions.wheel.items() if name.endswith("licenses/LICENSE"))

    assert shipped == text == distributions.sdist["LICENSE"]


def test_no_path_of_the_builder_is_in_the_wheel(distributions: Distributions) -> None:
    """No file of the wheel names the folder that it was built in."""
    assert [name for name, content in distributions.wheel.items() if str(ROOT).encode() in content] == []


@pytest.mark.parametrize(
    "name",
    [
        ".ci/run",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "README.md",
        "conftest.py",
        "noxfile.py",
        "pyproject.toml",
        "tests/packaging/test_distribution.py",
    ],
)
def test_sdist_holds_what_its_tests_need(distributions: Distributions, name: str) -> None:
    """The sdist holds the project's own files, so that whoever unpacks it can test it."""
    assert name in distributions.sdist


def test_metadata_names_the_command_and_the_licence(distributions: Distributions) -> None:
    """The wheel's metadata names the command, the oldest Python, the licence and its text."""
    (info,) = {name.partition("/")[0] for name in distributions.wheel if ".dist-info/" in name}
    metadata = message_from_string(distributions.wheel[f"{info}/METADATA"].decode())
    entry_points = distributions.wheel[f"{info}/entry_points.txt"].decode()

    assert "[console_scripts]\naltcraft-contract = altcraft_contract.cli:main" in entry_points
    assert metadata["Name"] == "altcraft-contract"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    assert f"{info}/licenses/LICENSE" in distributions.wheel


def test_readme_and_ci_give_one_command() -> None:
    """The command with which CI starts stands in the README, character by character."""
    (command,) = re.findall(r"^readme_command='(.*)'$", (ROOT / ".ci/run").read_text("utf-8"), re.MULTILINE)

    assert command in (ROOT / "README.md").read_text("utf-8")


def iter_tests() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield the place and the definition of every test function."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_bytes(), str(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield f"{path.relative_to(ROOT).as_posix()}:{node.lineno} {node.name}", node


def is_one_sentence(text: str) -> bool:
    """Tell whether a docstring is one paragraph that closes with the only full stop before a new word."""
    return text.endswith(".") and "\n\n" not in text and re.search(r"[.!?]\s+[A-Z]", text) is None


def test_every_test_states_its_law() -> None:
    """Every test function has a docstring of one sentence, which is the law that it tests."""
    lawless = [place for place, node in iter_tests() if not is_one_sentence(ast.get_docstring(node) or "")]

    assert lawless == []
