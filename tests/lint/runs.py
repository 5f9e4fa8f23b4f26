"""Runs over files on disk, for what comes after the check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.contract import load_contract
from altcraft_contract.lint.lint_options import LintOptions, Listener
from altcraft_contract.lint.linting import iter_entries
from altcraft_contract.lint.payloads import Payload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.errors import UnreadableFile
    from altcraft_contract.renderers.report import Entry

EXAMPLE: Final[dict[str, Any]] = json.loads(load_contract().examples["request.json"])


def request(**changes: Any) -> dict[str, Any]:
    """A request without findings, but for those of *changes* to its data."""
    line = {**EXAMPLE["data"]["lines"][0], "requested_promotions": []}
    return {
        **EXAMPLE,
        "data": {
            **EXAMPLE["data"],
            "total_price": "1500.00",
            "redeem_points": [],
            "final_total_price": "1350.00",
            "delivery_cost": "0",
            "lines": [line],
            **changes,
        },
    }


def entries_of(*paths: Path | str, options: LintOptions | None = None) -> Iterator[Entry]:
    """What the linter finds in files."""
    payloads = [Payload(str(path), Path(path), explicit=True) for path in paths]
    return iter_entries(payloads, options or LintOptions(), Listener(_fail, lambda *_: None, _raise))


def _fail(path: str) -> None:
    raise AssertionError(path)


def _raise(fault: UnreadableFile) -> None:
    raise fault
