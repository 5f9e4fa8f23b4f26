"""`python -m altcraft_contract.load` prints the path of a locustfile, for `locust -f`."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.stdout.write(f"{Path(__file__).with_name('locustfile.py')}\n")
