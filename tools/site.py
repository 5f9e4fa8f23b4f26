"""Hooks of MkDocs: the navigation, and links out of the folder of the documentation."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).resolve().parents[1]
LINK: Final = re.compile(r"(?P<mark>!?)\[(?P<text>[^\]]+)\]\((?P<target>[^)\s#]+)(?P<anchor>#[^)\s]*)?\)")
CODE_OR_LINK: Final = re.compile(rf"```.*?```|`[^`\n]*`|{LINK.pattern}", re.DOTALL)
PARTS: Final = {"how-to": "How-to guides", "reference": "Reference", "explanation": "Explanation"}
"""Folder to the name of its tab, in their order."""
RULES: Final = "reference/rules"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Make the navigation of all pages, in the order in which the README links them."""
    config.nav = list(iter_navigation(Path(config.docs_dir)))
    return config


def iter_navigation(docs: Path) -> Iterator[Any]:
    """Yield the entries of the navigation."""
    pages = list(dict.fromkeys(iter_readme_pages()))
    pages += sorted({path.relative_to(docs).as_posix() for path in docs.rglob("*.md")} - set(pages))
    yield "index.md"
    yield {"Tutorial": "tutorial.md"}
    for folder, title in PARTS.items():
        entries: list[Any] = [page for page in pages if PurePosixPath(page).parent.as_posix() == folder]
        if folder == "reference":
            rules = [page for page in pages if page.startswith(f"{RULES}/")]
            entries = [{"Rules": [entry, *rules]} if entry == f"{RULES}.md" else entry for entry in entries]
        yield {title: entries}


def iter_readme_pages() -> Iterator[str]:
    """Yield the pages of the documentation that the README links, from its list of them to its top."""
    readme = (ROOT / "README.md").read_text("utf-8")
    above, _, below = readme.partition("\n## Documentation\n")
    for match in LINK.finditer(below + above):
        target = match["target"]
        if target.startswith("docs/") and target.endswith(".md"):
            yield target.removeprefix("docs/")


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - MkDocs passes it
    """Say where in the project a file is, rather than link it, if it is not among the pages."""
    docs = Path(config.docs_dir)
    folder = (docs / page.file.src_uri).parent

    def name(match: re.Match[str]) -> str:
        target = match["target"]
        if target is None or match["mark"] or re.match(r"[a-z]+:", target):  # code, a picture, somewhere else
            return match[0]
        path = (folder / target).resolve()
        if path.is_relative_to(docs) and not path.is_dir():
            return match[0]
        return f"{match['text']} (`{path.relative_to(ROOT).as_posix()}` of the project)"

    return CODE_OR_LINK.sub(name, markdown)
