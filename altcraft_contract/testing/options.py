"""The options of the pytest plugin, its keys in the configuration of pytest, and its markers.

The plugin loads this at every start of pytest, so it imports nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pytest

MARKERS: Final = (
    "altcraft(**settings): how the test's altcraft_stub is: scenario='outdated', allow_invalid=True, token='…', …",
    "altcraft_scenarios(*names): the scenarios for which a test that takes altcraft_scenario runs; without it all",
    "altcraft_live: with --altcraft-url the test's altcraft_stub leads to that installation",
)


def add_options(parser: pytest.Parser) -> None:
    """Add the options and the ini keys."""
    group = parser.getgroup("altcraft", "contract of the Altcraft order endpoint")
    group.addoption(
        "--altcraft-url",
        metavar="URL",
        help="Send what tests marked altcraft_live send to their stub to this installation, with triggers skipped.",
    )
    group.addoption(
        "--altcraft-allow-host",
        metavar="HOST",
        action="append",
        default=[],
        help="A host that --altcraft-url may name besides this machine; may be repeated.",
    )
    group.addoption(
        "--altcraft-with-triggers",
        action="store_true",
        help="Leave skip_triggers of live orders as the client sends it.",
    )
    group.addoption(
        "--altcraft-journal",
        metavar="FILE",
        help="Where live orders are written down; altcraft-orders.ndjson in the root directory unless given.",
    )
    group.addoption(
        "--altcraft-rate-limit",
        metavar="N",
        type=float,
        help="Live orders in a second; 2 unless given, and any number on this machine.",
    )
    group.addoption(
        "--altcraft-max-orders",
        metavar="N",
        type=int,
        help="Live orders of a run; 100 unless given, and any number on this machine.",
    )
    group.addoption(
        "--altcraft-fail-on",
        choices=["error", "warning", "never"],
        help="The least severe finding that fails a test; error unless configured.",
    )
    group.addoption(
        "--altcraft-coverage",
        action="store_true",
        help="Print which documented fields, rules and scenarios the tests exercised, and which never.",
    )
    group.addoption(
        "--altcraft-coverage-fail-under",
        metavar="PERCENT",
        help="Fail the run if less of the contract was exercised.",
    )
    group.addoption(
        "--altcraft-report",
        metavar="PATH",
        action="append",
        default=[],
        help="Write the coverage as .json or .html, or both into a directory; may be repeated.",
    )
    parser.addini("altcraft_select", "The only rules that count, by their ids.", type="args")
    parser.addini("altcraft_ignore", "Rules that do not count, by their ids.", type="args")
    parser.addini("altcraft_files", "Globs, from the root, of payload files and recordings to test.", type="linelist")
    parser.addini("altcraft_allow_hosts", "Hosts that --altcraft-url may name.", type="linelist")
    parser.addini("altcraft_fail_on", "As --altcraft-fail-on.", default="")
