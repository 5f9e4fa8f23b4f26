"""Files that hold messages among other things: recordings of traffic, collections of requests, documents, code."""

from __future__ import annotations

from altcraft_contract.lint.hosts.host import Excerpt, Exchange, Host, Unseen
from altcraft_contract.lint.hosts.judging import Judgement, iter_judgements
from altcraft_contract.lint.hosts.registry import HOST_SUFFIXES, HOSTS, NO_HOST, find_host

__all__ = [
    "HOSTS",
    "HOST_SUFFIXES",
    "NO_HOST",
    "Excerpt",
    "Exchange",
    "Host",
    "Judgement",
    "Unseen",
    "find_host",
    "iter_judgements",
]
