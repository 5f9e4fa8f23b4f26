"""A file of breaches, an object a line; without anything that is secret."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from altcraft_contract.errors import UnreadableFile

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.identity import Identity
    from altcraft_contract.load.judging import Breach

VERSION: Final = 1
_MOST_EACH: Final = 100  # lines for breaches of one name: the next million says no more
_SHOWN: Final = 4_000  # characters of a body
_MARGIN: Final = 1_000


class FindingsFile:
    """Adds breaches to a file.

    Args:
        path: The file; its directory is made if it is not there.

    Raises:
        UnreadableFile: if it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._written: Counter[str] = Counter()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a", encoding="utf-8", buffering=1)
        except (OSError, ValueError) as error:
            raise UnreadableFile(str(path), getattr(error, "strerror", None) or str(error)) from None

    def write(self, exchange: Exchange, breach: Breach, identity: Identity) -> None:
        """Add a breach, unless there are many of its name; a full disk is passed over."""
        self._written[breach.name] += 1
        if self._written[breach.name] > _MOST_EACH or self._file.closed:
            return
        case, answer, suspicion = exchange.case, exchange.answer, breach.suspicion
        line = {
            "version": VERSION,
            "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "name": breach.name,
            "oracle": suspicion.oracle,
            "rule": suspicion.rule,
            "basis": suspicion.basis,
            "section": suspicion.section,
            "place": suspicion.place,
            "message": suspicion.message,
            "expected": suspicion.expected,
            "external_id": case.external_id,
            "syntax": case.syntax,
            "status": answer.status,
            "outcome": exchange.outcome,
            "seconds": round(answer.seconds, 4),
            "sent": _shown(case.body, identity),
            "came": _shown(answer.body, identity),
        }
        try:
            self._file.write(json.dumps(line) + "\n")
        except (OSError, ValueError):
            return

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _shown(body: bytes, identity: Identity) -> str:
    beginning = body[: 4 * (_SHOWN + _MARGIN)].decode(errors="replace")
    return identity.conceal(beginning[: _SHOWN + _MARGIN])[:_SHOWN]
