"""The frame and look of reports that are pages: one file each, which asks nothing of any host and runs no script."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HERE: Final = "altcraft_contract.renderers"
_BODY: Final = "$body"


def render_page(title: str, body: Iterable[str], *, style: str = "") -> Iterator[str]:
    """A whole page, in parts.

    Args:
        title: As text.
        body: Markup: what stands in the page.
        style: Rules of the page's own, after those of all pages.
    """
    head, _, tail = read_part(_HERE, "page.html").partition(_BODY)
    style = "\n" + read_part(_HERE, "page.css") + style
    yield Template(head).substitute(title=escape(title), style=style, policy=policy_of(style))
    yield from body
    yield tail


def read_part(package: str, name: str) -> str:
    """A file of *package*, with LF line ends, as browsers hash a style, whatever a checkout has made of them."""
    return files(package).joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


def policy_of(style: str) -> str:
    """What a page may load: its own *style*, the icon that stands in its address, and nothing else."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def figure(title: str, value: str, of: str = "", *, kind: str = "") -> str:
    """A number with its name, all of it text; `bad` is a kind."""
    told = f'<dd class="of">{escape(of)}</dd>' if of else ""
    kind = f" {kind}" if kind else ""
    return f'    <div class="figure{kind}"><dt>{escape(title)}</dt><dd class="value">{escape(value)}</dd>{told}</div>'
