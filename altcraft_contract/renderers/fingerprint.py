"""Fingerprints: what tells a finding again in a later run, after its file was reformatted."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from altcraft_contract.renderers.report import Entry

_LENGTH: Final = 16  # hexadecimal digits
_names = re.compile("`([^`]*)`")


class Fingerprints:
    """Makes the fingerprints of a run, whose documents come file by file.

    A fingerprint depends on the file, the rule, the pointer and the names that the message speaks of; not on lines,
    columns and values, and not on where in the file its document stands. Findings of a file that are alike in all of
    that are numbered, so that one more of them is one new fingerprint.
    """

    def __init__(self) -> None:
        self._name: str | None = None
        self._met: Counter[tuple[str, ...]] = Counter()

    def of(self, entry: Entry, name: str) -> tuple[str, ...]:
        """The fingerprints of the findings of a document, in their order: 16 hexadecimal digits each.

        Args:
            entry: The document, with all of its findings.
            name: What to call its file.
        """
        if name != self._name:
            self._name = name
            self._met.clear()
        found = []
        for finding in entry.result.findings:
            key = (name, finding.rule, finding.pointer, *_names.findall(finding.message))
            self._met[key] += 1
            text = "\0".join((*key, str(self._met[key])))
            found.append(sha256(text.encode(errors="surrogatepass")).hexdigest()[:_LENGTH])
        return tuple(found)


def fingerprints_of(entry: Entry) -> tuple[str, ...]:
    """The fingerprints of the findings of a document, in their order; of one that nobody has asked about, by itself."""
    return entry.fingerprints or Fingerprints().of(entry, entry.name or entry.path)
