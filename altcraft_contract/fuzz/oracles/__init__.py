"""The oracles: each judges exchanges in one way."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from altcraft_contract.fuzz.oracles.authentication import AUTHENTICATION
from altcraft_contract.fuzz.oracles.content_type import CONTENT_TYPE
from altcraft_contract.fuzz.oracles.disclosure import DISCLOSURE
from altcraft_contract.fuzz.oracles.echo import ECHO
from altcraft_contract.fuzz.oracles.invalid_accepted import INVALID_ACCEPTED
from altcraft_contract.fuzz.oracles.latency import LATENCY
from altcraft_contract.fuzz.oracles.repeatability import REPEATABILITY
from altcraft_contract.fuzz.oracles.response_contract import RESPONSE_CONTRACT
from altcraft_contract.fuzz.oracles.server_error import SERVER_ERROR
from altcraft_contract.fuzz.oracles.syntax_parity import SYNTAX_PARITY
from altcraft_contract.fuzz.oracles.valid_refused import VALID_REFUSED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from altcraft_contract.fuzz.oracles.oracle import Oracle

ORACLES: Final[Mapping[str, Oracle]] = MappingProxyType(
    {
        oracle.name: oracle
        for oracle in (
            SERVER_ERROR,
            RESPONSE_CONTRACT,
            VALID_REFUSED,
            INVALID_ACCEPTED,
            SYNTAX_PARITY,
            ECHO,
            CONTENT_TYPE,
            DISCLOSURE,
            LATENCY,
            AUTHENTICATION,
            REPEATABILITY,
        )
    }
)
"""Name to oracle."""
