"""The stubs of one test: how they are made, and what they say at its end."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.rules.nearest import find_nearest
from altcraft_contract.stub import Stub, StubServer
from altcraft_contract.testing.stub_under_test import AltcraftStub
from altcraft_contract.testing.telling import tell_journal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from altcraft_contract.testing.leaks import Section
    from altcraft_contract.testing.settings import JudgingSettings

STUB_SETTINGS: Final = tuple(
    name
    for made in (StubServer, Stub)
    for name, parameter in signature(made).parameters.items()
    if parameter.kind is parameter.KEYWORD_ONLY
)
"""Settings of a stub, by their names."""

MARKER_SETTINGS: Final = (*STUB_SETTINGS, "scenario", "allow_invalid", "allow_token_in_output")
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
        self.made: list[AltcraftStub] = []

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

    def make_marked(self, name: str, marks: Iterable[tuple[tuple[Any, ...], Mapping[str, Any]]]) -> AltcraftStub:
        """Start the stub that markers describe.

        Args:
            name: What failures call it.
            marks: Arguments and settings of each marker, the nearest last.

        Raises:
            AltcraftContractError: as for `make`, or if there is no such scenario or rule.
        """
        settings: dict[str, Any] = {}
        for arguments, named in marks:
            if arguments:
                raise ConfigurationFault("altcraft(…)", "takes settings by their names only: scenario='outdated'")
            settings.update(named)
        _check_names("altcraft", settings, MARKER_SETTINGS)
        scenario = settings.pop("scenario", None)
        allowed = settings.pop("allow_invalid", False)
        may_print_token = settings.pop("allow_token_in_output", False)
        stub = self.make(name=name, **settings)
        if scenario is not None:
            stub.use(scenario)
        if allowed:
            stub.allow_invalid(None if allowed is True else allowed)
        if may_print_token:
            stub.allow_token_in_output()
        return stub

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


def _check_names(taker: str, names: Iterable[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            nearest = find_nearest(name, known)
            remedy = f"did you mean {nearest!r}?" if nearest else f"known are {', '.join(known)}"
            raise ConfigurationFault(f"{taker}({name}=…)", f"there is no such setting; {remedy}")
