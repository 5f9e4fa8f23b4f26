"""Ready tests of what builds requests: give the builder, and Hypothesis looks for the order that it gets wrong.

class TestBuilder(BuilderSuite):
    orders = shop_orders()

    def build(self, order):
        return shop.payload.build(order)
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from copy import deepcopy
from functools import partial
from inspect import iscoroutine
from typing import TYPE_CHECKING, Any, ClassVar, Final
from unittest import SkipTest

import pytest
from hypothesis import given
from hypothesis.strategies import SearchStrategy

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import read_document
from altcraft_contract.errors import ContractViolated
from altcraft_contract.rules.selection import ALL_RULES
from altcraft_contract.strategies import EDGE_CASES, requests
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.testing.assertions.assertions import selection_of
from altcraft_contract.testing.assertions.bodies import read_body
from altcraft_contract.testing.assertions.judging import judge_message, tell
from altcraft_contract.testing.assertions.violation import places_of, violation_of
from altcraft_contract.testing.builder_suite.causes import causes_of
from altcraft_contract.testing.builder_suite.differences import iter_differences, tell_differences
from altcraft_contract.testing.builder_suite.drawing import plainest_of, settings_for
from altcraft_contract.testing.builder_suite.set_up import is_set_up
from altcraft_contract.testing.builder_suite.shown_order import ShownOrder
from altcraft_contract.testing.ready_test.rendering import ready_builder_test
from altcraft_contract.validation import check_request

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    import hypothesis

    from altcraft_contract.contract import Syntax
    from altcraft_contract.rules.selection import RuleSelection
    from altcraft_contract.testing.assertions.assertions import Rules
    from altcraft_contract.testing.assertions.judging import Judgement

_MOST_FAILURES: Final = 50  # the last ones: Hypothesis ends with the shrunk example of each mistake
_MOST_POINTERS: Final = 3
_ALL_ORDERS: Final = "test_builds_valid_bodies"
_OPTIONS: Final[Mapping[str, Any]] = {"syntax": None, "rules": ALL_RULES, "token_in_header": False}


class BuilderSuite:
    """Tests of a function that builds the body of a request from a shop's order.

    Subclass it under a name that pytest collects, and define `build`. The tests are run with the Hypothesis profile
    that is in force. One that does not apply is left out by setting it to None in the subclass. An edge case that fails
    as every order does is skipped.

    Attributes:
        orders: A Hypothesis strategy for what `build` takes, or a method that returns one; None draws documented
            requests in their JSON form.
        edge_cases: Orders to be built besides: name to order. Unless it is given, `strategies.EDGE_CASES` if `orders`
            is not given either, else none.
        settings: `hypothesis.settings` for these tests, instead of those of the profile. A deadline holds, here or
            there, unless it is the one of 200 ms that Hypothesis has by itself.
        syntax: `json` or `xml`; None tells it by the first character.
        rules: Which rules count: a `RuleSelection`, or the id or ids of the only rules that do; as configured unless
            given.
        token_in_header: Whether the token is sent as `Authorization: Bearer`, so that the body may lack it.
        varying: JSON Pointers to what may differ when an order is built again, such as `/data/create_time` if that is
            the time of building.
    """

    orders: Any = None
    edge_cases: Mapping[str, Any] | None = None
    settings: ClassVar[hypothesis.settings | None] = None
    syntax: ClassVar[Syntax | None] = None
    rules: ClassVar[Rules] = ALL_RULES
    token_in_header: ClassVar[bool] = False
    varying: ClassVar[Collection[str]] = ()

    _session: pytest.Session

    def build(self, order: Any) -> object:
        """The body for *order*: whatever `assert_valid_request` takes."""
        raise NotImplementedError(
            f"{type(self).__qualname__}.build(order): return the body of the request for an order"
        )

    @pytest.fixture(autouse=True)
    def _altcraft_builder_suite(self, request: pytest.FixtureRequest, altcraft_rules: RuleSelection) -> None:
        """Unless the class says which rules count, the configuration does."""
        self._session = request.session
        if self.rules is ALL_RULES:
            self.rules = altcraft_rules  # type: ignore[misc]  # pytest makes an instance for each test

    def test_builds_valid_bodies(self) -> None:
        """Every order is built into a body that keeps the contract."""
        self._for_all_orders()

    def test_building_leaves_the_order_unchanged(self) -> None:
        """Building reads the order and changes nothing in it."""
        self._for_every_order("unchanged", self._assert_unchanged)

    def test_building_twice_gives_the_same_body(self) -> None:
        """An order that is sent again, after a timeout perhaps, is the same order."""
        self._for_every_order("same", self._assert_same)

    def test_builds_edge_cases(self, edge_case: str) -> None:
        """An order that is valid by the letter, and likely to break a careless builder, is built right."""
        self._for_order(_named_orders(type(self))[edge_case](), is_edge_case=True)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One test for each edge case."""
        if "edge_case" in metafunc.fixturenames:
            metafunc.parametrize("edge_case", list(_named_orders(type(self))))

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not _named_orders(cls):
            # Without parameters it would be reported as skipped.
            cls.test_builds_edge_cases = None  # type: ignore[assignment, method-assign]  # so pytest passes it over

    def _for_all_orders(self) -> None:
        """Assert that drawn orders are built right, and the plain one: those that fail as it does are told by it."""
        __tracebackhide__ = True
        skipped = None
        try:
            self._for_every_order("valid", self._assert_valid)
        except (SkipTest, pytest.skip.Exception) as reason:  # such as that no phase of Hypothesis is to be run
            skipped = reason
        if _named_orders(type(self)):
            self._for_order(plainest_of(self._strategy()))
        if skipped is not None:
            raise skipped

    def _for_every_order(self, law: str, assert_law: Callable[[Any], None]) -> None:
        """Draw orders, and assert that the law holds for each."""
        __tracebackhide__ = True
        check_request({})  # what is loaded by the first check is no part of the first example's time
        failed: deque[tuple[BaseException, Any]] = deque(maxlen=_MOST_FAILURES)

        def build(order: ShownOrder) -> None:
            __tracebackhide__ = True
            try:
                assert_law(order.value)
            except Exception as error:
                failed.append((error, order.value))
                raise

        # Hypothesis remembers failures by the source and the signature of a function; this one serves many tests.
        build.__annotations__["order"] = f"{type(self).__module__}.{type(self).__qualname__}, {law}"
        test = given(order=self._strategy().map(ShownOrder))(build)
        try:
            settings_for(self.settings)(test)()
        except Exception as error:
            for inner in _leaves(error):
                _trim(inner)
                for order in [order for known, order in failed if known is inner and law == "valid"]:
                    self._add_ready_test(inner, order)
            raise

    def _for_order(self, order: Any, *, is_edge_case: bool = False) -> None:
        __tracebackhide__ = True
        try:
            self._assert_valid(order)
        except Exception as error:
            if is_edge_case and self._is_told_for_all(causes_of(error)):
                pytest.skip(f"not tested: every order is built wrongly in this way, see {_ALL_ORDERS}")
            self._add_ready_test(error, order)
            _trim(error)
            raise

    def _is_told_for_all(self, causes: frozenset[object]) -> bool:
        """Whether the test of all orders runs too, and fails for all *causes*."""
        suite = type(self)
        # Left out, overridden or deselected, it tells nothing.
        is_run = suite.test_builds_valid_bodies is BuilderSuite.test_builds_valid_bodies and any(
            isinstance(item, pytest.Function) and item.cls is suite and item.originalname == _ALL_ORDERS
            for item in getattr(self._session, "items", ())
        )
        return is_run and causes <= self._usual_causes()

    def _usual_causes(self) -> frozenset[object]:
        """Why a plain order is built wrongly; empty if it is built right, or if there is none."""
        with suppress(Exception):
            order = plainest_of(self._strategy())
            try:
                self._assert_valid(order)
            except Exception as error:  # noqa: BLE001 - the builder's own
                return causes_of(error)
        return frozenset()

    def _strategy(self) -> SearchStrategy[Any]:
        orders = self.orders
        if callable(orders) and not isinstance(orders, SearchStrategy):
            orders = orders()
        if orders is None:
            return requests()
        if not isinstance(orders, SearchStrategy):
            place = f"{type(self).__qualname__}.orders"
            raise TypeError(
                f"{place} is of type {type(orders).__name__}: expected a Hypothesis strategy, or a method "
                "that returns one"
            )
        return orders

    def _judged(self, order: Any) -> Judgement:
        __tracebackhide__ = True
        sent = read_body(_build(self, order))
        judgement = judge_message(
            "request",
            sent.content,
            syntax=self.syntax,
            rules=selection_of(self.rules),
            token_in_header=self.token_in_header or sent.token_in_header,
        )
        tell(judgement)
        return judgement

    def _assert_valid(self, order: Any) -> None:
        __tracebackhide__ = True
        judgement = self._judged(order)
        if not judgement.result.ok:
            raise violation_of("request", [judgement])

    def _assert_unchanged(self, order: Any) -> None:
        __tracebackhide__ = True
        before = _copied(order)
        if before is None:
            pytest.skip(f"orders of type {type(order).__qualname__} cannot be copied and compared")
        with suppress(Exception):  # of which another test tells
            _build(self, order)
        if order != before:
            differences = tell_differences(iter_differences(before, order))
            raise AssertionError(
                f"build changes the order that it is given:\n{differences}\nbuild from a copy, or from its fields alone"
            )

    def _assert_same(self, order: Any) -> None:
        __tracebackhide__ = True
        try:
            first, second = (self._value_of(_build(self, _copied(order) or order)) for _ in range(2))
        except Exception:  # noqa: BLE001 - of which another test tells
            return
        differences = [
            difference
            for difference in iter_differences(first, second)
            if not any(f"{difference.pointer}/".startswith(f"{pointer}/") for pointer in self.varying)
        ]
        if differences:
            raise AssertionError(
                f"the same order, built twice, gives two bodies:\n{tell_differences(differences)}\n"
                + _advice([difference.pointer for difference in differences])
            )

    def _value_of(self, built: object) -> Any:
        """The JSON form of a body; a malformed one as it stands."""
        content = read_body(built).content
        document = read_document(content, load_contract().shape("request"), syntax=self.syntax)
        return content if document.malformed else document.value

    def _add_ready_test(self, error: BaseException, order: Any) -> None:
        findings = error.result.findings if isinstance(error, ContractViolated) else ()
        options = [name for name, default in _OPTIONS.items() if getattr(self, name) != default]
        is_method = is_set_up(type(self), BuilderSuite) or self._is_set_up_for(order)
        error.add_note(ready_builder_test(type(self), order, findings, self._find, options, is_method=is_method))

    def _is_set_up_for(self, order: Any) -> bool:
        """Whether an instance of which pytest knows nothing would build *order* otherwise, or judge by other rules."""
        if type(self).rules != self.rules:
            return True
        instances = type(self)(), self
        found, expected = (instance._find(_copied(order) or order) for instance in instances)  # noqa: SLF001 - its own
        return found != expected

    def _find(self, order: Any) -> object:
        """What comes of building *order*: findings, or the type of an exception."""
        try:
            return places_of(self._judged(order).result)
        except Exception as fault:  # noqa: BLE001 - the builder's own
            return type(fault)


