"""Markdown, as those who render it read it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")


class Tags(HTMLParser):
    """The tags of a page, which must be nested well."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        assert all(name in {"class", "style"} for name, _ in attrs)
        self.found.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as named above
        """Note a tag without content."""
        self.found.add(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which must be of that name."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.text += data


def to_html(text: str) -> Tags:
    """What a reader of Markdown, HTML and tables included, makes of a text."""
    parser = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return Tags(parser.render(text))
