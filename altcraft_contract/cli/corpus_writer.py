"""Writes generated bodies into a directory, with a manifest of what is expected of each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from altcraft_contract.cli.options import unwritable
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.rules.catalogue import RULES

if TYPE_CHECKING:
    from typing import Self

    from altcraft_contract.strategies.corpus import Specimen

MANIFEST: Final = "manifest.jsonl"
RECORDS: Final = "bodies.ndjson"


class CorpusWriter:
    """Writes one body after the other; nothing is kept in memory.

    Args:
        directory: Where to write; it is made, and must hold nothing yet.
        as_records: Whether all bodies go into one NDJSON file instead of a file each.
        stem: How names of files begin.

    Attributes:
        written: How many bodies there are by now.

    Raises:
        UnreadableFile: if the directory cannot be written, or holds something.
    """

    def __init__(self, directory: str, *, as_records: bool, stem: str) -> None:
        self.written = 0
        self._directory = Path(directory)
        self._stem = stem
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            if any(self._directory.iterdir()):
                raise UnreadableFile(directory, "is not empty; name a new directory")
            self._manifest: BinaryIO = (self._directory / MANIFEST).open("wb")
            self._records = (self._directory / RECORDS).open("wb") if as_records else None
        except (OSError, ValueError) as error:
            raise unwritable(directory, error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._manifest.close()
        if self._records is not None:
            self._records.close()

    def write(self, specimen: Specimen) -> None:
        """Write a body and its row of the manifest.

        Raises:
            UnreadableFile: if that is not possible.
        """
        number = self.written + 1
        file = RECORDS if self._records is not None else f"{self._stem}-{number:06d}.{specimen.syntax}"
        row = manifest_row(file, specimen, number if self._records is not None else None)
        try:
            if self._records is not None:
                self._records.write(specimen.body + b"\n")
            else:
                (self._directory / file).write_bytes(specimen.body)
            self._manifest.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
        except OSError as error:
            raise unwritable(str(self._directory), error) from None
        self.written = number


def manifest_row(file: str, specimen: Specimen, document: int | None) -> dict[str, Any]:
    """What is expected of a body.

    Returns:
        `file`, `document` (record of an NDJSON file, from 1), `message`, `syntax`, `ok` (no error is expected), `rule`,
        `severity` and `pointer` of the one finding (null if there is none), `name`.
    """
    severity = str(RULES[specimen.rule].severity) if specimen.rule is not None else None
    return {
        "file": file,
        "document": document,
        "message": specimen.message,
        "syntax": specimen.syntax,
        "ok": severity != "error",
        "rule": specimen.rule,
        "severity": severity,
        "pointer": specimen.pointer,
        "name": specimen.name,
    }
