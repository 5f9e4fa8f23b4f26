"""The reports of a campaign; every one passes through redaction."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.fuzz.reports.har_report import render_har
from altcraft_contract.fuzz.reports.html_report import render_html
from altcraft_contract.fuzz.reports.json_report import render_json, render_ndjson
from altcraft_contract.fuzz.reports.junit_report import render_junit
from altcraft_contract.fuzz.reports.markdown_report import render_markdown
from altcraft_contract.fuzz.reports.text_report import render_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from altcraft_contract.fuzz.report import CampaignReport

__all__ = ["REPORTS", "Report", "render_text"]


class Report(NamedTuple):
    """A form of report.

    Attributes:
        suffix: Of its file.
        render: Renders a campaign, in parts of text.
    """

    suffix: str
    render: Callable[[CampaignReport], Iterator[str]]


REPORTS: Final[Mapping[str, Report]] = MappingProxyType(
    {
        "junit": Report("xml", render_junit),
        "json": Report("json", render_json),
        "ndjson": Report("ndjson", render_ndjson),
        "har": Report("har", render_har),
        "html": Report("html", render_html),
        "markdown": Report("md", render_markdown),
    }
)
"""Name of a report, as `--report` takes it, to its form."""
