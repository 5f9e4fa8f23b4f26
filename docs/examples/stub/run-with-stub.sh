#!/bin/sh
# Runs a command with a stub beside it: run-with-stub.sh COMMAND [ARGUMENT]...
# The command finds the URL in STUB_URL. The exit code is that of the command; 1 if it is 0, but requests broke the
# contract; 2 if the stub does not start. stub.log has a line for each request.
set -eu
folder=$(mktemp -d)
altcraft-contract stub --port 0 --port-file "$folder/port" > stub.log 2>&1 &
stub=$!
trap 'kill "$stub" 2> /dev/null || true; wait "$stub" || true; rm -rf "$folder"' EXIT
until [ -s "$folder/port" ]; do # it is written once requests are served
  kill -0 "$stub" 2> /dev/null || { cat stub.log >&2; exit 2; }
  sleep 0.1
done
base="http://127.0.0.1:$(cat "$folder/port")"
STUB_URL="$base/api/v1.1/market/orders/preorder_commit"
export STUB_URL
"$@"
no_proxy=127.0.0.1 python3 - "$base/__altcraft__/summary" << 'END'
import json, sys
from urllib.request import urlopen

with urlopen(sys.argv[1], timeout=10) as answer:
    findings = json.load(answer)["findings"]
errors = [rule for rule, found in findings.items() if found["severity"] == "error"]
sys.exit(f"requests broke the contract, see stub.log: {', '.join(errors)}" if errors else 0)
END
