"""Talk, to the standard error; and streams that are closed, full or no longer read."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress
from typing import Any

import click


def say(text: str) -> None:
    """One line of talk, without secrets and without anything that could move the cursor."""
    from altcraft_contract.renderers.redaction import redact_text  # noqa: PLC0415 - `--help` does not pay for it
    from altcraft_contract.renderers.visible import visible  # noqa: PLC0415 - as above

    tell(f"altcraft-contract: {visible(redact_text(text))}")


def tell(text: str) -> None:
    """Lines of talk as they are; nobody is told if the standard error is closed or full."""
    try:
        click.echo(text, err=True)
    except (OSError, ValueError):
        abandon(sys.stderr)


def abandon(stream: Any) -> None:
    """Let go of what is left in *stream*, so that the interpreter does not try to write it at exit."""
    with suppress(OSError, ValueError, AttributeError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


class ClosedStream(io.TextIOBase):
    """Stands for a standard output that was closed before the program began: each use is an `OSError`."""

    @property
    def buffer(self) -> ClosedStream:
        """Where bytes would be written."""
        return self

    def write(self, _: Any) -> int:
        """Fail, as writing to a closed file does."""
        raise OSError(errno.EBADF, "it is closed")
