"""Files that hold messages among other things: recordings of traffic."""

from __future__ import annotations

from altcraft_contract.lint.hosts.host import Excerpt, Exchange, Host, Unseen
from altcraft_contract.lint.hosts.judging import Judgement, iter_judgements
from altcraft_contract.lint.hosts.registry import HOSTS, find_host

__all__ = ["HOSTS", "Excerpt", "Exchange", "Host", "Judgement", "Unseen", "find_host", "iter_judgements"]
