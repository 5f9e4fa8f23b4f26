"""Markdown pages as the tests read them: fenced blocks, headings and links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "benchmarks/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
# The other pages are for people who change the project: their commands need its tools.
RUN_PAGES = [page for page in PAGES if page.name == "README.md" or ROOT / "docs" in page.parents]

FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?$")
HEADING = re.compile(r"^#+ (.+)$")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block.

    Attributes:
        place: Page and 1-based line of the fence.
        language: What stands behind the fence.
        title: Name of the file that the block shows; None for other blocks.
        text: The lines between the fences, with a final line end.
    """

    place: str
    language: str
    title: str | None
    text: str


def name_page(page: Path) -> str:
    """Return the path of a page from the root of the project, for the names of tests."""
    return page.relative_to(ROOT).as_posix()


def iter_blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page, from the top to the bottom."""
    lines = iter(enumerate(page.read_text("utf-8").splitlines(), start=1))
    for number, line in lines:
        fence = FENCE.match(line)
        if fence is None:
            continue
        inside = []
        for _, content in lines:
            if content.strip() == "```":
                break
            inside.append(content.removeprefix(fence["indent"]) + "\n")
        yield Block(f"{name_page(page)}:{number}", fence["language"], fence["title"], "".join(inside))


def iter_prose(page: Path) -> Iterator[str]:
    """Yield the lines of a page that stand in no fenced block."""
    fenced = False
    for line in page.read_text("utf-8").splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield line


def find_anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = [match[1] for line in iter_prose(page) if (match := HEADING.match(line))]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def iter_links(page: Path) -> Iterator[str]:
    """Yield the targets of a page's links that lead into the project."""
    for line in iter_prose(page):
        for target in LINK.findall(re.sub(r"`[^`]*`", "``", line)):
            if not target.startswith(("http:", "https:", "mailto:")):
                yield target
