"""pytest-httpserver with one answer for every order: a process to itself, as the other servers are.

`python benchmarks/httpserver_peer.py PORT` answers at once; with `checked` after it, jsonschema judges the body before.
"""

from __future__ import annotations

import json
import sys
from threading import Event
from typing import TYPE_CHECKING

from jsonschema import Draft202012Validator
from openapi_document import PATH
from pytest_httpserver import HTTPServer
from werkzeug import Response

from altcraft_contract.contract import load_contract

if TYPE_CHECKING:
    from werkzeug import Request


def serve(port: int, *, checked: bool) -> None:
    """Serve until the process is ended."""
    contract = load_contract()
    answer = json.loads(contract.examples["response.json"])
    validator = Draft202012Validator(contract.request_schema)

    def judge(request: Request) -> Response:
        errors = [error.message for error in validator.iter_errors(json.loads(request.get_data()))]
        given = {"error": 400, "error_text": errors[0]} if errors else answer
        return Response(json.dumps(given), content_type="application/json")

    # Without threads, as its fixture is: it keeps no connection either way.
    server = HTTPServer(port=port)
    expectation = server.expect_request(PATH, method="POST")
    if checked:
        expectation.respond_with_handler(judge)
    else:
        expectation.respond_with_json(answer)
    server.start()
    Event().wait()


if __name__ == "__main__":
    serve(int(sys.argv[1]), checked=sys.argv[2:] == ["checked"])
