"""Every exception of the package.

A bad body is no exception: `check_*` returns findings. What is raised is a *fault* (the run itself cannot go on) or, on
request, a broken contract.

    AltcraftContractError
    ├── UnknownContract        (LookupError)  no such documentation version
    ├── UnusableContract       (ValueError)   a directory that holds no contract, or a damaged one
    ├── UnknownRule            (LookupError)  no such rule in the catalogue
    ├── UnknownScenario        (LookupError)  no such scenario of the stub
    ├── RuleNotSelectable      (ValueError)   a rule that cannot be ignored, left out or changed
    ├── ConversionError        (ValueError)   a document that the other syntax cannot carry
    ├── ConfigurationFault                    a configuration that cannot be used
    ├── UnreadableFile                        a path that cannot be read
    │   └── EmptyDirectory                    a directory without a file to check
    ├── NothingToCheck                        no payload among the given paths
    ├── MissingExtra                           an optional part that is not installed
    ├── CannotServe                           a server that cannot be started
    ├── TargetUnreachable                     a service that does not answer
    └── ImpossibleRequest      (ValueError)   parameters with which nothing can be made
    ContractViolated           (AssertionError)  raised by `validate_*`, carries the result
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from altcraft_contract.findings import CheckResult


class AltcraftContractError(Exception):
    """A fault: the run cannot go on."""


class UnknownContract(AltcraftContractError, LookupError):
    """No such version of the contract."""

    def __init__(self, version: str, known: tuple[str, ...]) -> None:
        super().__init__(version, known)
        self.version = version
        self.known = known

    def __str__(self) -> str:
        known = ", ".join(self.known)
        return f"no contract {self.version!r}; known: {known}, and any directory that `schema --export` has written"


class UnusableContract(AltcraftContractError, ValueError):
    """A directory that holds no contract, or one that cannot be used.

    Attributes:
        path: The directory, or the file in it.
        reason: What is wrong with it.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class UnknownRule(AltcraftContractError, LookupError):
    """No such rule in the catalogue."""

    def __init__(self, rule: str, nearest: str | None = None) -> None:
        super().__init__(rule, nearest)
        self.rule = rule
        self.nearest = nearest

    def __str__(self) -> str:
        remedy = f"did you mean {self.nearest!r}?" if self.nearest else "`altcraft-contract rules` lists them"
        return f"unknown rule {self.rule!r}; {remedy}"


class UnknownScenario(AltcraftContractError, LookupError):
    """No such scenario of the stub."""

    def __init__(self, scenario: str, nearest: str | None = None) -> None:
        super().__init__(scenario, nearest)
        self.scenario = scenario
        self.nearest = nearest

    def __str__(self) -> str:
        remedy = (
            f"did you mean {self.nearest!r}?"
            if self.nearest
            else "`altcraft-contract stub --list-scenarios` names them"
        )
        return f"unknown scenario {self.scenario!r}; {remedy}"


class RuleNotSelectable(AltcraftContractError, ValueError):
    """A rule that cannot be ignored, left out or given another severity."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule

    def __str__(self) -> str:
        return f"{self.rule!r} cannot be ignored or changed: nothing else of such a body can be judged"


class ConversionError(AltcraftContractError, ValueError):
    """A document that the other syntax cannot carry without loss.

    Attributes:
        pointer: RFC 6901 pointer to the value that cannot be carried.
        reason: What stands there and why it cannot be carried.
    """

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(pointer, reason)
        self.pointer = pointer
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.pointer or 'the document'}: {self.reason}"


class ConfigurationFault(AltcraftContractError):
    """A configuration that cannot be used."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(where, reason)
        self.where = where
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


class UnreadableFile(AltcraftContractError):
    """A path that cannot be read."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class EmptyDirectory(UnreadableFile):
    """A directory without a file to check."""


class ImpossibleRequest(AltcraftContractError, ValueError):
    """Parameters of a strategy with which nothing can be made.

    Attributes:
        parameter: Name of the parameter.
        value: What was given.
        expected: What would do.
    """

    def __init__(self, parameter: str, value: object, expected: str) -> None:
        super().__init__(parameter, value, expected)
        self.parameter = parameter
        self.value = value
        self.expected = expected

    def __str__(self) -> str:
        return f"{self.parameter}={self.value!r} (type={type(self.value).__name__}): expected {self.expected}"


class NothingToCheck(AltcraftContractError):
    """No payload among the given paths."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class MissingExtra(AltcraftContractError):
    """An optional part of this package that is not installed.

    Attributes:
        extra: Name of the extra that brings it.
        module: What could not be imported.
    """

    def __init__(self, extra: str, module: str) -> None:
        super().__init__(extra, module)
        self.extra = extra
        self.module = module

    def __str__(self) -> str:
        return f"{self.module} is not installed; get it with: pip install 'altcraft-contract[{self.extra}]'"


class CannotServe(AltcraftContractError):
    """A server that cannot be started.

    Attributes:
        address: Where it was to listen.
        reason: Why it does not.
    """

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(address, reason)
        self.address = address
        self.reason = reason

    def __str__(self) -> str:
        return f"cannot listen on {self.address}: {self.reason}"


class TargetUnreachable(AltcraftContractError):
    """A service that does not answer.

    Attributes:
        target: Its URL.
        reason: What came instead of an answer.
    """

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(target, reason)
        self.target = target
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.target}: {self.reason}"


class ContractViolated(AssertionError):
    """A message breaks the contract.

    Attributes:
        result: The `CheckResult` with every finding.
    """

    def __init__(self, result: CheckResult) -> None:
        super().__init__(result)
        self.result = result

    def __str__(self) -> str:
        return str(self.result)
