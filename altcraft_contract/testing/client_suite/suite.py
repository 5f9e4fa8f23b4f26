"""The suite: a class to derive from, whose tests are the laws that a client has to keep."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from secrets import token_hex
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar, Final
from warnings import catch_warnings, simplefilter

import pytest

from altcraft_contract.testing.client_suite import groups, judgement, sending
from altcraft_contract.testing.client_suite import token_leaks as leaks
from altcraft_contract.testing.client_suite.adapter import adapter_fault
from altcraft_contract.testing.client_suite.expectations import EXPECTATIONS
from altcraft_contract.testing.client_suite.orders import ORDERS, documented_order, order_with_results
from altcraft_contract.testing.client_suite.report import redact
from altcraft_contract.testing.client_suite.trial import NotAnOutcome, Trial, run_trial

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from altcraft_contract.stub import JournalEntry
    from altcraft_contract.testing.fixtures.stub import AltcraftStub
    from altcraft_contract.testing.outcome import Confirmation, Outcome

    Reported = Outcome | str | Confirmation

_RETRY_AFTER: Final = 1.0  # seconds, of the scenario http-429
_MARGIN: Final = 0.5  # seconds by which a client may give up later than it should
_ENDLESS: Final = 50  # requests for one order, after which the stub is stopped
_GRACE: Final = 0.2  # seconds in which a request that is sent again behind the caller's back arrives
_END: Final = "try again a few times at most, only after a refusal, and give the order up then"
_RETURN: Final = "return an Outcome (SUCCESS, OUTDATED, REFUSED, UNKNOWN), its text, or a Confirmation"
_FIRST: Final = "test_request_reaches_the_endpoint"
_CONTRACT: Final = "test_request_keeps_the_contract"
_URL: Final = "test_token_is_not_in_the_url"
_OF_OUTPUT: Final = ("test_token_is_not_logged", "test_client_gives_up_in_time")


class ClientSuite:
    """The tests that the client of a shop has to pass; derive from it and write `confirm`.

    ```python
    class TestClient(ClientSuite):
        def confirm(self, order):
            try:
                shop.client.confirm(order, base_url=self.base_url, token=self.token)
            except shop.client.Outdated:
                return Outcome.OUTDATED
            except shop.client.Refused:
                return Outcome.REFUSED
            return Outcome.SUCCESS
    ```

    An exception that comes out of `confirm` counts as UNKNOWN, unless it is one of Python's own that tell of a mistake
    in the program, such as `KeyError`. A test that does not suit a client is overridden, or deselected with `-k`.

    Attributes:
        base_url: Origin of the stub, without a final slash.
        url: The whole URL of the endpoint.
        token: What the client has to send.
        stub: The stub itself.
        patience: Seconds within which the client has to give up on an answer that does not come.
        orders: Name to request, each of which the client has to send; `token` and `external_id` are put in.
        may_differ: JSON Pointers, with `*` for any item of a list, to what the client may change or leave out, such as
            `/data/delivery_cost`. Endpoint, statuses, numbers of lines and the time are the shop's own anyway.
    """

    patience: ClassVar[float] = 30.0
    orders: ClassVar[Mapping[str, Mapping[str, Any]]] = ORDERS
    may_differ: ClassVar[Collection[str]] = ()

    base_url: str
    url: str
    token: str
    stub: AltcraftStub
    _is_first: bool

    def confirm(self, order: dict[str, Any]) -> Reported | Awaitable[Reported]:
        """Have the client confirm *order*, and say what it reports; may be a coroutine.

        Args:
            order: The JSON form of a whole request: `token`, `external_id`, who the customer is, and `data`.
        """
        raise NotImplementedError(f"write confirm(self, order) in {type(self).__name__}; {_RETURN}")

    def make_order(self) -> dict[str, Any]:
        """The order for tests of answers; its `token` and `external_id` are put in. Override it to change that."""
        return documented_order()

    def make_external_id(self) -> str:
        """An id that no other order has. Override it where the shop's ids have another form."""
        return f"conformance-{token_hex(8)}"

    def run_async(self, awaitable: Awaitable[object]) -> object:
        """Run what a `confirm` returned that is a coroutine. Override it for another event loop than asyncio's."""

        async def wait() -> object:
            return await awaitable

        return asyncio.run(wait())

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run the tests of requests once for each of `orders`."""
        orders: object = self.orders
        if "order_name" in metafunc.fixturenames:
            metafunc.parametrize("order_name", list(orders) if isinstance(orders, Mapping) else [])

    @pytest.fixture(autouse=True)
    def _altcraft_client_suite(
        self,
        request: pytest.FixtureRequest,
        make_altcraft_stub: Callable[..., AltcraftStub],
        altcraft_token: str | None,
    ) -> None:
        """A stub of its own for each test; what comes in is judged by the tests, not at their end.

        But for one thing: what goes to a stream that the client has got hold of before the test is captured by pytest
        alone, and judged when the stub is put away.
        """
        self._is_first = request.node.originalname == _FIRST
        self._need_adapter()
        if request.node.get_closest_marker("altcraft_live") and request.config.getoption("altcraft_url") is not None:
            pytest.skip("a suite needs the stub: an installation does not answer as it is told")
        token = altcraft_token or f"suite-token-{token_hex(8)}"
        self.stub = make_altcraft_stub(name="the suite's stub", prices=None, token=token)
        self.stub.journal.listen(self._stop_endless)
        self._is_endless = False
        self._before = 0
        self.stub.allow_invalid()
        if request.node.originalname not in _OF_OUTPUT:
            self.stub.allow_token_in_output()
        self.base_url, self.url, self.token = self.stub.base_url, self.stub.url, self.stub.token

    def _need_adapter(self) -> None:
        """Fail or skip the test if the class lacks something."""
        fault = adapter_fault(self)
        if fault is not None and not self._is_first:
            pytest.skip(f"not tested: {fault}")
        _fail(fault)

    def _stop_endless(self, entry: JournalEntry) -> None:
        """Stop the stub if a client tries again without end; a server cannot be stopped from the thread it runs in."""
        if entry.number - self._before > _ENDLESS and not self._is_endless:
            self._is_endless = True
            Thread(target=self.stub.stop, daemon=True).start()

    def test_request_reaches_the_endpoint(self) -> None:
        """An order leads to a request to the documented path, and `confirm` says what became of it."""
        _fail(sending.judge_arrival(self._try(self.make_order())))

    def test_request_keeps_the_contract(self, order_name: str) -> None:
        """What the client sends keeps the documented contract, whatever the order holds."""
        trial = self._try(self.orders[order_name])
        if not trial.sent:
            if not self._try(self.make_order()).sent:
                pytest.skip(f"not tested: no request reached the endpoint, see {_FIRST}")
            _fail(sending.judge_arrival(trial, order_name=order_name))
        if trial.refused is not None and order_name != next(iter(self.orders)):
            usual = self._try(self.make_order()).refused
            if usual is not None and sending.has_same_cause(trial.refused, usual):
                pytest.skip("not tested: every request breaks the contract in this way, see the first of these tests")
        _fail(sending.judge_contract(trial, order_name))
        if trial.crashed and not self._try(self.make_order()).crashed:
            _fail(judgement.judge_crash(trial, f"the answer to the order {order_name}"))

    def test_request_says_what_the_order_says(self, order_name: str) -> None:
        """Ids, prices, counts and texts arrive as they were given."""
        trial = self._try(self.orders[order_name])
        self._need_valid_request(trial)
        fault = sending.judge_changes(trial, order_name, self.may_differ)
        if fault is not None and order_name != next(iter(self.orders)):
            usual = self._try(self.make_order())
            places = sending.places_of_changes(usual, self.may_differ) if usual.sent else frozenset()
            if usual.sent and sending.places_of_changes(trial, self.may_differ) <= places:
                pytest.skip("not tested: every order is changed in this way, see the first of these tests")
        _fail(fault)

    @pytest.mark.parametrize("scenario", groups.SUCCESSES)
    def test_confirmed_order_is_a_success(self, scenario: str) -> None:
        """An answer with status success is taken for a confirmed order, whatever else it holds or lacks."""
        self._judge_outcome(scenario)

    @pytest.mark.parametrize("number", [0, 1, 2], ids=["no-item", "one-item", "two-items"])
    def test_lists_are_read_whatever_their_length(self, number: int) -> None:
        """Lists of the answer are read as lists, also when they have one item or none."""
        self.stub.use("success")
        trial = self._try(order_with_results(self.make_order(), number))
        self._need_valid_request(trial)
        answer = f"a success with {number or 'no'} {'item' if number == 1 else 'items'} in each list"
        _fail(judgement.judge_outcome(trial, replace(EXPECTATIONS["success"], answer=answer)))

    @pytest.mark.parametrize("scenario", groups.OUTDATED)
    def test_outdated_order_is_calculated_again(self, scenario: str) -> None:
        """An outdated order is no success and no refusal: the caller learns that it has to be calculated again."""
        self._judge_outcome(scenario)

    @pytest.mark.parametrize("scenario", groups.REFUSALS)
    def test_error_in_the_answer_is_no_success(self, scenario: str) -> None:
        """An answer whose error is not 0 is no success, though it comes with HTTP 200."""
        self._judge_outcome(scenario)

    @pytest.mark.parametrize("scenario", groups.ERRORS)
    def test_error_of_http_is_no_success(self, scenario: str) -> None:
        """An answer with an HTTP error is no success, whatever its body is, and is survived."""
        self._judge_outcome(scenario)

    @pytest.mark.parametrize("scenario", ["unknown-status"])
    def test_unknown_status_is_no_success(self, scenario: str) -> None:
        """A status that is not documented is no success."""
        self._judge_outcome(scenario)

    @pytest.mark.parametrize("scenario", groups.LOST)
    def test_lost_answer_leaves_the_outcome_unknown(self, scenario: str) -> None:
        """Without an answer that can be read, the order may be confirmed: neither a success nor a refusal."""
        self._judge_outcome(scenario)

    @pytest.mark.parametrize("scenario", groups.NOT_REPEATABLE)
    def test_order_is_not_committed_twice(self, scenario: str) -> None:
        """An order that may be confirmed, or is outdated, is not sent again."""
        trial = self._meet(scenario, grace=_GRACE)
        _fail(judgement.judge_repeats(trial, EXPECTATIONS[scenario]))

    @pytest.mark.parametrize("scenario", ["http-429"])
    def test_retry_waits_as_long_as_it_is_told(self, scenario: str) -> None:
        """After HTTP 429 an order is not sent again before the time that Retry-After says."""
        _fail(judgement.judge_waiting(self._meet(scenario), EXPECTATIONS[scenario], seconds=_RETRY_AFTER))

    def test_client_gives_up_in_time(self, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
        """A client does not wait for ever: it gives up, does not send again, and leaves the outcome unknown."""
        expectation = EXPECTATIONS["slow"]
        delay = self.patience + _MARGIN
        self.stub.use("slow", times=1, delay=delay)
        trial, leak = self._listen(caplog, capfd)
        self._need_valid_request(trial)
        _fail(judgement.judge_repeats(trial, expectation))
        _fail(judgement.judge_patience(trial, patience=self.patience, delay=delay))
        _fail(judgement.judge_outcome(trial, expectation))
        if leaks.has_url_leak(trial, self.token):
            self.stub.allow_token_in_output()
        else:
            _fail(leak)

    def test_token_is_not_in_the_url(self) -> None:
        """The token never stands in a URL, which servers and proxies keep in their logs."""
        trial = self._try(self.make_order())
        if not trial.sent and not trial.strays:
            pytest.skip(f"not tested: no request reached the endpoint, see {_FIRST}")
        tokens = leaks.tokens_of(self.token, trial.sent)
        _fail(leaks.judge_leaks(trial, leaks.iter_url_leaks((*trial.sent, *trial.strays), tokens), tokens))

    def test_token_is_not_logged(self, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
        """The token never stands in a log, in what is printed, or in what an exception says, whatever is answered."""
        for scenario in groups.LOGGED:
            self.stub.use(scenario, times=1)
            trial, leak = self._listen(caplog, capfd)
            if leaks.has_url_leak(trial, self.token):
                self.stub.allow_token_in_output()
                pytest.skip(f"not tested: the token stands in the URL, see {_URL}")
            _fail(leak)

    def _listen(self, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> tuple[Trial, str | None]:
        """One call of the client; with it what is wrong with what it logs, prints and raises."""
        caplog.clear()
        with catch_warnings(record=True) as warned, caplog.at_level(logging.DEBUG), leaks.listening(caplog.handler):
            simplefilter("always")
            trial = self._try(self.make_order())
        tokens = leaks.tokens_of(self.token, trial.sent)
        found = [
            *leaks.iter_log_leaks(caplog.records, tokens),
            *leaks.iter_text_leaks("a warning", (str(warning.message) for warning in warned), tokens),
            *leaks.iter_text_leaks("what it prints", capfd.readouterr(), tokens),
            *leaks.iter_text_leaks("an exception", trial.fault.texts if trial.fault is not None else (), tokens),
        ]
        if found:
            self.stub.allow_token_in_output()  # told here, and not once more when the stub is put away
        return trial, leaks.judge_leaks(trial, found, tokens)

    def _judge_outcome(self, scenario: str) -> None:
        _fail(judgement.judge_outcome(self._meet(scenario), EXPECTATIONS[scenario]))

    def _meet(self, scenario: str, *, grace: float = 0.0) -> Trial:
        """One call of the client that meets *scenario* once: a repeat would be answered with success."""
        self.stub.use(scenario, times=1)
        trial = self._try(self.make_order(), grace=grace)
        self._need_valid_request(trial)
        return trial

    def _need_valid_request(self, trial: Trial) -> None:
        """Skip the test if there is no valid request, which other tests tell."""
        if not trial.sent:
            pytest.skip(f"not tested: no request reached the endpoint, see {_FIRST}")
        if trial.refused is not None:
            pytest.skip(f"not tested: the client's request breaks the contract, see {_CONTRACT}")

    def _try(self, order: Mapping[str, Any], *, grace: float = 0.0) -> Trial:
        """One call of the client with a copy of *order* that has an id of its own.

        Args:
            order: What it is given.
            grace: Seconds to wait for requests that arrive after it has returned.
        """
        given = {**deepcopy(dict(order)), "token": self.token, "external_id": self.make_external_id()}
        self._before = self.stub.journal.received
        try:
            trial = run_trial(self.confirm, given, self.stub, run_async=self.run_async, grace=grace)
        except NotAnOutcome as returned:
            told = redact(str(returned), [self.token])
        else:
            if self._is_endless:
                _fail(f"the client tries again without end: over {_ENDLESS} requests for one order\n  {_END}")
            return trial
        if not self._is_first and self._is_never_told():
            pytest.skip(f"not tested: confirm() returns no outcome, see {_FIRST}")
        return pytest.fail(f"confirm() returned {told}, which tells no outcome\n  {_RETURN}", pytrace=False)

    def _is_never_told(self) -> bool:
        """Whether `confirm` tells no outcome even of the usual order."""
        self.stub.reset("scenarios")
        given = {**self.make_order(), "token": self.token, "external_id": self.make_external_id()}
        try:
            run_trial(self.confirm, given, self.stub, run_async=self.run_async)
        except NotAnOutcome:
            return True
        return False


def _fail(text: str | None) -> None:
    """Fail the test, if there is something to tell."""
    if text is not None:
        pytest.fail(text, pytrace=False)
