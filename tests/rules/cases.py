"""The cases in the folders of the rules: one file, or one pair of files, each, with the findings expected beside it.

    <rule>/valid/<name>.json                            a request that keeps the rule; without a finding
    <rule>/invalid/<name>.xml                           a request that breaks the rule
    <rule>/invalid/<name>.xml.expected.json             its findings: severity, rule, pointer, line, column
    <rule>/invalid/<name>.response.json                 a response
    <rule>/invalid/<name>.{request,response}.json       an exchange, for the rules about both; the findings are beside
                                                        the response, into which they point

A valid case has findings beside it if it breaks other rules: it shows where this one stays silent.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from altcraft_contract.rules import RULES
from altcraft_contract.validation import check_exchange, check_request, check_response

if TYPE_CHECKING:
    from altcraft_contract.contract import Syntax
    from altcraft_contract.findings import CheckResult
    from altcraft_contract.validation import Engine

FOLDER = Path(__file__).parent
EXPECTED = ".expected.json"

Expected = list[list[str | int]]


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    Attributes:
        rule: Id of the rule.
        kind: Whether it keeps or breaks the rule.
        path: The file that is judged.
        request: The request that belongs to it, for an exchange.
    """

    rule: str
    kind: Literal["valid", "invalid"]
    path: Path
    request: Path | None

    def __str__(self) -> str:
        return self.path.relative_to(FOLDER).as_posix()

    @property
    def syntax(self) -> Syntax:
        """The syntax of the file that is judged."""
        return cast("Syntax", self.path.suffix[1:])

    @property
    def message(self) -> str:
        """Which message the file holds that is judged."""
        return "response" if self.path.suffixes[-2:-1] == [".response"] else "request"

    def check(self, engine: Engine) -> CheckResult:
        """Judge the case."""
        if self.request is not None:
            return check_exchange(
                self.request.read_bytes(),
                self.path.read_bytes(),
                request_syntax=cast("Syntax", self.request.suffix[1:]),
                response_syntax=self.syntax,
                engine=engine,
            )
        check = check_response if self.message == "response" else check_request
        return check(self.path.read_bytes(), syntax=self.syntax, engine=engine)

    def expected(self) -> Expected:
        """The findings that it has."""
        beside = self.path.with_name(self.path.name + EXPECTED)
        findings: Expected = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else []
        return findings


def load_cases() -> list[Case]:
    """Every case of every folder."""
    return [
        Case(rule, kind, path, _request_of(path) if RULES[rule].scope == "exchange" else None)
        for rule in RULES
        for kind in ("valid", "invalid")
        for path in sorted((FOLDER / rule / kind).glob("*"))
        if not path.name.endswith(EXPECTED)
        and not (RULES[rule].scope == "exchange" and path.suffixes[-2:-1] == [".request"])
    ]


def _request_of(response: Path) -> Path:
    """The request of an exchange: of the response's syntax, if there are two of its name."""
    name = response.name.removesuffix(f".response{response.suffix}")
    alike = response.with_name(f"{name}.request{response.suffix}")
    return alike if alike.exists() else next(response.parent.glob(f"{name}.request.*"))
