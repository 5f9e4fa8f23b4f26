"""Findings to text and to machine forms; every one passes through redaction."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from altcraft_contract.renderers.report import Renderer, RenderOptions

    MakesRenderer = Callable[[RenderOptions], Renderer]

__all__ = ["RENDERERS"]


def _lazily(module: str, name: str) -> MakesRenderer:
    """What makes a renderer, whose module is imported when the first is made: a run needs one or two of them."""

    def make(options: RenderOptions) -> Renderer:
        renderer: Renderer = getattr(import_module(f"altcraft_contract.renderers.{module}"), name)(options)
        return renderer

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
    }
)
"""Name of a format, as `--format` takes it, to what makes its renderer."""
