"""Rules about responses alone."""

from __future__ import annotations

from typing import Any, Final

from altcraft_contract.rules.rule import DOCUMENTED, ERROR, Rule, Sample

RULES: Final = (
    Rule(
        "processing-target-unexpected",
        ERROR,
        DOCUMENTED,
        "response",
        "response body",
        "`processing_target` is there only if the status is `success`; here it stands with `outdated`.",
        "Leave it out.",
        Sample(
            {"/data": {"status": "outdated"}},
            {"/data": {"status": "outdated", "processing_target": "immediate"}},
            "response",
        ),
    ),
)


def is_successful(response: Any) -> bool:
    """Whether a response says that all went well, so that its `data` is judged."""
    error = response.get("error") if isinstance(response, dict) else None
    return isinstance(error, int | float) and not isinstance(error, bool) and error == 0
