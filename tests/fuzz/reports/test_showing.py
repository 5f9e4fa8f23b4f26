"""How a request is shown: a command that sends the very bytes, and texts that are in print."""

from __future__ import annotations

import shutil
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from altcraft_contract.fuzz.case import case_of
from altcraft_contract.fuzz.identity import DERIVED_TOKENS, STAND_INS, Identity
from altcraft_contract.fuzz.showing import LONGEST_IN_CURL, curl_line, safe, safe_body, safe_headers, shown_body
from altcraft_contract.stub import StubServer
from tests.fuzz.fakes import make_case, make_order, make_received

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.fuzz.case import Case

TOKEN = "QxZ49f0Wq7JJ8K"  # noqa: S105 - made up
IDENTITY = Identity(TOKEN, "bob@example.org", "+79997654321")
ENVIRONMENT = {"ALTCRAFT_TOKEN": TOKEN, "ALTCRAFT_EMAIL": IDENTITY.email, "ALTCRAFT_PHONE": IDENTITY.phone}
SHELLS = [shell for shell in ("sh", "dash", "bash", "busybox sh") if shutil.which(shell.split()[0])]
ODD = 'it\'s \\ %s %% $HOME `id` "x" !! \t é 中 \u202e\x7f\x1b[2J \r\n -n @/etc/passwd'

needs_curl = pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")


class Recorder:
    """Keeps what it was sent.

    Attributes:
        requests: Method, headers with names in small letters, and body of each.
        url: Where it listens.
    """

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.url = ""

    def keep(self, handler: BaseHTTPRequestHandler) -> None:
        """Read a request and answer it."""
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.requests.append((handler.command, headers, _body(handler)))
        handler.send_response(200)
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(b"ok")


def _body(handler: BaseHTTPRequestHandler) -> bytes:
    if handler.headers.get("Transfer-Encoding") != "chunked":
        return handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
    body = b""
    while size := int(handler.rfile.readline(), 16):
        body += handler.rfile.read(size)
        handler.rfile.readline()
    handler.rfile.readline()
    return body


@contextmanager
def recording() -> Iterator[Recorder]:
    """Listen on a free port."""
    recorder = Recorder()

    class Handler(BaseHTTPRequestHandler):
        def __getattr__(self, name: str) -> Any:
            if name.startswith("do_"):
                return lambda: recorder.keep(self)
            raise AttributeError(name)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        recorder.url = f"http://127.0.0.1:{server.server_port}/api/v1.1/market/orders/preorder_commit"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield recorder
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    """A server that keeps what it was sent."""
    with recording() as recorder:
        yield recorder


def run(case: Case, recorder: Recorder, *, shell: str = "sh", **environment: str) -> tuple[str, dict[str, str], bytes]:
    """What arrives when a shell runs the command of a case."""
    line = curl_line(case, recorder.url)
    assert line is not None
    assert line.isprintable()
    command = [*shell.split(), "-c", line]
    done = subprocess.run(command, env={"PATH": "/usr/bin:/bin", **environment}, capture_output=True, check=False)
    assert not done.stderr
    return recorder.requests.pop()


def bare(body: bytes, **changed: Any) -> Case:
    """A case with a body of its own."""
    return make_case(body=body, **changed)


@needs_curl
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_curl_sends_the_order(recorder: Recorder, shell: str, syntax: Any) -> None:
    """The line sends the order with the values of the environment in place of the stand-ins."""
    case = case_of(make_order(phone=STAND_INS.phone), syntax, title="an order")
    method, headers, body = run(case, recorder, shell=shell, **ENVIRONMENT)
    assert method == "POST"
    assert headers["content-type"] == f"application/{syntax}"
    assert body == IDENTITY.reveal(case.body, syntax)


@needs_curl
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "tail", [ODD.encode(), b"--\t-", b"\xff\xfe\x00\x01 \xc3", b"a\r\nb", b"", b"\n", b"%d\\n'", b"@x"]
)
def test_curl_sends_any_bytes(recorder: Recorder, shell: str, tail: bytes) -> None:
    """Bytes that are no text, NUL, quotes and what shells and `printf` take for their own arrive as they are."""
    for head in (b"", STAND_INS.token.encode(), b"-"):
        body = run(bare(head + tail), recorder, shell=shell, **ENVIRONMENT)[2]
        assert body == IDENTITY.reveal(head + tail, "json")


@needs_curl
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.sampled_from([STAND_INS.token, STAND_INS.email]) | st.text() | st.binary()))
def test_curl_sends_what_is_drawn(recorder: Recorder, parts: list[str | bytes]) -> None:
    """Any bytes, with stand-ins among them, arrive as they would have been sent."""
    body = b"".join(part if isinstance(part, bytes) else part.encode() for part in parts)
    assert run(bare(body), recorder, **ENVIRONMENT)[2] == IDENTITY.reveal(body, "json")


@needs_curl
def test_curl_needs_the_token_alone(recorder: Recorder) -> None:
    """Without an address and a number in the environment those of the example are sent."""
    case = case_of(make_order(phone=STAND_INS.phone), "json", title="an order")
    body = run(case, recorder, ALTCRAFT_TOKEN=TOKEN)[2]
    assert body == Identity(TOKEN).reveal(case.body, "json")


