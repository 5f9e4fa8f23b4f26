"""Pages, read without a browser, and what is asked of one."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "link", "rect", "wbr"}
LEAST_CONTRAST = 4.5  # WCAG 2.1, 1.4.3, text of ordinary size

# Contrast of each text with the nearest ground that is not transparent; what is not seen is left out.
FAINT = """least => {
  const channels = text => text.match(/[\\d.]+/g).map(Number);
  const luminance = rgb => rgb.slice(0, 3).map(c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, index) => sum + c * [.2126, .7152, .0722][index], 0);
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
  };
  const found = [];
  for (const element of document.body.querySelectorAll('*')) {
    const text = [...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim()).join('');
    if (!text || !element.checkVisibility() || element.closest('.unseen, .prefix')) continue;
    const [one, two] = [channels(getComputedStyle(element).color), ground(element)].map(luminance);
    const contrast = (Math.max(one, two) + .05) / (Math.min(one, two) + .05);
    if (contrast < least) found.push([text.slice(0, 30), element.className, contrast]);
  }
  return found;
}"""


class Outline(HTMLParser):
    """The elements of a page, which must be nested well."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, which must run no script and have no style of its own."""
        self.tags.append(tag)
        found = dict(attrs)
        assert not any(name.startswith("on") or name in {"style", "src", "srcdoc", "action"} for name in found)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if "href" in found else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as named above
        """Note an element that has no content."""
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost open element, which must be of that name."""
        assert self.open.pop() == tag
