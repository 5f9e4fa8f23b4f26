"""What a run under load may do, and the options of Locust that say so."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from altcraft_contract.configuration import VALUES, find_configuration, read_configuration
from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.fuzz.settings import STATE_DIRECTORY, TIMEOUT
from altcraft_contract.strategies.values_file import checked_values, load_values
from altcraft_contract.strategies.vocabulary import NOTHING_KNOWN, Values
from altcraft_contract.target.api_token import load_token

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from altcraft_contract.contract import Syntax

SyntaxChoice = Literal["json", "xml", "mix"]

SYNTAXES: Final[Mapping[SyntaxChoice, tuple[Syntax, ...]]] = {
    "json": ("json",),
    "xml": ("xml",),
    "mix": ("json", "xml"),
}
_PREFIX: Final = "altcraft_"  # of the names in Locust's options, which plugins share
_STATE: Final = f"{STATE_DIRECTORY}/load"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSettings:
    """What the options say.

    Attributes:
        allow_hosts: Hosts besides this machine that orders may be sent to.
        rate_limit: Requests in a second, of all workers together; None is 2 off this machine, any number on it.
        max_orders: Orders that may be sent, by all workers together; None is 500 off this machine, any number on it.
        with_triggers: Whether `skip_triggers` may be other than true.
        timeout: Seconds for one answer.
        latency_limit: Seconds after which an answer is too late; None is never.
        seed: The same seed draws the same orders.
        syntax: Of the orders.
        values: What exists on the installation.
        token: Of its API; None if none was given.
        ca_file: Certificates, in PEM, that are trusted besides those of the system.
        is_insecure: Whether any certificate is taken.
        journal_dir: Where the files go that list the orders.
        findings_dir: Where the files go that tell of each breach; None is nowhere.
    """

    allow_hosts: tuple[str, ...] = ()
    rate_limit: float | None = None
    max_orders: int | None = None
    with_triggers: bool = False
    timeout: float = TIMEOUT
    latency_limit: float | None = None
    seed: int = 0
    syntax: SyntaxChoice = "mix"
    values: Values = NOTHING_KNOWN
    token: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    is_insecure: bool = False
    journal_dir: Path = Path(_STATE)
    findings_dir: Path | None = None

    def __post_init__(self) -> None:
        for name in ("rate_limit", "max_orders", "timeout", "latency_limit"):
            number = getattr(self, name)
            if number is not None and not 0 < number < float("inf"):
                option = name.replace("_", "-")
                raise ConfigurationFault(f"--{option}", f"{number}: expected a number above 0")
        if self.is_insecure and self.ca_file is not None:
            raise ConfigurationFault("--insecure", "it takes any certificate: leave out --ca-file, or --insecure")


def add_options(parser: Any) -> None:
    """Add what we want to be told to the options of Locust.

    Nothing of it stands in Locust's web interface: who can open that is not who may allow a host.

    Args:
        parser: Locust's.
    """
    group = parser.add_argument_group("altcraft-contract", "Orders, and what is allowed with them.")

    def option(name: str, variable: str | None = None, **settings: Any) -> None:
        group.add_argument(
            f"--{name}",
            dest=_PREFIX + name.replace("-", "_"),
            env_var=variable or f"ALTCRAFT_CONTRACT_{name.upper().replace('-', '_')}",
            **settings,
        )

    option("allow-host", metavar="HOST", action="append", default=[], help="A host besides this machine; on each one.")
    option("rate-limit", type=float, help="Most requests in a second, of all workers together: 2 off this machine.")
    option("max-orders", type=int, help="Most orders that may be sent, by all workers together: 500 off this machine.")
    option("with-triggers", action="store_true", help="Send orders that run triggers, too.")
    option("timeout", type=float, default=TIMEOUT, help="Seconds for one answer.")
    option("latency-limit", metavar="SECONDS", type=float, help="An answer that takes longer is a failure.")
    option("seed", type=int, default=0, help="The same seed draws the same orders.")
    option("syntax", choices=tuple(SYNTAXES), default="mix", help="Of the orders.")
    option("values", metavar="FILE", help="What exists on the installation (TOML), instead of the configuration's.")
    option("token-env", metavar="NAME", help="Environment variable that holds the token: ALTCRAFT_TOKEN.")
    option("token-file", metavar="FILE", help="The same, from a file.")
    option("ca-file", metavar="FILE", help="Trust the certificates in this PEM file, too.")
    option("insecure", action="store_true", help="Take any certificate of the target.")
    option("journal-dir", metavar="DIR", default=_STATE, help="Where the files go that list every order.")
    option("findings", "ALTCRAFT_LOAD_FINDINGS", metavar="DIR", help="Write each breach to files in DIR, as NDJSON.")


def settings_of(options: argparse.Namespace) -> LoadSettings:
    """The settings that Locust's options stand for.

    Raises:
        ConfigurationFault: if some cannot be used.
        UnreadableFile: if a file that they name cannot be read.
    """
    given = {name.removeprefix(_PREFIX): value for name, value in vars(options).items() if name.startswith(_PREFIX)}
    variable, file = given.pop("token_env"), given.pop("token_file")
    if variable is not None and file is not None:
        raise ConfigurationFault("--token-env", "--token-file says where the token is, too: leave one out")
    findings = given.pop("findings")
    return LoadSettings(
        allow_hosts=tuple(host for entry in given.pop("allow_host") for host in entry.replace(",", " ").split()),
        is_insecure=given.pop("insecure"),
        values=read_values(given.pop("values")),
        token=load_token(variable, file),
        journal_dir=Path(given.pop("journal_dir")),
        findings_dir=Path(findings) if findings else None,
        **given,
    )


def read_values(path: str | None) -> Values:
    """What exists on the installation: from a file, or from the configuration at the working directory or above.

    Raises:
        ConfigurationFault: if that cannot be used.
    """
    if path is not None:
        return load_values(Path(path))
    file = find_configuration()
    return checked_values(read_configuration(file).get(VALUES, {}), str(file)) if file is not None else NOTHING_KNOWN
