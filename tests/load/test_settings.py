"""What the options say."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.errors import AltcraftContractError
from altcraft_contract.load.settings import LoadSettings, add_options, settings_of

if TYPE_CHECKING:
    from pathlib import Path


class Parser(argparse.ArgumentParser):
    """A parser that takes what Locust's takes."""

    def add_argument_group(self, *args: Any, **settings: Any) -> Any:
        """A group whose options may have a variable of the environment."""
        group = super().add_argument_group(*args, **settings)
        add = group.add_argument

        def add_argument(*names: str, env_var: str, **settings: Any) -> argparse.Action:
            assert env_var.startswith(("ALTCRAFT_CONTRACT_", "ALTCRAFT_LOAD_"))
            return add(*names, **settings)

        group.add_argument = add_argument  # type: ignore[assignment,method-assign]  # Locust's has one keyword more
        return group


def settings(*arguments: str) -> LoadSettings:
    """What these arguments stand for."""
    parser = Parser()
    add_options(parser)
    return settings_of(parser.parse_args(arguments))


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a configuration, and no token."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ALTCRAFT_TOKEN", raising=False)


def test_without_options_the_rules_of_safety_are_the_strictest() -> None:
    """Nothing is allowed and no token known until somebody says so."""
    assert settings() == LoadSettings()
    assert settings().allow_hosts == ()


def test_hosts_come_from_options_and_lists() -> None:
    """A variable of the environment holds hosts between spaces or commas."""
    found = settings("--allow-host", "a.example.com, b.example.com", "--allow-host", "c.example.com")
    assert found.allow_hosts == ("a.example.com", "b.example.com", "c.example.com")


def test_the_token_comes_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token is taken from where it is said to be, and no representation shows it."""
    (tmp_path / "token").write_text("from-a-file\n", "utf-8")
    monkeypatch.setenv("OTHER", "from-the-environment")

    assert settings("--token-file", "token").token == "from-a-file"  # noqa: S105 - made up
    assert settings("--token-env", "OTHER").token == "from-the-environment"  # noqa: S105 - made up
    assert "from-a-file" not in repr(settings("--token-file", "token"))


def test_values_come_from_a_file_or_the_configuration(tmp_path: Path) -> None:
    """What exists on the installation stands where it stands for all commands."""
    (tmp_path / "altcraft-contract.toml").write_text('[values]\nskus = ["mug"]\n', "utf-8")
    (tmp_path / "values.toml").write_text('skus = ["cup"]\n', "utf-8")

    assert settings().values.skus == ("mug",)
    assert settings("--values", "values.toml").values.skus == ("cup",)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--rate-limit", "0"), "--rate-limit: 0.0: expected a number above 0"),
        (("--rate-limit", "nan"), "--rate-limit: nan"),
        (("--rate-limit", "inf"), "--rate-limit: inf"),
        (("--max-orders", "-1"), "--max-orders: -1"),
        (("--timeout", "0"), "--timeout: 0.0"),
        (("--latency-limit", "-2"), "--latency-limit: -2.0"),
        (("--token-env", "A", "--token-file", "b"), "leave one out"),
        (("--token-env", "NOT_SET"), "not set, or empty"),
        (("--token-file", "missing"), "missing: no such file"),
        (("--values", "missing.toml"), "missing.toml"),
        (("--insecure", "--ca-file", "x.pem"), "leave out --ca-file"),
    ],
)
def test_what_cannot_be_used_is_a_fault(arguments: tuple[str, ...], expected: str) -> None:
    """A wrong option is told in a line."""
    with pytest.raises(AltcraftContractError) as caught:
        settings(*arguments)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)
