"""The table of all faults.

`with zoo_server("name") as url:` of `server` serves a fault, and `with correct_server() as url:` the same server
without any; both take `TOKEN`. A campaign ought to report every one of the first, and nothing of the second.

Every fault shows in what a campaign may send: `skip_triggers` is true, ids of orders have a prefix that does not
change, and one connection is used for many requests.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from tests.fuzz.zoo.accepting_fields import FIELDS
from tests.fuzz.zoo.accepting_orders import ORDERS
from tests.fuzz.zoo.accepting_texts import TEXTS
from tests.fuzz.zoo.answer_texts import ANSWER_TEXTS
from tests.fuzz.zoo.answering import ANSWERING
from tests.fuzz.zoo.authenticating import AUTHENTICATING
from tests.fuzz.zoo.connecting import CONNECTING
from tests.fuzz.zoo.envelopes import ENVELOPES
from tests.fuzz.zoo.stumbling import STUMBLING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fuzz.zoo.fault import Fault

_FAMILIES: Final = (FIELDS, ORDERS, TEXTS, STUMBLING, ANSWERING, ANSWER_TEXTS, ENVELOPES, AUTHENTICATING, CONNECTING)

FAULTS: Final[Mapping[str, Fault]] = MappingProxyType({fault.name: fault for family in _FAMILIES for fault in family})
"""Name to fault."""
