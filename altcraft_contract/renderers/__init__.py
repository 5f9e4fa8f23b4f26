"""Findings to text and to machine forms; every one passes through redaction."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from altcraft_contract.renderers.json_report import render_json
from altcraft_contract.renderers.text_report import render_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from altcraft_contract.renderers.report import Entry, RenderOptions, Tally

    Renderer = Callable[[Iterable[Entry], Tally, RenderOptions], Iterator[str]]

__all__ = ["RENDERERS"]

RENDERERS: Final[Mapping[str, Renderer]] = MappingProxyType({"text": render_text, "json": render_json})
"""Name of a format, as `--format` takes it, to the function that renders a run in it."""
