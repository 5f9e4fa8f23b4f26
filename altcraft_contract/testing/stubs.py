"""The stubs of one test: how they are made, and what they say at its end."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any, Final

import pytest

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.rules.nearest import find_nearest
from altcraft_contract.stub import Stub, StubServer
from altcraft_contract.testing.stub_under_test import AltcraftStub
from altcraft_contract.testing.telling import tell_journal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from altcraft_contract.testing.judged_server import JudgedServer
    from altcraft_contract.testing.leaks import Section
    from altcraft_contract.testing.live import LiveTarget
    from altcraft_contract.testing.live_run import LiveRun
    from altcraft_contract.testing.settings import JudgingSettings

    Marks = tuple[tuple[Any, ...], Mapping[str, Any]]

STUB_SETTINGS: Final = tuple(
    name
    for made in (StubServer, Stub)
    for name, parameter in signature(made).parameters.items()
    if parameter.kind is parameter.KEYWORD_ONLY
)
"""Settings of a stub, by their names."""

ALLOWANCES: Final = frozenset({"allow_invalid", "allow_token_in_output"})
MARKER_SETTINGS: Final = (*STUB_SETTINGS, "scenario", *sorted(ALLOWANCES))
"""Settings of the marker `altcraft`."""


class Stubs:
    """Makes the stubs of a test.

    Args:
        judging: How messages are judged.
        root: What files of the user's code are named from.
        usual: Settings of every stub that does not say otherwise.
    """

    def __init__(self, judging: JudgingSettings, root: Path, usual: Mapping[str, Any]) -> None:
        self._judging = judging
        self._root = root
        self._usual = dict(usual)
        self.made: list[AltcraftStub | LiveTarget] = []

    def make(self, *, name: str | None = None, **settings: Any) -> AltcraftStub:
        """Start a stub.

        Args:
            name: What failures call it.
            **settings: As for `StubServer`.

        Raises:
            CannotServe: if the address cannot be listened on.
            ConfigurationFault: if a setting is none, or has a wrong value.
        """
        _check_names("make_altcraft_stub", settings, STUB_SETTINGS)
        told = name or ("a stub" if not self.made else f"stub {len(self.made) + 1}")
        stub = AltcraftStub(name=told, judging=self._judging, root=self._root, **{**self._usual, **settings})
        stub.__enter__()
        self.made.append(stub)
        return stub

    def make_marked(self, name: str, marks: Iterable[Marks]) -> AltcraftStub:
        """Start the stub that markers describe.

        Args:
            name: What failures call it.
            marks: Arguments and settings of each marker, the nearest last.

        Raises:
            AltcraftContractError: as for `make`, or if there is no such scenario or rule.
        """
        settings = _settings_of(marks)
        own = {key: value for key, value in settings.items() if key in STUB_SETTINGS}
        stub = self.make(name=name, **own)
        if settings.get("scenario") is not None:
            stub.use(settings["scenario"])
        _allow(stub, settings)
        return stub

    def make_live(self, name: str, live: LiveRun, test: str, marks: Iterable[Marks]) -> LiveTarget:
        """Start what stands for the stub in a test that goes to an installation.

        A test is skipped whose markers say what only a stub can do.

        Args:
            name: What failures call it.
            live: Makes it.
            test: What the journal of orders calls the test.
            marks: As for `make_marked`.

        Raises:
            AltcraftContractError: as for `make_marked`, or if the installation cannot be used.
        """
        settings = _settings_of(marks)
        if told := sorted(settings.keys() - ALLOWANCES):
            pytest.skip(f"altcraft({told[0]}=…) needs the stub; a live target is as it is")
        target = live.make(name, test, self._judging, self._root)
        self.made.append(target)
        _allow(target, settings)
        return target

    def close(self) -> None:
        """Stop every stub."""
        for stub in self.made:
            stub.close()

    def journals(self) -> list[Section]:
        """What came in at each stub: a title and a line for each request."""
        told = [(f"{stub.name}: what came in", tell_journal(stub.journal)) for stub in self.made]
        return [(title, text) for title, text in told if text]

    def problems(self, sections: Sequence[Section]) -> list[str]:
        """What each stub has to say; empty where all is well."""
        return [stub.problems(sections) for stub in self.made]


def _settings_of(marks: Iterable[Marks]) -> dict[str, Any]:
    """What markers say, the nearest last."""
    settings: dict[str, Any] = {}
    for arguments, named in marks:
        if arguments:
            raise ConfigurationFault("altcraft(…)", "takes settings by their names only: scenario='outdated'")
        settings.update(named)
    _check_names("altcraft", settings, MARKER_SETTINGS)
    return settings


def _allow(server: JudgedServer, settings: Mapping[str, Any]) -> None:
    allowed = settings.get("allow_invalid", False)
    if allowed:
        server.allow_invalid(None if allowed is True else allowed)
    if settings.get("allow_token_in_output", False):
        server.allow_token_in_output()


def _check_names(taker: str, names: Iterable[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            nearest = find_nearest(name, known)
            remedy = f"did you mean {nearest!r}?" if nearest else f"known are {', '.join(known)}"
            raise ConfigurationFault(f"{taker}({name}=…)", f"there is no such setting; {remedy}")
