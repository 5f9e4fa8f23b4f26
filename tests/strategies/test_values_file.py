"""What exists on an installation, read from a table or a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.errors import ConfigurationFault, ImpossibleRequest
from altcraft_contract.strategies import Values
from altcraft_contract.strategies.values_file import checked_values, load_values, values_of
from altcraft_contract.testing import settings

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """
products = ["P-1"]
profile-ids = ["5f43a2c18e9b4d0012ab34cd"]
point_currencies = [{iid = 1, eid = "bonus"}, {eid = "miles"}]

[pools]
7 = ["SPRING-1"]
"""
EXPECTED = Values(
    products=["P-1"],
    profile_ids=["5f43a2c18e9b4d0012ab34cd"],
    point_currencies=[(1, "bonus"), (None, "miles")],
    pools={7: ["SPRING-1"]},
)


@pytest.mark.parametrize("head", ["", "[values]", "[tool.altcraft-contract.values]"])
def test_a_file_has_the_keys_at_its_top_or_in_a_table(head: str, tmp_path: Path) -> None:
    """The same keys give the same values at the top of a file, in `[values]`, and in our table of pyproject.toml."""
    file = tmp_path / "values.toml"
    pools = f"[{head.strip('[]')}.pools]" if head else "[pools]"
    file.write_text(f"{head}{TABLE.replace('[pools]', pools)}", "utf-8")

    assert load_values(file) == EXPECTED


def test_an_empty_file_knows_nothing(tmp_path: Path) -> None:
    """A file without a key says that nothing is known."""
    file = tmp_path / "values.toml"
    file.touch()

    assert load_values(file) == Values()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a = ", "not TOML"),
        ("values = 3", "values = 3: expected a table"),
        ("[tool.other]", "has no table [tool.altcraft-contract.values]"),
        ("[tool.altcraft-contract]\nquiet = true", "has no table [tool.altcraft-contract.values]"),
        ("product = ['P-1']", "values='product'"),
        ("products = 'P-1'", "expected a sequence of texts"),
        ("[pools]\nspring = ['A']", "pools"),
    ],
)
def test_a_file_that_says_what_cannot_be_is_told(text: str, reason: str, tmp_path: Path) -> None:
    """What is no TOML, no table, no key or no value is a fault that names the file."""
    file = tmp_path / "values.toml"
    file.write_text(text, "utf-8")

    with pytest.raises(ConfigurationFault) as raised:
        load_values(file)
    assert raised.value.where == str(file)
    assert reason in str(raised.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A path where there is no file is a fault."""
    with pytest.raises(ConfigurationFault, match="it cannot be read: No such file or directory"):
        load_values(tmp_path / "nope.toml")


@pytest.mark.parametrize("table", [3, "x", ["x"]])
def test_a_table_in_a_configuration_has_to_be_one(table: Any) -> None:
    """A value in the place of the table is a fault of the file in which it stands."""
    with pytest.raises(ConfigurationFault, match=r"^here\.toml: values = "):
        checked_values(table, "here.toml")


def test_tests_and_campaigns_read_the_same_table() -> None:
    """The plugin of pytest makes the same of a table as campaigns do."""
    table = {"statuses": ["new"], "pools": {"7": ["A"]}}

    assert settings.values_of(table) == values_of(table) == Values(statuses=["new"], pools={7: ["A"]})
    with pytest.raises(ImpossibleRequest):
        settings.values_of({"nope": []})
