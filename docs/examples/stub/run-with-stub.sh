#!/bin/sh
# Runs a command with a stub beside it: run-with-stub.sh COMMAND [ARGUMENT]...
# The command finds the URL in STUB_URL; the exit code is that of the command. stub.log has a line for each request.
set -eu
folder=$(mktemp -d)
altcraft-contract stub --port 0 --port-file "$folder/port" > stub.log 2>&1 &
stub=$!
trap 'kill "$stub" 2> /dev/null || true; wait "$stub" || true; rm -rf "$folder"' EXIT
until [ -s "$folder/port" ]; do # it is written once requests are served
  kill -0 "$stub" 2> /dev/null || { cat stub.log >&2; exit 2; }
  sleep 0.1
done
STUB_URL="http://127.0.0.1:$(cat "$folder/port")/api/v1.1/market/orders/preorder_commit"
export STUB_URL
"$@"
