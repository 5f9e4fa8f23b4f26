"""What shells complete, asked of the real ones."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from altcraft_contract.cli.entry import COMMANDS
from altcraft_contract.renderers import FORMATS
from altcraft_contract.rules.catalogue import RULES, SECRET_RULES
from altcraft_contract.stub import SCENARIOS
from tests.cli.running import PATIENCE, environment, run_here

ASK_BASH = """
source <(altcraft-contract completion bash)
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
compopt() { printf "compopt %s %s\\n" "$1" "$2"; }
_altcraft_contract_completion altcraft-contract
printf '%s\\n' "${COMPREPLY[@]}"
"""
TERMINALS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
}
START = {
    "bash": "source <(altcraft-contract completion bash); touch ready\n",
    "zsh": "autoload -U compinit; compinit -u -D; source <(altcraft-contract completion zsh); touch ready\n",
}


@pytest.fixture
def shells(tmp_path: Path) -> dict[str, str]:
    """The environment in which shells find the command, in a directory of its own with a file in it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "altcraft-contract"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m altcraft_contract "$@"\n', "utf-8")
    script.chmod(0o755)
    (tmp_path / "order-of-today.json").touch()
    variables = environment(PATH=f"{folder}{os.pathsep}{os.environ['PATH']}", HOME=str(tmp_path), TERM="dumb")
    return {**variables, "PWD": str(tmp_path)}


def ask(shell: str, script: str, *words: str, env: dict[str, str]) -> list[str]:
    """Run a script in a shell that has the words as its arguments; return the lines it prints."""
    if shutil.which(shell) is None:
        pytest.skip(f"needs {shell}")
    command = [shell, "-c", script, *([shell] if shell == "bash" else []), *words]
    run = subprocess.run(
        command, capture_output=True, text=True, check=False, env=env, cwd=env["PWD"], timeout=PATIENCE
    )
    assert not run.stderr
    return run.stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("",), [*COMMANDS]),
        (("li",), ["lint"]),
        (("lint", "--sel"), ["--select"]),
        (("lint", "--format", ""), [*FORMATS]),
        (("lint", "-f", "js"), ["json"]),
        (("lint", "--check", "contract,"), ["contract,secrets"]),
        (("lint", "--select", ""), [*RULES, *SECRET_RULES]),
        (("lint", "--select", "missing-field,total-m"), ["missing-field,total-mismatch"]),
        (("explain", "total-m"), ["total-mismatch"]),
        (("stub", "--scenario", ""), [*SCENARIOS]),
        (("stub", "--scenario", "error-402"), ["error-402"]),
        (("fuzz", "--phases", "malformed,vali"), ["malformed,valid"]),
        (("schema", "--kind", "xsd1"), ["xsd10"]),
        (("completion", ""), ["bash", "zsh", "fish"]),
        (("lint", ""), ["compopt -o default", ""]),
        (("convert", "order.json", "--output", ""), ["compopt -o default", ""]),
        (("schema", "--export", ""), ["compopt -o dirnames", ""]),
    ],
)
def test_bash_completes(words: tuple[str, ...], expected: list[str], shells: dict[str, str]) -> None:
    """Bash completes commands, options, choices, rules, scenarios and phases, and does files and directories itself."""
    assert ask("bash", ASK_BASH, "altcraft-contract", *words, env=shells) == expected


def test_a_broken_configuration_keeps_nothing_from_being_completed(shells: dict[str, str]) -> None:
    """Where the configuration cannot be read, completion goes on and says nothing."""
    Path(shells["PWD"], "altcraft-contract.toml").write_text("this is no TOML", "utf-8")

    assert ask("bash", ASK_BASH, "altcraft-contract", "lint", "--format", "sa", env=shells) == ["sarif"]


def test_fish_completes_and_explains(shells: dict[str, str]) -> None:
    """Fish completes rules, each with what it says."""
    script = "altcraft-contract completion fish | source; complete -C 'altcraft-contract explain total-m'"

    (line,) = ask("fish", script, env=shells)

    assert line == f"total-mismatch\t{RULES['total-mismatch'].statement.partition('. ')[0]}"


@pytest.mark.parametrize("shell", TERMINALS)
def test_a_tab_completes_at_a_terminal(shell: str, shells: dict[str, str]) -> None:
    """Who types half a command, half a format and half a file, each with a tab, runs the whole command."""
    if shutil.which(shell) is None:
        pytest.skip(f"needs {shell}")
    folder = Path(shells["PWD"])
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - becomes the shell
        os.chdir(folder)
        os.execvpe(TERMINALS[shell][0], TERMINALS[shell], shells)  # noqa: S606 - a shell is what is tested
    try:
        os.write(terminal, START[shell].encode())
        wait_for(folder / "ready", terminal)
        os.write(terminal, b"altcraft-contract lin\t--allow-em\t--format sari\torder-of\t> answer; touch done\n")
        wait_for(folder / "done", terminal)
    finally:
        os.close(terminal)
        os.waitpid(child, 0)

    assert '"version": "2.1.0"' in (folder / "answer").read_text("utf-8")


def wait_for(path: Path, terminal: int) -> None:
    """Read what the terminal shows until a file is there."""
    shown, end = b"", time.monotonic() + PATIENCE
    while not path.exists():
        assert time.monotonic() < end, shown.decode(errors="replace")
        if select.select([terminal], [], [], 0.05)[0]:
            shown += os.read(terminal, 65536)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_goes_to_a_file(shell: str, tmp_path: Path) -> None:
    """`--output` writes the same script as is printed, and it starts nothing but this command."""
    outcome = run_here("completion", shell, "--output", str(tmp_path / "script"))

    assert (outcome.code, outcome.stdout) == (0, "")
    assert (tmp_path / "script").read_text("utf-8") == run_here("completion", shell).stdout
    assert f"_ALTCRAFT_CONTRACT_COMPLETE={shell}_complete" in (tmp_path / "script").read_text("utf-8")


def test_an_unknown_shell_is_wrong_usage() -> None:
    """Another shell is exit code 2, and the message names those that there are."""
    outcome = run_here("completion", "tcsh")

    assert outcome.code == 2
    assert "'bash', 'zsh', 'fish'" in outcome.last_line
