"""Runs one harness under atheris, from seeds.

    python fuzzing/run.py {readers,conversion,redaction,hosts} [SECONDS] [CORPUS]

A body that breaks a law is written to `crash-…` in the working directory, and the exit code is not 0.
Give the file as CORPUS to run it alone. Without CORPUS the seeds go to a folder that is gone afterwards.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import atheris

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["altcraft_contract"]):
    import altcraft_contract
    from altcraft_contract.errors import MissingExtra

    # A module that is imported when it is first needed would not be instrumented any more.
    for found in pkgutil.walk_packages(altcraft_contract.__path__, "altcraft_contract."):
        if found.name.split(".")[1] in {"conversion", "documents", "lint", "renderers", "rules", "validation"}:
            with suppress(MissingExtra):
                importlib.import_module(found.name)
    from altcraft_contract.contract import load_contract
    from fuzzing.conversion import check_conversion
    from fuzzing.hosts import check_hosts
    from fuzzing.mutating import mutate
    from fuzzing.readers import check_readers
    from fuzzing.redaction import check_redaction
    from fuzzing.seeds import iter_seeds, iter_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "readers": check_readers,
    "conversion": check_conversion,
    "redaction": check_redaction,
    "hosts": check_hosts,
}
_LONGEST: Final = 20  # seconds for one input: more is a hang
_LARGEST: Final = 3000  # bytes of an input


def change(data: bytes, most: int, seed: int) -> bytes:
    """Change an input, as atheris asks for it."""
    return mutate(data, most, seed, change_bytes=atheris.Mutate)


def main(arguments: list[str] | None = None) -> None:
    """Fuzz; libFuzzer ends the process."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("seconds", type=int, nargs="?", default=30)
    parser.add_argument("corpus", type=Path, nargs="?")
    options = parser.parse_args(arguments)
    load_contract()
    with tempfile.TemporaryDirectory() as scratch:
        corpus = options.corpus or Path(scratch, "corpus")
        words = Path(scratch, "words")
        words.write_text("".join(f'"{word}"\n' for word in iter_words()), "ascii")
        if not corpus.exists():
            corpus.mkdir(parents=True)
            for index, seed in enumerate(iter_seeds(options.target)):
                (corpus / f"seed-{index:03}").write_bytes(seed)
        limits = (f"-max_total_time={options.seconds}", f"-timeout={_LONGEST}", f"-max_len={_LARGEST}")
        atheris.Setup(
            [sys.argv[0], *limits, f"-dict={words}", "-print_final_stats=1", str(corpus)], TARGETS[options.target]
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
