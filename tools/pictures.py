"""Make the pictures of the README: what `lint` prints, and the page of a campaign.

    python tools/pictures.py            # rewrite docs/images/*; needs rich, and chromium on the PATH

The campaign tries a stub server that lets three rules pass, so that there is something to see.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from altcraft_contract.rules import RuleSelection
from altcraft_contract.stub import StubServer

ROOT: Final = Path(__file__).resolve().parents[1]
IMAGES: Final = ROOT / "docs/images"
TERMINAL: Final = IMAGES / "lint.svg"
PAGE: Final = IMAGES / "campaign.png"
LINT: Final = ("lint", "--select", "invalid-decimal,unknown-value", "docs/examples/broken-order.json")
UNCHECKED: Final = frozenset({"invalid-decimal", "unknown-value", "line-item-missing"})
COLUMNS: Final = 104
SIZE: Final = "1200,900"
# As the library's own, but with the fonts of whoever looks: a picture loads nothing.
SVG: Final = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="what altcraft-contract lint prints">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""  # noqa: E501 - a line of it is a line of the picture's file


def main() -> int:
    """Make both, and return the exit code."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("chromium is not on the PATH: the page of a campaign cannot be shown", file=sys.stderr)
        return 2
    IMAGES.mkdir(exist_ok=True)
    draw_terminal()
    draw_page(browser)
    return 0


def draw_terminal() -> None:
    """Draw what `lint` prints on a terminal, as SVG."""
    printed = run(*LINT, "--color", "always").stdout
    console = Console(width=COLUMNS, record=True, file=io.StringIO(), force_terminal=True)
    console.print(Text(f"$ altcraft-contract {' '.join(LINT)}", style="bold"))
    console.print(Text.from_ansi(printed.rstrip()))
    title = "altcraft-contract lint"
    TERMINAL.write_text(console.export_svg(title=title, theme=MONOKAI, code_format=SVG, unique_id="lint"), "utf-8")


def draw_page(browser: str) -> None:
    """Run a campaign, and take a picture of its HTML report."""
    with tempfile.TemporaryDirectory() as folder, StubServer(rules=RuleSelection(ignore=UNCHECKED)) as stub:
        run("fuzz", stub.url, "--report", "html", "--report-dir", folder, "--state-dir", f"{folder}/state", "-q")
        page = Path(folder) / "campaign.html"
        options = ("--headless", "--no-sandbox", "--hide-scrollbars", f"--window-size={SIZE}", f"--screenshot={PAGE}")
        subprocess.run([browser, *options, page.as_uri()], check=True, capture_output=True)  # noqa: S603 - of our own making


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the package in the root of the project, where it must find something."""
    command = [sys.executable, "-m", "altcraft_contract", *arguments]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - as above
    if ran.returncode != 1:
        raise RuntimeError(f"{' '.join(arguments)} ended with {ran.returncode}: {ran.stderr}")
    return ran


if __name__ == "__main__":
    sys.exit(main())
