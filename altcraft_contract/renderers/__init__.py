"""Findings to text and to machine forms; every one passes through redaction."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from altcraft_contract.renderers.report import BinaryRenderer, Renderer, RenderOptions, SummaryRenderer

    MakesRenderer = Callable[[RenderOptions], Renderer]
    MakesBinaryRenderer = Callable[[RenderOptions], BinaryRenderer]
    MakesSummaryRenderer = Callable[[RenderOptions], SummaryRenderer]

__all__ = ["ADOPTED", "BINARY_RENDERERS", "FORMATS", "RENDERERS", "SUMMARY_RENDERERS"]


def _lazily(module: str, name: str) -> Callable[[RenderOptions], Any]:
    """What makes a renderer, whose module is imported when the first is made: a run needs one or two of them."""

    def make(options: RenderOptions) -> Any:
        return getattr(import_module(f"altcraft_contract.renderers.{module}"), name)(options)

    return make


RENDERERS: Final[Mapping[str, MakesRenderer]] = MappingProxyType(
    {
        "text": _lazily("text_report", "TextReport"),
        "concise": _lazily("concise_report", "ConciseReport"),
        "json": _lazily("json_report", "JsonReport"),
        "sarif": _lazily("sarif_report", "SarifReport"),
        "junit": _lazily("junit_report", "JunitReport"),
        "github": _lazily("github_report", "GithubReport"),
        "gitlab": _lazily("gitlab_report", "GitlabReport"),
        "markdown": _lazily("markdown_report", "MarkdownReport"),
        "html": _lazily("html_report", "HtmlReport"),
        "ndjson": _lazily("ndjson_report", "NdjsonReport"),
    }
)
"""Name of a format of text, as `--format` takes it, to what makes its renderer."""

BINARY_RENDERERS: Final[Mapping[str, MakesBinaryRenderer]] = MappingProxyType(
    {"parquet": _lazily("parquet_report", "ParquetReport")}
)
"""The same for formats that are no text; without the library of a format, making its renderer raises `MissingExtra`."""

FORMATS: Final = (*RENDERERS, *BINARY_RENDERERS)
"""All formats."""

ADOPTED: Final[Mapping[str, str]] = MappingProxyType({"parquet": "ndjson"})
"""Format to the one whose text its renderer adopts, where that is not the same."""

SUMMARY_RENDERERS: Final[Mapping[str, MakesSummaryRenderer]] = MappingProxyType(
    {
        "text": _lazily("summary_text", "SummaryText"),
        "json": _lazily("summary_json", "SummaryJson"),
        "html": _lazily("summary_html", "SummaryHtml"),
    }
)
"""Name of a format to what makes a renderer of summaries."""
