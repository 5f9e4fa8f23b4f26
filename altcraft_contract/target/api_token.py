"""Where the token of a service comes from: never from a command line, which others can see."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from altcraft_contract.errors import ConfigurationFault, UnreadableFile

TOKEN_VARIABLE: Final = "ALTCRAFT_TOKEN"  # noqa: S105 - the name of a variable
_LARGEST: Final = 64 * 1024  # bytes of a token file


def load_token(variable: str | None, path: str | None) -> str | None:
    """The token, from a file or from the environment; None if there is none.

    Args:
        variable: Name of the environment variable; None is `ALTCRAFT_TOKEN`, which need not be set.
        path: A file that holds the token and nothing else.

    Raises:
        ConfigurationFault: if there is no token where the user says there is.
        UnreadableFile: if the file cannot be read.
    """
    if path is not None:
        return _token_in(path)
    token = os.environ.get(variable or TOKEN_VARIABLE)
    if variable is not None and not token:
        raise ConfigurationFault(f"--token-env {variable}", "the environment variable is not set, or empty")
    return token or None


def _token_in(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            content = file.read(_LARGEST).decode()
    except UnicodeDecodeError:
        raise UnreadableFile(path, "the token is not UTF-8") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableFile(path, reason[:1].lower() + reason[1:]) from None
    except ValueError:
        raise UnreadableFile(path, "a path cannot hold a NUL character") from None
    token = content.strip()
    if not token or "\n" in token:
        raise ConfigurationFault(path, "expected the token and nothing else, on one line")
    return token
