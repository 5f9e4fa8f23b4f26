"""Whole files: their documents fixed one after the other, and each file replaced at once or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.contract import load_contract
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.fixes.fixing import Fixed, fix_document
from altcraft_contract.lint.fixes.parts import iter_parts
from altcraft_contract.lint.fixes.replacing import replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from altcraft_contract.lint.fixes.fixing import Fix
    from altcraft_contract.lint.fixes.parts import Part
    from altcraft_contract.lint.lint_options import LintOptions, Listener
    from altcraft_contract.lint.payloads import Payload

    Spares = Callable[[str, str, str], bool]

MOST_FIXES: Final = 1_000
"""So many fixes of a file are told of one by one; the others are only counted."""

_MOST_NAMED: Final = 5  # files that a summary names


class FixedFile(NamedTuple):
    """A file in which something was fixed.

    Attributes:
        path: As the user named it, without what is secret.
        total: How many findings were fixed.
        fixes: What was done about the first of them; lines are those of the file as it was.
    """

    path: str
    total: int
    fixes: tuple[Fix, ...]


@dataclass(slots=True)
class FixTally:
    """Counts over a whole run.

    Attributes:
        findings: Findings that were fixed, or would be.
        files: Files that hold them.
    """

    findings: int = 0
    files: int = 0
    _named: list[tuple[str, int]] = field(default_factory=list)

    def take(self, path: str, count: int) -> None:
        """Count *count* findings in the file at *path*."""
        self.findings += count
        self.files += 1
        if len(self._named) < _MOST_NAMED:
            self._named.append((path, count))

    def summary(self, verb: str) -> str:
        """A sentence such as `fixed 3 findings in 2 files (order.json: 2, paid.xml: 1)`; paths as they were named."""
        if not self.findings:
            return f"{verb} nothing"
        named = ", ".join(f"{path}: {count}" for path, count in self._named)
        more = ", …" if self.files > len(self._named) else ""
        return f"{verb} {_counted(self.findings, 'finding')} in {_counted(self.files, 'file')} ({named}{more})"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' if number != 1 else ''}"


def spare_none(_path: str, _rule: str, _pointer: str) -> bool:
    """No finding is spared."""
    return False


def iter_fixed_files(
    payloads: Iterable[Payload], options: LintOptions, listener: Listener, *, spares: Spares = spare_none
) -> Iterator[FixedFile]:
    """Fix *payloads*, one after the other, in their places.

    Args:
        payloads: The files.
        options: What they hold, and which findings count; those that do not are not fixed.
        listener: Is told of files that are no message of this contract, and of those that cannot be read or written:
            they stay as they are, and the others are still fixed.
        spares: Whether the finding in the file at a path, of a rule, at a pointer, stays as it is.

    Yields:
        The files in which something was fixed, when it is done.
    """
    for payload in payloads:
        try:
            fixed = fix_file(payload, options, skipped=listener.skipped, spares=spares)
        except UnreadableFile as fault:
            listener.unreadable(fault)
            continue
        if fixed is not None:
            yield fixed


def fix_file(
    payload: Payload,
    options: LintOptions,
    *,
    skipped: Callable[[str], None],
    spares: Spares = spare_none,
) -> FixedFile | None:
    """Fix one file in its place: it is replaced at once, or stays as it is.

    The memory that this takes is that of one document.

    Args:
        payload: The file.
        options: What it holds, and which findings count.
        skipped: Is told if the file is no message of this contract.
        spares: As for `iter_fixed_files`.

    Returns:
        What was done; None if nothing was.

    Raises:
        UnreadableFile: if it cannot be read or written, or if it changed in the meantime.
    """
    if payload.is_compressed:
        raise UnreadableFile(payload.path, "is compressed, and cannot be fixed in its place; unpack it first")
    if payload.file is None:
        raise UnreadableFile(payload.path, "cannot be fixed in its place; name a file, or look at the diff")
    options = options.for_path(payload.path)
    count, path = 0, payload.path
    fixes: list[Fix] = []
    with replacing(str(payload.file), payload.path) as replacement:
        with payload.open() as file:
            for part in iter_parts(payload, file, options, skipped):
                fixed = fix_part(part, options, partial(spares, payload.path))
                replacement.take(part.body + part.end, fixed.data + part.end)
                if fixed.fixes and not count:
                    path = shown_path(payload.path, part.body)
                count += len(fixed.fixes)
                fixes += fixed.fixes[: MOST_FIXES - len(fixes)]
        if not replacement.finish():
            return None
    return FixedFile(path, count, tuple(fixes))


def shown_path(path: str, document: bytes) -> str:
    """*path* without what is secret in a document of its file, and without what could move the cursor."""
    from altcraft_contract.renderers.redaction import Redactor  # noqa: PLC0415 - only changed files need it
    from altcraft_contract.renderers.visible import visible  # noqa: PLC0415 - as above

    return visible(Redactor(document.decode(errors="replace")).redact_path(path))


def fix_part(part: Part, options: LintOptions, spares: Callable[[str, str], bool]) -> Fixed:
    """Fix the document that *part* of a file is, if it is one; lines are those of the file."""
    if part.syntax is None:
        return Fixed(part.body)
    fixed = fix_document(
        part.body,
        syntax=part.syntax,
        message=part.message,
        rules=options.rules,
        contract=load_contract(options.contract),
        limits=options.limits,
        spares=spares,
    )
    if part.first_line == 1:
        return fixed
    return replace(fixed, fixes=tuple(replace(fix, line=fix.line + part.first_line - 1) for fix in fixed.fixes))
