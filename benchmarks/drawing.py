"""Strategies: how fast Hypothesis draws from ours and from others', and how many bodies a second `generate` writes."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import tempfile
from importlib import import_module
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from hypothesis import HealthCheck, given, settings
from processes import SCRIPTS
from rounds import Comparison

from altcraft_contract.contract import load_contract

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hypothesis.strategies import SearchStrategy

PEER: Final = "schemathesis"
_CALL: Final = "/preorder_commit"


def has_peer() -> bool:
    """Tell whether Schemathesis is installed."""
    return importlib.util.find_spec(PEER) is not None


def make_peer_strategy() -> SearchStrategy[Any]:
    """Return what Schemathesis draws bodies from, given our JSON Schema of the request in a document of OpenAPI 3.1."""
    text = json.dumps(load_contract().request_schema).replace("#/$defs/", "#/components/schemas/")
    schema = json.loads(text)
    definitions = schema.pop("$defs")
    # The document has its own dialect, and references count from its root.
    for keyword in ("$schema", "$id"):
        schema.pop(keyword, None)
    call = {
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"200": {"description": "answer"}},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Order Confirmation", "version": load_contract().version},
        "paths": {_CALL: {"post": call}},
        "components": {"schemas": definitions},
    }
    strategy: SearchStrategy[Any] = import_module(PEER).openapi.from_dict(document)[_CALL]["POST"].as_strategy()
    return strategy


def compare_draws(
    ours: SearchStrategy[Any],
    peer: SearchStrategy[Any],
    *,
    examples: int,
    rounds: int,
    forgiven: Collection[HealthCheck] = (),
) -> Comparison:
    """Run a property that does nothing over both strategies in turn.

    Args:
        ours: Our strategy; all health checks are on.
        peer: The other one.
        examples: How many examples each run draws.
        rounds: How many runs count; one more, which loads and builds, does not.
        forgiven: Health checks that the peer may fail.

    Returns:
        Seconds of one example.
    """
    times: dict[str, list[float]] = {"ours": [], "peer": []}
    for number in range(-1, rounds):
        for name in ("ours", "peer") if number % 2 else ("peer", "ours"):
            strategy, skipped = (ours, ()) if name == "ours" else (peer, forgiven)
            seconds = time_draws(strategy, examples, skipped)
            if number >= 0:
                times[name].append(seconds)
    return Comparison(tuple(times["ours"]), tuple(times["peer"]))


def time_draws(strategy: SearchStrategy[Any], examples: int, skipped: Collection[HealthCheck]) -> float:
    """Return the seconds of one example, the mean of a run."""
    drawn = 0

    @settings(max_examples=examples, database=None, deadline=None, suppress_health_check=list(skipped))
    @given(strategy)
    def hold(_: Any) -> None:
        nonlocal drawn
        drawn += 1

    start = perf_counter()
    hold()
    seconds = perf_counter() - start
    assert drawn >= examples, (drawn, examples)
    return seconds / drawn


def time_generate(options: Sequence[str], count: int, *, to_files: bool) -> float:
    """Return how many bodies a second the whole command writes, to files of their own or to the standard output."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(SCRIPTS / "altcraft-contract"), "generate", "--quiet", "--count", str(count), *options]
        if to_files:
            command += ["--output", f"{folder}/bodies"]
        start = perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        return count / (perf_counter() - start)
