"""The stub that a test is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from altcraft_contract.stub import StubServer
from altcraft_contract.testing.under_test import DEFAULT_SETTINGS, Witness

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import Self

    from altcraft_contract.testing.allowances import Allowance
    from altcraft_contract.testing.leaks import Section
    from altcraft_contract.testing.settings import JudgingSettings

MADE_UP_TOKEN = "stub-token-7f3a91c2"  # noqa: S105 - no secret: what a client may send where any token is let in


class AltcraftStub(StubServer):
    """A running stub that says at the end of the test which requests broke the contract.

    Args:
        name: What the test calls it.
        judging: How messages are judged.
        root: What files of the user's code are named from.
        **settings: As for `StubServer`.

    Attributes:
        token: What the client should send.
        name: What the test calls it.
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
        self._witness: Witness | None = None

    @property
    def witness(self) -> Witness:
        """Remembers what came in."""
        if self._witness is None:
            raise RuntimeError("the stub has not been started")
        return self._witness

    def start(self) -> None:
        """Listen; requests are served when this returns; exceptions as for `StubServer`."""
        super().start()
        if self._witness is None:
            self._witness = Witness(self.name, self.base_url, self.journal, self._judging, self._root)
        self._witness.open()

    def stop(self) -> None:
        """Stop listening; the journal can still be read."""
        if self._witness is not None and self.is_running:
            self._witness.close()
        super().stop()

    def allow_invalid(self, rules: str | Iterable[str] | None = None) -> Allowance:
        """Let requests of this test be wrong; in a `with` statement, those that come in as long as it lasts.

        Args:
            rules: Id of the rule, or ids of the rules, that may be broken; None lets anything be wrong.

        Raises:
            UnknownRule: if there is no such rule.
        """
        return self.witness.allowances.allow(rules)

    def allow_token_in_output(self) -> None:
        """Let the test print or log the token."""
        self.witness.allow_token_in_output()

    def problems(self, sections: Sequence[Section] = ()) -> str:
        """What is wrong with what came in, and with what the test printed; empty if nothing is.

        Args:
            sections: What pytest has captured: name and text of each.
        """
        return self.witness.problems(sections, (self.token,))

    def __enter__(self) -> Self:
        super().__enter__()
        return self
