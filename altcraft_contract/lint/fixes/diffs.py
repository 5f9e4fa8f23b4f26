"""What fixing would change, as a unified diff for reading: secrets are masked, so it is no patch."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.fixes.files import fix_part, shown_path, spare_none
from altcraft_contract.lint.fixes.hunks import Hunks
from altcraft_contract.lint.fixes.parts import iter_parts
from altcraft_contract.lint.payloads import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.lint.fixes.draft import Edit
    from altcraft_contract.lint.fixes.files import FixTally, Spares
    from altcraft_contract.lint.fixes.fixing import Fixed
    from altcraft_contract.lint.lint_options import LintOptions, Listener
    from altcraft_contract.lint.payloads import Payload


def iter_diffs(
    payloads: Iterable[Payload],
    options: LintOptions,
    listener: Listener,
    tally: FixTally,
    *,
    spares: Spares = spare_none,
) -> Iterator[str]:
    """What fixing *payloads* would change, in parts of text; nothing is written.

    Args:
        payloads: The files; the standard input, too.
        options: As for `iter_fixed_files`.
        listener: As for `iter_fixed_files`.
        tally: Counts what would be fixed.
        spares: As for `iter_fixed_files`.
    """
    for payload in payloads:
        try:
            yield from _diff(payload, options.for_path(payload.path), listener, tally, spares)
        except UnreadableFile as fault:
            listener.unreadable(fault)
        except OSError as error:
            listener.unreadable(UnreadableFile(payload.path, reason_of(error)))


def _diff(payload: Payload, options: LintOptions, listener: Listener, tally: FixTally, spares: Spares) -> Iterator[str]:
    hunks = Hunks(_masked_record)
    count, path = 0, payload.path
    with payload.open() as file:
        for part in iter_parts(payload, file, options, listener.skipped):
            fixed = fix_part(part, options, partial(spares, payload.path))
            if fixed.fixes and not count:
                path = shown_path(payload.path, part.body)
                yield f"--- a/{path.lstrip('/')}\n+++ b/{path.lstrip('/')}\n"
            count += len(fixed.fixes)
            if not part.is_record:
                yield from _document_hunks(part.body, fixed)
            elif fixed.fixes:
                old, new = _masked(part.body + part.end, fixed.data + part.end)
                yield from hunks.changed([_shown(old)], [_shown(new)])
            else:
                yield from hunks.same((part.body + part.end).decode(errors="replace"))
        yield from hunks.end()
    if count:
        tally.take(path, count)


def _masked(old: bytes, new: bytes) -> tuple[str, str]:
    """Both texts with a `*` for each character of what is secret in one of them."""
    from altcraft_contract.renderers.redaction import Redactor  # noqa: PLC0415 - only changed files need it

    before = Redactor(old.decode(errors="replace"))
    after = Redactor(new.decode(errors="replace"), secrets=before.secrets)
    return before.source, after.source


def _masked_record(line: str) -> str:
    from altcraft_contract.renderers.redaction import Redactor  # noqa: PLC0415 - only changed files need it

    return _shown(Redactor(line).source)


def _shown(line: str) -> str:
    """A line without what could move the cursor; tabs stay, and an LF is all that ends it."""
    from altcraft_contract.renderers.visible import visible  # noqa: PLC0415 - only changed files need it

    text = line.removesuffix("\n")
    end = line[len(text) :]
    return "\t".join(visible(part) for part in text.removesuffix("\r").split("\t")) + end


def _document_hunks(data: bytes, fixed: Fixed) -> Iterator[str]:
    """The hunks of one document, from its edits."""
    if not fixed.edits:
        return
    old, new = (_lines(text) for text in _masked(data, fixed.data))
    hunks = Hunks(_shown)
    old_at = new_at = position = 0
    for start, end, changed in _changed_lines(data, fixed.edits):
        unchanged = data.count(b"\n", position, start)
        for line in old[old_at : old_at + unchanged]:
            yield from hunks.same(line)
        old_at, new_at, position = old_at + unchanged, new_at + unchanged, end
        olds, news = _lines(data[start:end].decode()), _lines(changed.decode())
        head = _same_at_start(olds, news)
        tail = _same_at_start(olds[head:][::-1], news[head:][::-1])
        for line in old[old_at : old_at + head]:
            yield from hunks.same(line)
        yield from hunks.changed(
            [_shown(line) for line in old[old_at + head : old_at + len(olds) - tail]],
            [_shown(line) for line in new[new_at + head : new_at + len(news) - tail]],
        )
        for line in old[old_at + len(olds) - tail : old_at + len(olds)]:
            yield from hunks.same(line)
        old_at, new_at = old_at + len(olds), new_at + len(news)
    for line in old[old_at:]:
        yield from hunks.same(line)
    yield from hunks.end()


def _lines(text: str) -> list[str]:
    """The lines of *text* with their ends, which are LF."""
    *lines, last = text.split("\n")
    return [*(f"{line}\n" for line in lines), *((last,) if last else ())]


def _same_at_start(lines: list[str], others: list[str]) -> int:
    """How many lines are the same before the first that is not."""
    pairs = zip(lines, others, strict=False)
    return next((index for index, (line, other) in enumerate(pairs) if line != other), min(len(lines), len(others)))


def _changed_lines(data: bytes, edits: Iterable[Edit]) -> Iterator[tuple[int, int, bytes]]:
    """The whole lines that *edits* touch: where they begin and end, and what stands there afterwards.

    Lines that follow each other come together.
    """
    start = end = -1  # of the lines at hand
    done = 0  # up to where of them `new` tells
    new: list[bytes] = []
    for edit in edits:
        if edit.start >= end and (line_start := data.rfind(b"\n", 0, edit.start) + 1) > end:
            if end >= 0:
                yield start, end, b"".join((*new, data[done:end]))
            done = start = line_start
            new = []
        new += data[done : edit.start], edit.new
        done = edit.end
        if edit.end >= end:
            line_end = data.find(b"\n", edit.end)
            end = line_end + 1 if line_end >= 0 else len(data)
    yield start, end, b"".join((*new, data[done:end]))