def _build(suite: BuilderSuite, order: Any) -> object:
    __tracebackhide__ = True
    body = suite.build(order)
    if iscoroutine(body):
        body.close()
        raise TypeError("build is asynchronous: expected a body; run it within build, as by asyncio.run(...)")
    return body


def _named_orders(suite: type[BuilderSuite]) -> dict[str, Callable[[], Any]]:
    """The edge cases of *suite*: name to what makes the order."""
    if suite.edge_cases is not None:
        return {name: partial(deepcopy, order) for name, order in suite.edge_cases.items()}
    if suite.orders is not None:
        return {}
    return {name: partial(make, SeededSource(0)) for name, make in EDGE_CASES.items()}


def _advice(pointers: Sequence[str]) -> str:
    """What to do about a body that differs at *pointers* when it is built again."""
    if "/external_id" in pointers:
        return "an order that is sent again, with another external_id, is another order: take the id from the order"
    return f"build from the order alone; if these may differ, say so: varying = {pointers[:_MOST_POINTERS]!r}"


def _copied(order: Any) -> Any:
    """A copy that is equal to *order*; None if there can be none."""
    try:
        copy = deepcopy(order)
        is_equal = bool(copy == order)
    except Exception:  # noqa: BLE001 - of whatever class the order is
        return None
    return copy if is_equal else None


def _trim(error: BaseException) -> None:
    """Let the traceback of *error* begin in the user's `build`; leave none, if it was raised here."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code is not _build.__code__:
        trace = trace.tb_next
    error.__traceback__ = trace and trace.tb_next


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """*error*, or the exceptions of a group, which loses its own traceback."""
    if isinstance(error, BaseExceptionGroup):
        error.__traceback__ = None
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error
