"""A server of a test that says at its end which requests broke the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.stub.server import Served
from altcraft_contract.testing.under_test import DEFAULT_SETTINGS, Witness

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from altcraft_contract.stub import Journal
    from altcraft_contract.testing.allowances import Allowance
    from altcraft_contract.testing.leaks import Section
    from altcraft_contract.testing.settings import JudgingSettings


class JudgedServer(Served):
    """What the stub and the live target of a test have in common; it stands before their server among the bases.

    Attributes:
        name: What the test calls it.
        journal: What came in.
    """

    name: str = "altcraft_stub"
    journal: Journal
    _judging: JudgingSettings = DEFAULT_SETTINGS
    _root: Path | None = None
    _witness: Witness | None = None

    @property
    def witness(self) -> Witness:
        """Remembers what came in."""
        if self._witness is None:
            raise RuntimeError("the server has not been started")
        return self._witness

    def start(self) -> None:
        """Listen; requests are served when this returns; exceptions as for the server."""
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
        __tracebackhide__ = True
        return self.witness.allowances.allow(rules)

    def allow_token_in_output(self) -> None:
        """Let the test print or log the token."""
        self.witness.allow_token_in_output()

    def problems(self, sections: Sequence[Section] = ()) -> str:
        """What is wrong with what came in, and with what the test printed; empty if nothing is.

        Args:
            sections: What pytest has captured: name and text of each.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Stop listening, and let go of what is held."""
        self.stop()
