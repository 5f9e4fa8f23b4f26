"""The live target of one run of pytest, as the options say."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from altcraft_contract.target.allow_list import check_allowed
from altcraft_contract.testing.live.live_target import JOURNAL_NAME, TOKEN_VARIABLE, LiveSettings, LiveTarget

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from altcraft_contract.target.guard import Guard
    from altcraft_contract.testing.settings import JudgingSettings


class LiveRun:
    """Makes the live targets of the tests of one process, all under the same rules of safety.

    Args:
        config: Of pytest, with `--altcraft-url`.

    Raises:
        ConfigurationFault: if the target is not allowed, or an option cannot be used.
        UnreadableFile: if the journal cannot be written.
    """

    def __init__(self, config: pytest.Config) -> None:
        journal = config.getoption("altcraft_journal")
        self._settings = LiveSettings(
            url=config.getoption("altcraft_url"),
            allowed_hosts=(*config.getoption("altcraft_allow_host"), *config.getini("altcraft_allow_hosts")),
            with_triggers=config.getoption("altcraft_with_triggers"),
            journal=config.invocation_params.dir / journal if journal else config.rootpath / JOURNAL_NAME,
            rate_limit=config.getoption("altcraft_rate_limit"),
            max_orders=config.getoption("altcraft_max_orders"),
            token=os.environ.get(TOKEN_VARIABLE) or None,
            workers=int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")),
        )
        self.target = check_allowed(self._settings.url, self._settings.allowed_hosts, option="--altcraft-allow-host")
        # A journal that cannot be written is told now, not by each test; nothing is made where nothing is run.
        self._guard: Guard | None = None if config.getoption("collectonly") else self._settings.open_guard()

    def make(self, name: str, test: str, judging: JudgingSettings, root: Path) -> LiveTarget:
        """Start what a test gets for the stub.

        Raises:
            CannotServe: if no port can be listened on.
            ConfigurationFault: if an option cannot be used.
            UnreadableFile: if the journal cannot be written.
        """
        if self._guard is None:
            self._guard = self._settings.open_guard()
        target = LiveTarget(self._settings, self._guard, name=name, test=test, judging=judging, root=root)
        target.start()
        return target

    def close(self) -> None:
        """Let go of the journal."""
        if self._guard is not None:
            self._guard.close()
            self._guard = None

    def describe(self) -> str:
        """Where orders go, and what becomes of them, in a line."""
        triggers = "keep their triggers" if self._settings.with_triggers else "run no triggers"
        return (
            f"altcraft: tests marked altcraft_live send orders to {self.target.origin}; they {triggers}; "
            f"journal: {self._settings.journal}"
        )
