"""What the configuration says about the rules and the installation: the same file as for the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast

from altcraft_contract.configuration import SEVERITY, VALUES, find_configuration, read_configuration
from altcraft_contract.errors import AltcraftContractError, ConfigurationFault
from altcraft_contract.findings import Severity
from altcraft_contract.rules.selection import ALL_RULES, RuleSelection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from altcraft_contract.findings import CheckResult, Finding
    from altcraft_contract.strategies import Values

FailOn = Literal["error", "warning", "never"]

FAIL_ON: Final[tuple[FailOn, ...]] = ("error", "warning", "never")


class JudgingSettings(NamedTuple):
    """How messages are judged.

    Attributes:
        rules: Which rules count, and how severely.
        fail_on: The least severe finding that fails a test.
        values: What exists on the installation: name of a field of `strategies.Values` to its value.
    """

    rules: RuleSelection
    fail_on: FailOn
    values: Mapping[str, Any]

    def failing(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Those of *findings* that fail a test."""
        if self.fail_on == "never":
            return ()
        return tuple(finding for finding in findings if self.fail_on == "warning" or finding.severity is Severity.ERROR)

    def fails(self, result: CheckResult) -> bool:
        """Whether *result* fails a test."""
        return not result.ok if self.fail_on == "error" else bool(self.failing(result.findings))


def load_judging_settings(
    directory: Path,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    fail_on: str | None = None,
) -> JudgingSettings:
    """Load the configuration at *directory* or above it; what is given here goes before it.

    Args:
        directory: Where to begin to look: the root of the tests.
        select: Ids of the only rules that count.
        ignore: Ids of rules that do not count.
        fail_on: `error`, `warning` or `never`.

    Raises:
        ConfigurationFault: if the configuration cannot be used.
    """
    file = find_configuration(directory)
    table = read_configuration(file) if file is not None else {}
    where = str(file) if file is not None else "the configuration of pytest"
    severity, values = (_table(where, key, table.get(key, {})) for key in (SEVERITY, VALUES))
    try:
        rules = RuleSelection(
            select=_texts(table, "select", select),
            ignore=_texts(table, "ignore", ignore),
            severity=severity,
        )
    except (AltcraftContractError, ValueError) as error:
        raise ConfigurationFault(where, str(error)) from None
    level = fail_on or table.get("fail-on", "error")
    if level not in FAIL_ON:
        raise ConfigurationFault(where, f"fail-on = {level!r}: expected one of {', '.join(FAIL_ON)}")
    if rules == RuleSelection([], [], {}):
        rules = ALL_RULES
    return JudgingSettings(rules, cast("FailOn", level), values)


def _table(where: str, key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigurationFault(where, f"{key} = {value!r:.80}: expected a table")
    return value


def _texts(table: Mapping[str, Any], key: str, given: Sequence[str]) -> list[str]:
    """Texts that are given, or stand in the configuration; a comma separates them there, too."""
    value = given or table.get(key, [])
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, (list, tuple)) or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"{key} = {value!r}: expected a list of texts")
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]


def values_of(table: Mapping[str, Any]) -> Values:
    """What exists on an installation, from its table in the configuration; as `strategies.values_file.values_of`.

    Raises:
        ImpossibleRequest: if there is no such field, or a value cannot be one.
    """
    from altcraft_contract.strategies import values_file  # noqa: PLC0415 - loads Hypothesis

    return values_file.values_of(table)
