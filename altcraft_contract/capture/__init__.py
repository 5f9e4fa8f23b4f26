"""Sees the calls to the endpoint that leave this process, whichever HTTP library makes them.

    with Capture() as capture:
        place_order()
    for call in capture.calls:
        print(call.library, call.body, call.response)

Neither this package nor an open capture imports an HTTP library: one that is loaded is watched, one that is loaded
later is watched from then on. What is captured holds the secrets of the calls; only `repr` leaves them out.
"""

from altcraft_contract.capture.call import CapturedCall, CapturedResponse, Place
from altcraft_contract.capture.capture import Capture
from altcraft_contract.capture.endpoint import ENDPOINT_PATH
from altcraft_contract.capture.interceptors import INTERCEPTORS

__all__ = ["ENDPOINT_PATH", "INTERCEPTORS", "Capture", "CapturedCall", "CapturedResponse", "Place"]
