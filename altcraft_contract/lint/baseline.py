"""The baseline of the linter: findings that were known when it was written, and count for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from altcraft_contract.lint.known_findings import KnownForm
from altcraft_contract.lint.project import STANDARD_INPUT_NAME, Directory
from altcraft_contract.lint.replacement import check_replaceable
from altcraft_contract.renderers.fingerprint import Fingerprints
from altcraft_contract.renderers.visible import needs_redaction

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Sequence

    from altcraft_contract.findings import Finding
    from altcraft_contract.renderers.report import Entry

_LONGEST: Final = 200  # characters of a place
_MASKED: Final = ("***", "\ufffd")  # what stands for secrets, and for what TOML cannot hold
_HIDES_OTHERS: Final = "malformed"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFinding:
    """A finding that is known.

    Attributes:
        id: Its fingerprint, for which the file is called *path*.
        rule: Id of the rule.
        path: Of the file, from the directory of the baseline on, with `/`.
        place: RFC 6901 pointer, without secrets.
        reason: Why nobody minds for now, in the words of a person; empty if none has said it.
        since: The day on which it was written down.
    """

    id: str
    rule: str
    path: str
    place: str
    reason: str = ""
    since: date


FORM: Final = KnownForm(
    KnownFinding,
    """\
Findings of `altcraft-contract lint` that are known, and make no run fail. Say why in `reason`: it is kept.
--baseline-update adds what is new, --baseline-prune takes out what is gone.""",
    MappingProxyType({"oracle": "it was written by `altcraft-contract fuzz`; name another file for findings"}),
)


class Baseline:
    """What is known, during one run.

    Args:
        path: The file.
        updates: Whether what is new is known from now on; the file may be missing then.
        prunes: Whether what is gone is taken out.
        today: The day, for what is new; None is that of the clock, in UTC.
        is_checked: Whether a rule is checked in this run; of others nothing can be gone.

    Raises:
        UnreadableFile: if the file cannot be read, is no baseline, or cannot be written though it has to be.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        updates: bool = False,
        prunes: bool = False,
        today: date | None = None,
        is_checked: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._file = Path(path)
        self._updates = updates
        self._prunes = prunes
        self._day = today or datetime.now(UTC).date()
        self._is_checked = is_checked
        self._known = FORM.load(path, may_be_missing=updates)
        if updates or prunes:
            check_replaceable(path)
        self._directory = Directory(self._file.parent)
        self._fingerprints = Fingerprints()
        self._new: dict[str, KnownFinding] = {}
        self._met: set[str] = set()
        self._seen: set[str] = set()  # paths of files that were checked
        self._unclear: set[str] = set()  # those of them in which more may be wrong than was found
        self._unread: set[str] = set()  # paths that could not be read, or not to the end; directories, too

    def note(self, entry: Entry) -> None:
        """Take note of a document that was checked."""
        path = self._path_of(entry)
        self._seen.add(path)
        findings = entry.result.findings
        if entry.result.truncated or any(finding.rule == _HIDES_OTHERS for finding in findings):
            self._unclear.add(path)

    def doubt(self, path: str) -> None:
        """Take note that what is at *path* could not be read: of it, and of what is below it, nothing can be gone."""
        self._unread.add(self._directory.relative(path))

    def reasons(self, entry: Entry, counting: Sequence[bool]) -> list[str | None]:
        """Why findings are known, in their order; None for one that is not.

        Args:
            entry: A document, with all of its findings.
            counting: Whether each of them counts until now; what does not is not added to the baseline.
        """
        self.note(entry)
        reasons: list[str | None] = []
        fingerprints = self._fingerprints.of(entry, self._directory.relative(entry.path))
        unknown: list[tuple[str, Finding]] = []
        for fingerprint, finding, counts in zip(fingerprints, entry.result.findings, counting, strict=True):
            known = self._known.get(fingerprint)
            if known is not None:
                self._met.add(fingerprint)
            is_new = known is None and counts and self._updates
            if is_new:
                unknown.append((fingerprint, finding))
            reasons.append(known.reason if known is not None else "" if is_new else None)
        if unknown:
            self._add(entry, unknown)
        return reasons

    def finish(self, *, is_finished: bool = True) -> str | None:
        """Write the file, if something in it has changed.

        Args:
            is_finished: Whether the run came to its end; else nothing is taken out.

        Returns:
            What was done, for people; None if nothing was.

        Raises:
            UnreadableFile: if it cannot be written.
        """
        gone = self._gone() if self._prunes and is_finished else set()
        if not gone and not self._new and (not self._updates or self._file.exists()):
            return None
        # Another run may have added to it: pre-commit starts several side by side.
        known = {**self._known, **FORM.load(self._file, may_be_missing=True)}
        kept = [entry for id_, entry in known.items() if id_ not in gone]
        entries = sorted(
            [*kept, *(entry for id_, entry in self._new.items() if id_ not in known)],
            key=lambda entry: (entry.path, entry.rule, entry.place, entry.id),
        )
        FORM.write(self._file, entries)
        return f"wrote {self._file}: {len(self._new)} added, {len(gone)} taken out, {len(kept)} kept"

    def iter_remarks(self) -> Iterator[str]:
        """What people should know after a run that came to its end."""
        if self._prunes:
            return
        number = len(self._gone())
        if number == 1:
            yield "1 finding of the baseline was not met again in the files checked; --baseline-prune takes it out"
        elif number:
            yield (
                f"{number} findings of the baseline were not met again in the files checked; "
                "--baseline-prune takes them out"
            )

    def _gone(self) -> set[str]:
        """Fingerprints of what is known and was not met again, where it would have been if it were still there."""
        paths = {known.path for known in self._known.values()} - self._seen
        lost = {path for path in paths if _is_whole(path) and not self._directory.holds(path)}
        clear = {path for path in self._seen - self._unclear if _is_whole(path)}
        return {
            id_
            for id_, known in self._known.items()
            if not self._is_unread(known.path)
            and (known.path in lost or (known.path in clear and id_ not in self._met and self._is_checked(known.rule)))
        }

    def _is_unread(self, path: str) -> bool:
        return any(path == unread or path.startswith(f"{unread}/") for unread in self._unread)

    def _path_of(self, entry: Entry) -> str:
        path = self._directory.relative(entry.path)
        if needs_redaction(path):
            from altcraft_contract.renderers.redaction import redact_path  # noqa: PLC0415 - few paths need it

            path = redact_path(path)
        return path if path.isascii() else path.encode(errors="surrogatepass").decode(errors="replace")

    def _add(self, entry: Entry, unknown: Sequence[tuple[str, Finding]]) -> None:
        from altcraft_contract.renderers.redaction import Redactor  # noqa: PLC0415 - only what is new needs it

        redactor = Redactor(entry.text, "xml" if entry.result.syntax == "xml" else "json", secrets=entry.secrets)
        path = redactor.redact_path(self._path_of(entry))
        for fingerprint, finding in unknown:
            place = redactor.redact(finding.pointer)
            self._new[fingerprint] = KnownFinding(
                id=fingerprint,
                rule=finding.rule,
                path=path,
                place=place if len(place) <= _LONGEST else f"{place[:_LONGEST]}…",
                since=self._day,
            )


def _is_whole(path: str) -> bool:
    """Whether *path* leads to one file, and no other one that was checked may be called the same."""
    return path != STANDARD_INPUT_NAME and not any(mask in path for mask in _MASKED)
