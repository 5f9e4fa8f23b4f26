"""One document: bytes in, bytes out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.limits import DEFAULT_LIMITS, MEBIBYTE, Limits
from altcraft_contract.findings import Severity
from altcraft_contract.lint.fixes.draft import Draft, Edit
from altcraft_contract.lint.fixes.repairs import find_repairs
from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.rules.selection import ALL_RULES, RuleSelection
from altcraft_contract.validation.checking import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from altcraft_contract.contract import Contract, Message, Syntax
    from altcraft_contract.lint.fixes.repairs import Repair
    from altcraft_contract.rules.rule import Breach
    from altcraft_contract.validation.checking import Verdict

_MOST_CHECKS: Final = 2_000  # of one document; one that needs more is left as it is
_MOST_CHECKED: Final = 128 * MEBIBYTE  # of all these checks together
_FEWEST_CHECKS: Final = 16


@dataclass(frozen=True, slots=True)
class Fix:
    """Something that was fixed. No part of it shows a secret.

    Attributes:
        rule: Id of the rule that was broken.
        pointer: Where the finding stood, as an RFC 6901 JSON Pointer.
        line: 1-based, in the document as it was.
        column: 1-based, in characters.
        message: What was done, such as `wrote 2500 as "2500"`.
        before: The old value or name.
        after: The new one; empty if it was taken out.
    """

    rule: str
    pointer: str
    line: int
    column: int
    message: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.rule}: {self.message} ({self.pointer})"


@dataclass(frozen=True, slots=True)
class Fixed:
    """What came of fixing a document.

    Attributes:
        data: The document; the same bytes if nothing was to be fixed.
        fixes: What was fixed, in the order of the document.
        edits: What makes `data` of the document as it was, in the order of the document.
    """

    data: bytes
    fixes: tuple[Fix, ...] = ()
    edits: tuple[Edit, ...] = ()


def spare_nothing(_rule: str, _pointer: str) -> bool:
    """No finding is spared."""
    return False


def fix_document(
    data: bytes,
    *,
    syntax: Syntax,
    message: Message,
    rules: RuleSelection = ALL_RULES,
    contract: Contract | None = None,
    limits: Limits = DEFAULT_LIMITS,
    spares: Callable[[str, str], bool] = spare_nothing,
) -> Fixed:
    """Fix what can be fixed without a loss and in one way only.

    Nothing is fixed that would bring an error to light that the document did not have before, nor anything in a
    malformed document or in one with more findings than a check keeps. Fixing the outcome again changes nothing.

    Args:
        data: The document.
        syntax: `json` or `xml`.
        message: `request` or `response`.
        rules: Findings of other rules stay as they are.
        contract: The version of the contract; None is the newest.
        limits: Bounds on the document.
        spares: Whether the finding of a rule at a pointer stays as it is.

    Returns:
        The document with what was done. Nothing is raised for any bytes.
    """
    return _Fixer(syntax, message, rules, spares, contract=contract or load_contract(), limits=limits).fix(data)


class _TooIntricate(Exception):
    """The document would have to be checked too often."""


class _Fixer:
    def __init__(
        self,
        syntax: Syntax,
        message: Message,
        rules: RuleSelection,
        spares: Callable[[str, str], bool],
        *,
        contract: Contract,
        limits: Limits,
    ) -> None:
        self.syntax = syntax
        self.message = message
        self.rules = rules
        self.contract = contract
        self.limits = limits
        self.spares = spares
        self.checks = 0  # that may still be made

    def fix(self, data: bytes) -> Fixed:
        """Repair until nothing is left that can be: one repair may show the way to the next."""
        self.checks = max(_FEWEST_CHECKS, min(_MOST_CHECKS, _MOST_CHECKED // (len(data) or 1)))
        draft = Draft(data)
        done: list[tuple[int, Repair]] = []
        try:
            while repairs := self.good_repairs(draft):
                done += ((draft.origin(repair.offset), repair) for repair in repairs)
                draft = draft.edited(edit for repair in repairs for edit in repair.edits)
        except _TooIntricate:
            return Fixed(data)
        if not done:
            return Fixed(data)
        return Fixed(draft.data, _described(data, sorted(done, key=lambda entry: entry[0])), draft.edits)

    def judge(self, data: bytes) -> Verdict:
        self.checks -= 1
        if self.checks < 0:
            raise _TooIntricate
        return judge(self.message, data, syntax=self.syntax, contract=self.contract, limits=self.limits)

    def good_repairs(self, draft: Draft) -> list[Repair]:
        """The repairs of one round: as many as do good together."""
        verdict = self.judge(draft.data)
        if verdict.document.malformed or verdict.truncated:
            return []
        repairs = find_repairs(
            draft.data,
            self.syntax,
            self.contract.shape(self.message),
            (
                (breach.rule, breach.pointer)
                for breach in verdict.breaches
                if self.rules.counts(breach.rule) and not self.spares(breach.rule, breach.pointer)
            ),
        )
        trial = _Trial(self.judge, draft, _errors_of(verdict.breaches))
        return trial.good_of(repairs)


class _Trial:
    """Finds out which repairs do good.

    Args:
        judge: Checks a document.
        draft: To be repaired.
        errors: That it has.
    """

    def __init__(self, judge: Callable[[bytes], Verdict], draft: Draft, errors: Counter[Breach]) -> None:
        self.judge = judge
        self.draft = draft
        self.errors = errors

    def good_of(self, repairs: Sequence[Repair]) -> list[Repair]:
        """As many of *repairs* as do good together."""
        rest = list(repairs)
        while rest and (faults := self.faults_of(rest)):
            guilty = {prefix for pointer in faults for prefix in _prefixes(pointer)}
            innocent = [repair for repair in rest if repair.place not in guilty]
            if len(innocent) == len(rest):
                return self.search(rest, [])
            rest = innocent
        return rest

    def search(self, repairs: list[Repair], good: list[Repair]) -> list[Repair]:
        """*good* with those of *repairs* that do good beside it: all, or what is good of each half."""
        if not repairs or not self.faults_of([*good, *repairs]):
            return good + repairs
        if len(repairs) == 1:
            return good
        middle = len(repairs) // 2
        return self.search(repairs[middle:], self.search(repairs[:middle], good))

    def faults_of(self, repairs: Sequence[Repair]) -> set[str]:
        """Pointers to what *repairs* would bring to light, or leave as it is; empty if they do good."""
        verdict = self.judge(self.draft.edited(edit for repair in repairs for edit in repair.edits).data)
        if verdict.document.malformed or verdict.truncated:
            return {""}
        faults = {breach.pointer for breach in _errors_of(verdict.breaches) - self.errors}
        left = {(breach.rule, breach.pointer) for breach in verdict.breaches}
        return faults | {repair.place for repair in repairs if (repair.rule, repair.place) in left}


def _prefixes(pointer: str) -> Iterator[str]:
    """*pointer*, and those to what its value stands in."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]


def _errors_of(breaches: Sequence[Breach]) -> Counter[Breach]:
    """How often each error stands in the document, wherever that is."""
    return Counter(
        breach._replace(offset=None, hint=None) for breach in breaches if RULES[breach.rule].severity is Severity.ERROR
    )


def _described(data: bytes, done: list[tuple[int, Repair]]) -> tuple[Fix, ...]:
    from altcraft_contract.documents.position import LineIndex  # noqa: PLC0415 - only broken documents need it
    from altcraft_contract.renderers.redaction import Redactor  # noqa: PLC0415 - as above

    text = data.decode()
    index, redact = LineIndex(text), Redactor(text).redact
    fixes = []
    characters = place = 0
    for offset, repair in done:
        characters += len(data[place:offset].decode(errors="ignore"))
        place = offset
        line, column = index.position(characters)
        words = (redact(word) for word in (repair.message, repair.before, repair.after))
        fixes.append(Fix(repair.rule, redact(repair.pointer), line, column, *words))
    return tuple(fixes)
