"""Writes the software bill of materials of the package as it is installed: CycloneDX 1.6, as JSON.

    python tools/sbom.py PYTHON FILE

PYTHON is the interpreter of an environment that holds the package, its dependencies and nothing else. `cyclonedx-py`
reads the environment and validates the form; what it cannot know is set here, and what may tell of the machine that
built is taken out: where each package was downloaded from.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
NAME: Final = "altcraft-contract"
DOWNLOAD: Final = "distribution"
LOCAL: Final = re.compile(
    r"file:|(?<![\w.:/-])(?:/(?:home|root|tmp|work|Users|var|opt|usr|private)/|[A-Za-z]:\\)"
    r"|localhost|//[^/\"]*@|//\d+\.\d+\.\d+\.\d+|//[^/\".]+[/:\"]|//[^/\"]+:\d"
)
"""Paths, users, and hosts without a public name."""


def main(arguments: list[str] | None = None) -> int:
    """Write the bill, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("python", help="interpreter of the environment that holds the package")
    parser.add_argument("file", type=Path, help="where to write")
    options = parser.parse_args(arguments)
    text = render_bill(complete_bill(read_environment(options.python), read_version(options.python)))
    if local := find_local(text):
        sys.stderr.write(f"the bill tells of this machine: {local!r}; take it out in tools/sbom.py\n")
        return 1
    options.file.write_text(text, "utf-8", newline="\n")
    print(f"{options.file}: {len(json.loads(text)['components'])} components besides {NAME}")
    return 0


def read_environment(python: str) -> Any:
    """Return the valid bill of an environment; the same environment gives the same bill."""
    command = (sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--validate")
    form = ("--spec-version", "1.6", "--output-format", "JSON", "--pyproject", str(ROOT / "pyproject.toml"))
    run = subprocess.run([*command, *form, python], capture_output=True, check=True)  # noqa: S603 - our own words
    return json.loads(run.stdout)


def read_version(python: str) -> str:
    """Return the version of the package in an environment."""
    code = f"from importlib.metadata import version; print(version({NAME!r}))"
    run = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    return run.stdout.strip()


def complete_bill(bill: Any, version: str) -> Any:
    """Set the version of the package, which its project file does not say, and take out where packages came from.

    Raises:
        LookupError: The package's dependencies are not in the bill.
    """
    package = bill["metadata"]["component"]
    package |= {"version": version, "purl": f"pkg:pypi/{NAME}@{version}"}
    tools = bill["metadata"].get("tools", {}).get("components", [])
    for component in (package, *bill["components"], *tools):
        references = [row for row in component.pop("externalReferences", []) if row["type"] != DOWNLOAD]
        if references:
            component["externalReferences"] = references
    (edges,) = (row for row in bill["dependencies"] if row["ref"] == package["bom-ref"])
    if not edges.get("dependsOn"):
        raise LookupError(f"the bill has no dependencies of {NAME}: does the environment hold it?")
    return bill


def render_bill(bill: Any) -> str:
    """Return a bill as JSON text, its members in the order of their names."""
    return json.dumps(bill, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def find_local(text: str) -> str | None:
    """Return the first string of a bill that tells of the machine where it was made, or None."""
    return next((line.strip() for line in text.splitlines() if LOCAL.search(line)), None)


if __name__ == "__main__":
    sys.exit(main())
