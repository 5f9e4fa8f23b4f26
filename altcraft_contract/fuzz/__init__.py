"""The fuzzer: a campaign against an installation, and what it found.

`run_campaign` sends valid, odd and broken orders in JSON and in XML, and judges every answer by the contract.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from altcraft_contract.fuzz.campaign import run_campaign
    from altcraft_contract.fuzz.events import (
        CampaignFinished,
        CampaignStarted,
        Event,
        FailureFound,
        Listener,
        PhaseStarted,
        RequestSent,
        Waiting,
    )
    from altcraft_contract.fuzz.failure import Cause, Failure, Observation
    from altcraft_contract.fuzz.oracles import ORACLES
    from altcraft_contract.fuzz.report import CampaignReport
    from altcraft_contract.fuzz.settings import CampaignSettings, Target

__all__ = [
    "ORACLES",
    "CampaignFinished",
    "CampaignReport",
    "CampaignSettings",
    "CampaignStarted",
    "Cause",
    "Event",
    "Failure",
    "FailureFound",
    "Listener",
    "Observation",
    "PhaseStarted",
    "RequestSent",
    "Target",
    "Waiting",
    "run_campaign",
]

_MODULES: Final = {
    "run_campaign": "campaign",
    "ORACLES": "oracles",
    "CampaignReport": "report",
    **dict.fromkeys(("CampaignSettings", "Target"), "settings"),
    **dict.fromkeys(("Cause", "Failure", "Observation"), "failure"),
}


def __getattr__(name: str) -> object:
    """Load a part when it is asked for: the command line shows its help without it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'events')}"), name)
