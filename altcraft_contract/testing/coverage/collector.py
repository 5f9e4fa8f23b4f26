"""The collector: counts what the tests exercise."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.contract import load_contract
from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.rules.selection import ALL_RULES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from altcraft_contract.contract import Contract, Message, Syntax
    from altcraft_contract.findings import Finding
    from altcraft_contract.rules.selection import RuleSelection
    from altcraft_contract.testing.coverage.plan import Plan

FORM: Final = 1
"""Version of what `Coverage.as_json` returns."""

COUNTERS: Final = ("messages", "request", "response", "kept", "broken", "scenarios")
_MESSAGES: Final = ("request", "response", "exchange")
_KEYS: Final = frozenset({"form", "contract", "off", *COUNTERS})


class Coverage:
    """Counts which documented fields, rules and scenarios are exercised; an `Observer`, for any number of threads.

    Nothing of a message is kept but names that stand in the contract.

    Args:
        contract: The version of the contract; None is the newest.
        rules: The rules that are judged at all: those that are switched off are not counted among all rules.

    Attributes:
        contract: As given.
        off: Ids of the rules that are switched off.
    """

    def __init__(self, *, contract: Contract | None = None, rules: RuleSelection = ALL_RULES) -> None:
        from altcraft_contract.rules.catalogue import RULES  # noqa: PLC0415 - the plugin asks for it only when needed

        self.contract = contract or load_contract()
        self.off = frozenset(rule for rule in RULES if not rules.counts(rule))
        self._counts: dict[str, Counter[str]] = {name: Counter() for name in COUNTERS}
        self._lock = Lock()

    @property
    def plan(self) -> Plan:
        """What there is to exercise."""
        from altcraft_contract.testing.coverage.plan import plan_of  # noqa: PLC0415 - reads schemas, asks the samples

        return plan_of(self.contract)

    def take_message(self, message: Message, body: object, syntax: Syntax | None, findings: Sequence[Finding]) -> None:
        """Count what one message exercises: fields that it has, rules that it keeps and rules that it breaks.

        Args:
            message: `request` or `response`.
            body: As it was checked, `bytes`, `str` or the parsed JSON form; any other value has no field.
            syntax: `json` or `xml`; None tells it by the first character.
            findings: What was found in it.
        """
        broken = _broken(findings)
        fields, spoken = self._look(message, body, syntax, findings)
        self._add({"messages": (message,), message: fields, "kept": spoken - broken.keys(), "broken": broken})

    def take_exchange(self, findings: Sequence[Finding]) -> None:
        """Count the rules for a request and its response together: each is kept or broken."""
        from altcraft_contract.testing.coverage.plan import EXCHANGE_RULES  # noqa: PLC0415 - as above

        broken = _broken(findings)
        self._add({"messages": ("exchange",), "kept": EXCHANGE_RULES - broken.keys() - self.off, "broken": broken})

    def take_scenario(self, name: str) -> None:
        """Count an answer of the stub by the scenario *name*."""
        self._add({"scenarios": (name,)})

    def count(self, counter: str, name: str) -> int:
        """How often *name* was counted by *counter*, one of `COUNTERS`."""
        with self._lock:
            return self._counts[counter][name]

    def as_json(self) -> dict[str, Any]:
        """What was counted, as text, numbers, lists and dictionaries.

        Returns:
            `form` (1), `contract` (its version), `off` (ids of rules that are switched off, sorted), and one dictionary
            of name to count for each of `messages`, `request` and `response` (by template), `kept` and `broken` (by
            rule) and `scenarios`.
        """
        with self._lock:
            counts = {name: dict(sorted(counted.items())) for name, counted in self._counts.items()}
        return {"form": FORM, "contract": self.contract.version, "off": sorted(self.off), **counts}

    def merge(self, other: object) -> None:
        """Add what another process counted, all of it or nothing.

        Args:
            other: What its `as_json` returned.

        Raises:
            ConfigurationFault: if it is of another version of the contract or of this package, or was counted with
                other rules switched off.
        """
        self._add(self._checked(other))

    def _look(
        self, message: Message, body: object, syntax: Syntax | None, findings: Sequence[Finding]
    ) -> tuple[Collection[str], frozenset[str]]:
        """The fields of a message, and the rules that speak of something in it."""
        from altcraft_contract.documents.document import read_document  # noqa: PLC0415 - the readers take time to load
        from altcraft_contract.testing.coverage.plan import TEXT_RULES  # noqa: PLC0415 - as above

        plan = self.plan.of(message)
        try:
            document = read_document(body, plan.shape, syntax=syntax)
        except Exception:  # noqa: BLE001 - a mapping of the user's may raise anything when it is read
            return (), frozenset()
        if document.malformed:
            return (), frozenset()
        seen = plan.look(document.value, findings)
        spoken = seen.spoken if document.data is None else seen.spoken | TEXT_RULES
        return seen.fields, spoken - self.off

    def _add(self, counted: Mapping[str, Iterable[str] | Mapping[str, int]]) -> None:
        with self._lock:
            for counter, names in counted.items():
                self._counts[counter].update(names)

    def _checked(self, other: object) -> dict[str, Mapping[str, int]]:
        where = "contract coverage of another process"
        if not isinstance(other, dict) or other.get("form") != FORM or other.keys() != _KEYS:
            reason = "of another form than this version of altcraft-contract writes; install one version everywhere"
            raise ConfigurationFault(where, reason)
        if other["contract"] != self.contract.version:
            reason = f"counted by the contract {str(other['contract'])[:20]!r}, here it is {self.contract.version!r}"
            raise ConfigurationFault(where, f"{reason}; use one version everywhere")
        if other["off"] != sorted(self.off):
            reason = "counted with other rules switched off than here; configure all processes alike"
            raise ConfigurationFault(where, reason)
        known = self._known_names()
        for counter in COUNTERS:
            if not _is_counted(other[counter], known.get(counter)):
                reason = f"its counts of {counter!r} are not numbers of what this version of altcraft-contract knows"
                raise ConfigurationFault(where, f"{reason}; install one version everywhere")
        return {counter: other[counter] for counter in COUNTERS}

    def _known_names(self) -> dict[str, Collection[str]]:
        """The names that a counter may count; any text for the scenarios."""
        from altcraft_contract.rules.catalogue import RULES  # noqa: PLC0415 - as above

        plan = self.plan
        return {
            "messages": _MESSAGES,
            "request": plan.request.templates,
            "response": plan.response.templates,
            "kept": RULES,
            "broken": RULES,
        }


def _broken(findings: Sequence[Finding]) -> Counter[str]:
    """How often each rule is broken."""
    return Counter(finding.rule for finding in findings)


def _is_counted(counts: object, known: Collection[str] | None) -> bool:
    """Whether *counts* are names, those *known* if they are, and how often each was counted."""
    return isinstance(counts, dict) and all(
        type(name) is str and type(number) is int and number >= 0 and (known is None or name in known)
        for name, number in counts.items()
    )
