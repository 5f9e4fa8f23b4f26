"""The zoo of faulty servers, which belongs to the tests: found from here, whatever folder the run was started in."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.fuzz.zoo.listener import Listener, Reply, Request
from tests.fuzz.zoo.server import FAULTS, TOKEN, Application

__all__ = ["FAULTS", "TOKEN", "Application", "Listener", "Reply", "Request", "pick_faults"]


def pick_faults(count: int) -> list[str]:
    """Return the names of so many faults, or of all for 0: some of every family, more of the larger ones.

    Which they are depends on the number and on the zoo alone.
    """
    families: dict[str, list[str]] = {}
    for fault in FAULTS.values():
        families.setdefault(fault.family, []).append(fault.name)
    if not 0 < count < len(FAULTS):
        return [name for names in families.values() for name in names]
    given = dict.fromkeys(list(families)[:count], 1)
    while sum(given.values()) < count:
        family = max(given, key=lambda name: len(families[name]) / (given[name] + 1))
        given[family] += 1
    return [
        families[family][(2 * place + 1) * len(families[family]) // (2 * most)]
        for family, most in given.items()
        for place in range(most)
    ]
