"""The hooks, installed and run by pre-commit itself in a scratch repository."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

pytest.importorskip("pre_commit", reason="pre-commit is not installed: `nox -s hooks` has it")

ROOT = Path(__file__).parents[2]
TAG = "v0.1.0"
ORDER = (ROOT / "schemas/v75/examples/request.json").read_text(encoding="utf-8")
FENCE = "```"
TOKEN = "9f2c4b7de18a5630c1d94e7fb2a86053"  # noqa: S105 - nobody's


class Repository:
    """A scratch repository, whose hooks are those of the project."""

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self.path = path
        self.environment = environment
        self.run("git", "init", "--quiet", "--initial-branch", "main")

    def run(self, *command: str, codes: tuple[int, ...] = (0,)) -> str:
        """Run a command there; what it printed."""
        done = subprocess.run(command, cwd=self.path, env=self.environment, capture_output=True, text=True, check=False)
        output = done.stdout + done.stderr
        assert done.returncode in codes, output
        return output

    def write(self, name: str, text: str) -> Path:
        """Write a file, and have git know it."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        self.run("git", "add", "--all")
        return file

    def hook(self, name: str, *, passes: bool) -> str:
        """Run one hook on all files; what it printed."""
        return self.run(sys.executable, "-m", "pre_commit", "run", name, "--all-files", codes=(0,) if passes else (1,))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What the programs are run with: no configuration of whoever runs the tests, and places of their own."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text("[user]\nname = tests\nemail = tests@example.com\n", encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    return {**kept, "PRE_COMMIT_HOME": str(home / "pre-commit"), "GIT_CONFIG_GLOBAL": str(home / ".gitconfig")}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, environment: Mapping[str, str]) -> Path:
    """A repository with the project as it stands here, tagged as its release."""
    path = tmp_path_factory.mktemp("project")
    for name in (".pre-commit-hooks.yaml", "LICENSE", "README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, path)
    for name in ("altcraft_contract", "schemas"):
        shutil.copytree(ROOT / name, path / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    origin = Repository(path, environment)
    origin.run("git", "add", "--all")
    origin.run("git", "commit", "--quiet", "--message", "release")
    origin.run("git", "tag", TAG)
    return path


@pytest.fixture(scope="module")
def snippet() -> str:
    """The configuration in the README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"```yaml title=\"\.pre-commit-config\.yaml\"\n(.*?)```", text, re.DOTALL)
    return str(found)


@pytest.fixture
def repository(tmp_path: Path, environment: Mapping[str, str], project: Path, snippet: str) -> Repository:
    """A repository whose configuration is that of the README, from our copy of the project."""
    made = Repository(tmp_path, environment)
    (repo,) = re.findall(r"repo: (\S+)", snippet)
    made.write(".pre-commit-config.yaml", snippet.replace(repo, str(project)))
    return made


def hooks_of_project() -> list[str]:
    """The ids of the hooks."""
    return [hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))]


def broken(**changes: object) -> str:
    """The documented order, with other members in `data`."""
    order = json.loads(ORDER)
    order["data"] |= changes
    return json.dumps(order, indent=2)


def test_the_readme_shows_every_hook(snippet: str) -> None:
    """The snippet has all hooks of the project, of the version that is tagged."""
    (repo,) = yaml.safe_load(snippet)["repos"]
    assert repo["rev"] == TAG
    assert sorted(hook["id"] for hook in repo["hooks"]) == sorted(hooks_of_project())


def test_a_repository_without_orders_passes(repository: Repository) -> None:
    """Files that are no orders, and hosts without one, are nobody's business."""
    repository.write("package.json", "{ not json")
    repository.write("README.md", f"# Shop\n\n{FENCE}json\n{{}}\n{FENCE}\n")

    output = repository.run(sys.executable, "-m", "pre_commit", "run", "--all-files")

    assert "orders keep the contract" in output


def test_orders_are_checked(repository: Repository) -> None:
    """A right order passes; a wrong one fails, with its place."""
    repository.write("samples/preorder_commit.json", ORDER)
    repository.hook("altcraft-contract-lint", passes=True)
    repository.write("samples/preorder_commit.json", broken(currency="rub"))

    output = repository.hook("altcraft-contract-lint", passes=False)

    assert re.search(r"samples/preorder_commit\.json:\d+:\d+: error invalid-currency", output)


def test_orders_in_documents_are_checked(repository: Repository) -> None:
    """A wrong order in a code block fails, at its place in the document."""
    repository.write("README.md", f"# Shop\n\n{FENCE}json\n{broken(currency='rub')}\n{FENCE}\n")

    output = repository.hook("altcraft-contract-docs", passes=False)

    assert re.search(r"README\.md:\d+:\d+: error invalid-currency", output)


def test_secrets_are_found_and_not_shown(repository: Repository) -> None:
    """A token that may be a real one fails, and is not printed."""
    order = json.loads(ORDER) | {"token": TOKEN}
    repository.write("samples/preorder_commit.json", json.dumps(order, indent=2))

    output = repository.hook("altcraft-contract-secrets", passes=False)

    assert re.search(r"samples/preorder_commit\.json:\d+:\d+: error secret-token", output)
    assert TOKEN not in output


def test_what_can_be_mended_is_mended(repository: Repository) -> None:
    """The hook changes the file, fails once, and has nothing to do afterwards."""
    file = repository.write("samples/preorder_commit.json", broken(currency="rub"))

    output = repository.hook("altcraft-contract-fix", passes=False)

    assert "files were modified by this hook" in output
    assert json.loads(file.read_text(encoding="utf-8")) == json.loads(ORDER)
    repository.run("git", "add", "--all")
    repository.hook("altcraft-contract-fix", passes=True)


def test_many_files_are_one_call(repository: Repository) -> None:
    """A hook gets many files at once, and says of each what is wrong."""
    for number in range(60):
        repository.write(f"samples/preorder_commit-{number}.json", broken(currency="rub"))

    output = repository.hook("altcraft-contract-lint", passes=False)

    assert output.count("error invalid-currency") == 60
    assert output.count("documents checked") <= 2 * (os.cpu_count() or 1)


@pytest.mark.parametrize("hook", hooks_of_project())
def test_hooks_can_be_tried(hook: str, repository: Repository, project: Path) -> None:
    """`pre-commit try-repo`, which needs no configuration, runs each hook."""
    repository.write("samples/preorder_commit.json", ORDER)
    repository.write("orders.md", f"{FENCE}json\n{ORDER}\n{FENCE}\n")

    output = repository.run(sys.executable, "-m", "pre_commit", "try-repo", str(project), hook, "--all-files")

    assert "Passed" in output
