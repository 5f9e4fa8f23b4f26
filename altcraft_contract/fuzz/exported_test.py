"""What stands above the tests of an exported file: how they send, and how they read an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.fuzz.python_source import docstring_of, source_of

if TYPE_CHECKING:
    from collections.abc import Collection

SENDING: Final = "sending"
TOKENS: Final = "tokens"
REPLAYING: Final = "replaying"

_IMPORTS: Final = {
    SENDING: """\
import http.client
import json
import secrets
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.renderers.redaction import redact_text
from altcraft_contract.target.address import parse_target
from altcraft_contract.validation import check_response
""",
    REPLAYING: """\
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from altcraft_contract.errors import AltcraftContractError
from altcraft_contract.fuzz.case_file import case_of_json
from altcraft_contract.fuzz.replaying import ReplaySettings, replay_cases
from altcraft_contract.fuzz.settings import Target
""",
}

_VALUES: Final = '''\
def read_token() -> str:
    """The token of the API."""
    token = os.environ.get("ALTCRAFT_TOKEN", "").strip()
    if not token:
        pytest.skip("the environment variable ALTCRAFT_TOKEN is not set: the token of the API is needed")
    return token


def read_member() -> dict[str, str]:
    """Who orders."""
    return {
        "email": os.environ.get("ALTCRAFT_EMAIL", "ann@example.com"),
        "phone": os.environ.get("ALTCRAFT_PHONE", "+79991234567"),
    }
'''

_SENDING: Final = '''\
class Answer:
    """What came back; nothing that is shown of it is secret."""

    def __init__(self, status: int, body: bytes, values: dict[str, str]) -> None:
        self.status = status
        self.error = read_error(body)
        self.broken_rules = {finding.rule for finding in check_response(body).errors}
        self._shown = redact_text(body[:2000].decode(errors="replace"), values.values())

    @property
    def is_refused(self) -> bool:
        """Whether it is an envelope whose `error` is not 0."""
        return self.error is not None and self.error != 0

    def __repr__(self) -> str:
        return f"<HTTP {self.status}, error {self.error}: {self._shown}>"


def read_error(body: bytes) -> int | None:
    """`error` of an answer; None if it is no envelope."""
    try:
        if body.lstrip().startswith(b"<"):
            return int(ElementTree.fromstring(body).findtext("error", ""))
        error = json.loads(body)["error"]
        return error if type(error) is int else None
    except (ValueError, TypeError, KeyError, ElementTree.ParseError):
        return None


def make_values() -> dict[str, str]:
    """What is put in the place of each name that stands behind a dollar sign."""
    token, member = read_token(), read_member()
    return {
        "RUN": f"acf-{secrets.token_hex(4)}",  # each request is an order of its own
        "ALTCRAFT_TOKEN": token,
        "ALTCRAFT_EMAIL": member["email"],
        "ALTCRAFT_PHONE": member["phone"],
%(tokens)s    }


def fill(body: Any, syntax: str, values: dict[str, str]) -> bytes:
    """The body as it is sent: a dictionary is written as JSON."""
    if isinstance(body, dict):
        body = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    if isinstance(body, str):
        body = body.encode()
    for name, value in values.items():
        written = escape(value) if syntax == "xml" else json.dumps(value, ensure_ascii=False)[1:-1]
        body = body.replace(f"${name}".encode(), written.encode())
    return body


def send(
    body: Any,
    syntax: str,
    *,
    method: str = "POST",
    content_type: str | None = "",
    headers: list[list[str]] | None = None,
) -> Answer:
    """Send a request on a connection of its own; without a whole answer the test fails."""
    target, values = parse_target(URL), make_values()
    data = fill(body, syntax, values)
    if content_type == "":
        content_type = f"application/{syntax}"
    sent = [["Content-Type", content_type], *(headers or [])]
    kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
    connection = kind(target.host, target.port, timeout=TIMEOUT)
    try:
        connection.putrequest(method, target.prefix.decode() + ENDPOINT_PATH, skip_accept_encoding=True)
        for name, value in sent:
            if value is not None:
                connection.putheader(name, fill(value, "", values) if "$" in value else value)
        connection.putheader("Content-Length", str(len(data)))
        connection.endheaders(data)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(), values)
    except (OSError, ValueError, http.client.HTTPException) as error:
        pytest.fail(f"no whole answer came: {type(error).__name__}", pytrace=False)
    finally:
        connection.close()
'''

_TOKENS: Final = """\
        "WRONG_TOKEN": "".join("a" if character != "a" else "b" for character in token),
        "HALF_TOKEN": token[: (len(token) + 1) // 2],
        "SWAPPED_CASE_TOKEN": token.swapcase(),
"""

_REPLAYING: Final = '''\
def assert_fixed(saved: dict[str, Any], folder: Path) -> None:
    """Send a saved case as it was sent when it failed, and let the same oracles judge it; it holds no secret."""
    target = Target(URL, read_token(), allow_hosts=[urlsplit(URL).hostname or ""])
    settings = ReplaySettings(timeout=TIMEOUT, journal=folder / "orders.ndjson", **read_member())
    try:
        (replayed,) = replay_cases([case_of_json(saved)], target, settings)
    except AltcraftContractError as error:
        pytest.fail(str(error), pytrace=False)
    if replayed.verdict != "fixed":
        pytest.fail(f"{replayed.verdict}: {replayed.message}", pytrace=False)
'''


def head_of(url: str, contract: str, tool: str, needs: Collection[str]) -> str:
    """The beginning of the file.

    Args:
        url: The service, unless the environment names another one.
        contract: Version of the contract.
        tool: Name and version of what writes the file.
        needs: Which parts the tests use.
    """
    docstring = docstring_of(
        f"What {url} got wrong, by version {contract} of the documentation: each test is red until it is right.",
        "Run it with the token of the API: ALTCRAFT_TOKEN=… pytest FILE. ALTCRAFT_URL names another service, "
        "ALTCRAFT_EMAIL and ALTCRAFT_PHONE a member. Every run sends new orders.",
        f"Written by {tool}.",
        depth=0,
    )
    constants = f'URL = os.environ.get("ALTCRAFT_URL", {source_of(url)})\nTIMEOUT = 10.0  # seconds'
    parts = [docstring + "\n\nfrom __future__ import annotations\n\n" + _imports(needs) + "\n" + constants, _VALUES]
    if SENDING in needs:
        parts.append(_SENDING % {"tokens": _TOKENS if TOKENS in needs else ""})
    if REPLAYING in needs:
        parts.append(_REPLAYING)
    return "\n\n\n".join(part.rstrip("\n") for part in parts)


def _imports(needs: Collection[str]) -> str:
    """The imports, those of other packages below those of the standard library."""
    lines = {"import os", "import pytest"}
    for part, text in _IMPORTS.items():
        lines |= set(text.split("\n")) if part in needs else set()
    ours = sorted(line for line in lines if line.startswith("from altcraft_contract"))
    plain = sorted((line for line in lines - {"", *ours, "import pytest"}), key=lambda line: (line[:4] == "from", line))
    return "\n".join([*plain, "", "import pytest", *ours, ""])