@needs_curl
@pytest.mark.parametrize("name", DERIVED_TOKENS)
def test_curl_makes_wrong_tokens_of_the_right_one(recorder: Recorder, name: str) -> None:
    """A token that is not the right one is made of the right one, as the campaign makes it."""
    case = bare(DERIVED_TOKENS[name].encode())
    assert run(case, recorder, **ENVIRONMENT)[2] == IDENTITY.reveal(case.body, "json") != case.body


@needs_curl
def test_curl_has_the_headers_of_the_request(recorder: Recorder) -> None:
    """Method, media type, other headers, framing and credentials are those of the case."""
    odd = (("X-Empty", ""), ("X-Quote", 'it\'s "$HOME"'), ("X-Token", STAND_INS.token))
    case = make_case(method="PUT", content_type="text/x; a=b", headers=odd, framing="chunked", credentials="header")
    method, headers, body = run(case, recorder, **ENVIRONMENT)
    assert method == "PUT"
    assert headers["content-type"] == "text/x; a=b"
    assert (headers["x-empty"], headers["x-quote"], headers["x-token"]) == ("", 'it\'s "$HOME"', TOKEN)
    assert headers["transfer-encoding"] == "chunked"
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert body == IDENTITY.reveal(case.body, "json")


@needs_curl
def test_curl_leaves_headers_out(recorder: Recorder) -> None:
    """No media type is sent where the case has none, and nothing asks whether a long body is welcome."""
    case = bare(b"x" * 5_000, content_type=None)
    headers = run(case, recorder, **ENVIRONMENT)[1]
    assert not {"content-type", "authorization", "expect", "transfer-encoding"} & headers.keys()


@needs_curl
def test_curl_sends_a_wrong_token_in_the_header(recorder: Recorder) -> None:
    """Wrong credentials are not the right ones."""
    headers = run(make_case(credentials="wrong-header"), recorder, **ENVIRONMENT)[1]
    assert headers["authorization"].startswith("Bearer ")
    assert TOKEN not in headers["authorization"]


@needs_curl
def test_stub_accepts_what_curl_sends() -> None:
    """The line is taken by a real server of the contract."""
    with StubServer() as stub:
        line = curl_line(make_case("xml"), stub.url)
        assert line is not None
        environment = {"PATH": "/usr/bin:/bin", "ALTCRAFT_TOKEN": TOKEN}
        done = subprocess.run(["sh", "-c", line], env=environment, capture_output=True, check=True)
        assert b"<error>" in done.stdout


def test_long_bodies_have_no_command() -> None:
    """Of a body that no command line should hold there is no line."""
    assert curl_line(bare(b"x" * LONGEST_IN_CURL), "http://127.0.0.1/") is not None
    assert curl_line(bare(b"x" * (LONGEST_IN_CURL + 1)), "http://127.0.0.1/") is None


def test_body_is_shown_with_placeholders() -> None:
    r"""Stand-ins are shown as variables, bytes that are no UTF-8 as `\xNN`, and all else as it is."""
    body = f"é {STAND_INS.token} {STAND_INS.email} {STAND_INS.phone} ".encode() + b"\xff"
    assert shown_body(bare(body)) == "é $ALTCRAFT_TOKEN $ALTCRAFT_EMAIL $ALTCRAFT_PHONE \\xff"


@pytest.mark.parametrize(
    "text",
    [
        '{"error":403,"error_text":"invalid token: not found"}',
        "<response><error>1</error><error_text>phone: wrong format</error_text></response>",
        "<html><body>Internal Server Error</body></html>",
        '{"token":"***","error_text":"token: unknown"}',
    ],
)
def test_sentences_of_an_answer_stay_whole(text: str) -> None:
    """An answer that speaks of secrets and holds none is shown as it came."""
    assert safe_body(text) == text


@pytest.mark.parametrize(
    "text", [f'{{"a":{{"token":"{TOKEN}"}}', f"<r><token>{TOKEN}</token></r>", f'<!DOCTYPE r><r token="{TOKEN}"/>']
)
def test_secrets_of_an_answer_are_masked(text: str) -> None:
    """What stands in a field with the name of a secret is masked, in a broken document, too."""
    assert TOKEN not in safe_body(text)


def test_headers_of_an_answer_are_masked() -> None:
    """Cookies, tokens and addresses in the headers of an answer are masked, and control characters shown."""
    headers = (("set-cookie", "sid=1"), ("x-auth-token", TOKEN), ("x-a", "to ann@example.com"), ("x-b", "a\x1b[1m"))
    expected = (("set-cookie", "***"), ("x-auth-token", "***"), ("x-a", "to ***"), ("x-b", "a\\x1b[1m"))
    assert safe_headers(make_received(headers=headers)) == expected


def test_halves_of_surrogates_are_escaped() -> None:
    """What no file could hold is written as an escape."""
    assert safe("a\ud800b\udcff") == "a\\ud800b\\xff"
