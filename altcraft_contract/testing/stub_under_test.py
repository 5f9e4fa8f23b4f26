"""The stub that a test is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from altcraft_contract.stub import StubServer
from altcraft_contract.testing.judged_server import JudgedServer
from altcraft_contract.testing.under_test import DEFAULT_SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from altcraft_contract.testing.leaks import Section
    from altcraft_contract.testing.settings import JudgingSettings

MADE_UP_TOKEN = "stub-token-7f3a91c2"  # noqa: S105 - no secret: what a client may send where any token is let in


class AltcraftStub(JudgedServer, StubServer):
    """A running stub that says at the end of the test which requests broke the contract.

    Args:
        name: What the test calls it.
        judging: How messages are judged.
        root: What files of the user's code are named from.
        **settings: As for `StubServer`.

    Attributes:
        token: What the client should send.
    """

    def __init__(
        self,
        *,
        name: str = "altcraft_stub",
        judging: JudgingSettings = DEFAULT_SETTINGS,
        root: Path | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(**{"rules": judging.rules, **settings})
        self.token: str = settings.get("token") or MADE_UP_TOKEN
        self.name = name
        self._judging = judging
        self._root = root

    def problems(self, sections: Sequence[Section] = ()) -> str:
        """What is wrong with what came in, and with what the test printed; empty if nothing is.

        Args:
            sections: What pytest has captured: name and text of each.
        """
        return self.witness.problems(sections, (self.token,))

    def close(self) -> None:
        """Stop listening, and let go of the state."""
        StubServer.close(self)

    def __repr__(self) -> str:
        return f"<AltcraftStub at {self.base_url}, {'running' if self.is_running else 'stopped'}>"
