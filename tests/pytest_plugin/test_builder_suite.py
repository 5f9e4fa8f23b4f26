"""`BuilderSuite` in the tests of a client, and ready tests in what pytest prints."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.internal import scrutineer

import altcraft_contract
from altcraft_contract.testing.builder_suite.causes import causes_of
from altcraft_contract.testing.builder_suite.drawing import plainest_of, settings_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Run = Callable[..., pytest.RunResult]

TITLE = "# Ready to paste as a test"
STRICT = ("-p", "no:cacheprovider", "-W", "error", "-W", "ignore::pytest.PytestDeprecationWarning")
SHOP = """
    from dataclasses import dataclass, field
    from decimal import Decimal

    from hypothesis import Phase, settings
    from hypothesis import strategies as st

    from altcraft_contract.testing import BuilderSuite

    # Explaining takes longer than all the rest.
    QUICK = settings(phases=[phase for phase in Phase if phase is not Phase.explain])

    @dataclass
    class Line:
        sku: str
        price: Decimal
        count: int = 1


    @dataclass
    class Order:
        number: int
        email: str
        lines: list[Line]
        notes: list[str] = field(default_factory=list)


    def shop_orders():
        prices = st.decimals(1, 100, places=2)
        lines = st.builds(Line, st.sampled_from(["mug", "cup"]), prices, st.integers(1, 9))
        return st.builds(
            Order,
            st.integers(1, 9999),
            st.sampled_from(["ann.quixote@shop.example", "bob@shop.example"]),
            st.lists(lines, min_size=1, max_size=3),
        )


    def build_body(order):
        total = str(sum(line.price * line.count for line in order.lines))
        return {
            "token": "QXZW-7731-token",
            "external_id": str(order.number),
            "email": order.email,
            "data": {
                "endpoint": "shop",
                "status": "new",
                "currency": "RUB",
                "total_price": total,
                "final_total_price": total,
                "lines": [
                    {
                        "external_id": str(number),
                        "sku": line.sku,
                        "count": line.count,
                        "base_price_per_item": str(line.price),
                        "final_price_per_item": str(line.price),
                    }
                    for number, line in enumerate(order.lines)
                ],
            },
        }
"""
MISTAKE = """
    from shop import *


    class TestBuilder(BuilderSuite):
        orders = shop_orders()
        settings = QUICK

        def build(self, order):
            body = build_body(order)
            for line in body["data"]["lines"]:
                if line["count"] > 4:
                    del line["sku"]
            return body
"""


WRONG_EVERYWHERE = """
    from altcraft_contract.testing import BuilderSuite


    class TestBuilder(BuilderSuite):
        def build(self, order):
            return order | {"data": order["data"] | {"total_price": 10.5}}
"""
SET_UP = """
    import pytest

    from shop import *


    class TestBuilder(BuilderSuite):
        orders = st.builds(Order, st.integers(1, 9), st.just("bob@shop.example"), st.just([Line("mug", Decimal(1))]))
        settings = QUICK

        @pytest.fixture(autouse=True)
        def _shop(self, tmp_path):
            self.path = tmp_path

        def build(self, order):
            assert self.path
            body = build_body(order)
            if order.number > 4:
                del body["data"]["lines"][0]["sku"]
            return body
"""


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Runs a module of tests beside a small shop."""
    pytester.makepyfile(shop=dedent(SHOP))

    def run(source: str, *arguments: str, name: str = "test_payloads", is_apart: bool = False) -> pytest.RunResult:
        pytester.makepyfile(**{name: dedent(source)})
        start = pytester.runpytest_subprocess if is_apart else pytester.runpytest_inprocess
        return start(*STRICT, f"{name}.py", *arguments)

    return run


def pasted(result: pytest.RunResult) -> str:
    """The first ready test that was printed, as a user would copy it."""
    lines = result.outlines
    start = next(number for number, line in enumerate(lines) if line.startswith(TITLE))
    assert "Ready test" in lines[start - 1]
    end = next(number for number in range(start, len(lines)) if re.match("([-=_])\\1{3}|__+ ", lines[number]))
    return "\n".join(lines[start:end])


@pytest.fixture
def profile_of_their_own() -> Iterator[None]:
    """A profile with a deadline is in force."""
    before = settings.get_current_profile_name()
    settings.register_profile("of-their-own", deadline=350)
    settings.load_profile("of-their-own")
    yield
    settings.load_profile(before)


def test_a_builder_that_is_right_passes(run: Run) -> None:
    """Bodies of the shop's own orders are judged, and edge cases are those of our orders only."""
    source = """
        from shop import *


        class TestBuilder(BuilderSuite):
            orders = shop_orders()
            settings = QUICK

            def build(self, order):
                return build_body(order)
    """
    run(source).assert_outcomes(passed=3)


def test_without_orders_documented_requests_are_built(run: Run) -> None:
    """The default orders are our requests, and each edge case is a test of its name."""
    source = """
        import json

        from altcraft_contract.testing import BuilderSuite


        class TestBuilder(BuilderSuite):
            def build(self, order):
                return json.dumps(order).encode()
    """
    result = run(source, "-v")
    result.stdout.fnmatch_lines(
        [
            "*::test_builds_valid_bodies PASSED*",
            "*::test_building_leaves_the_order_unchanged PASSED*",
            "*::test_building_twice_gives_the_same_body PASSED*",
            "*::test_builds_edge_cases?free-order? PASSED*",
        ]
    )
    assert result.ret == 0


def test_a_mistake_is_shrunk_and_told_once(run: Run) -> None:
    """The failure shows the findings and the least order, each once, and no secret."""
    result = run(MISTAKE)
    result.assert_outcomes(failed=1, passed=2)
    text = result.stdout.str()
    assert text.count("error line-item-missing: ") == 1
    assert text.count("order=Order(") == 1
    assert text.count(TITLE) == 1
    result.stdout.fnmatch_lines(["*the request breaks the contract: 1 error", "*number=1,*", "*count=5)*"])
    assert "7731" not in text
    assert "quixote" not in text


def test_the_ready_test_is_red_and_turns_green(run: Run) -> None:
    """What is printed is a test: pasted, it fails for the same rule, and passes when the builder is mended."""
    result = run(MISTAKE)
    source = pasted(result)
    red = run(source, name="test_pasted")
    red.assert_outcomes(failed=1)
    red.stdout.fnmatch_lines(["*test_builder_makes_no_line_item_missing*", "*error line-item-missing: *"])
    run(MISTAKE.replace("> 4", "> 400"))
    run(source, name="test_pasted").assert_outcomes(passed=1)


def test_the_ready_test_of_an_own_property_is_red(run: Run) -> None:
    """A property of the user's that fails in an assertion has its body as a ready test, once."""
    source = """
        from hypothesis import given

        from altcraft_contract import strategies as st
        from altcraft_contract.testing import assert_valid_request


        @given(st.requests())
        def test_own(request):
            for line in request["data"]["lines"]:
                line.pop("sku", None)
                line.pop("product", None)
            assert_valid_request(request)
    """
    result = run(source)
    result.assert_outcomes(failed=1)
    assert result.stdout.str().count(TITLE) == 1
    red = run(pasted(result), name="test_pasted")
    red.assert_outcomes(failed=1)
    red.stdout.fnmatch_lines(["*error line-item-missing: *"])


def test_a_plain_test_has_no_ready_test(run: Run) -> None:
    """A test that draws nothing is red already, and shows the user's own line alone."""
    source = """
        from altcraft_contract.testing import assert_valid_request


        def test_own():
            assert_valid_request({})
    """
    result = run(source)
    result.stdout.fnmatch_lines([">       assert_valid_request({})", "*test_payloads.py:5: ContractViolated"])
    result.stdout.no_fnmatch_line("*assertions.py*")
    result.stdout.no_fnmatch_line(f"*{TITLE}*")


def test_a_builder_that_raises_is_told_with_its_order(run: Run) -> None:
    """The exception, the user's line and the least order are shown; the ready test raises it again."""
    source = """
        from shop import *


        class TestBuilder(BuilderSuite):
            orders = shop_orders()
            settings = QUICK

            def build(self, order):
                return build_body(order) if order.number < 500 else 1 // 0
    """
    result = run(source)
    result.assert_outcomes(failed=1, passed=2)
    result.stdout.fnmatch_lines(["*1 // 0", "E *ZeroDivisionError*", "*number=500,*"])
    result.stdout.no_fnmatch_line("*hypothesis/core.py*")
    red = run(pasted(result), name="test_pasted")
    red.assert_outcomes(failed=1)
    red.stdout.fnmatch_lines(["E *ZeroDivisionError*"])


def test_two_mistakes_are_told_each_with_its_ready_test(run: Run) -> None:
    """A builder that raises for one order and errs in another has two failures, each with its own ready test."""
    result = run(
        MISTAKE.replace("body = build_body(order)", "body = build_body(order) if order.number < 500 else 1 // 0")
    )
    text = result.stdout.str()
    assert text.count(TITLE) == 2
    assert "test_builder_makes_a_valid_body" in text
    assert "test_builder_makes_no_line_item_missing" in text


def test_a_changed_order_is_found(run: Run) -> None:
    """Building that changes its order is told with the place."""
    source = """
        from shop import *


        class TestBuilder(BuilderSuite):
            orders = shop_orders()
            settings = QUICK

            def build(self, order):
                order.notes.append("built")
                return build_body(order)
    """
    result = run(source)
    result.assert_outcomes(failed=1, passed=2)
    result.stdout.fnmatch_lines(["*build changes the order that it is given:", "*at /notes/0: absent, then 'built'"])


def test_a_body_that_varies_is_found(run: Run) -> None:
    """An id that is made anew for each sending is told, since the order would be confirmed twice."""
    source = """
        from itertools import count

        from shop import *

        numbers = count()


        class TestBuilder(BuilderSuite):
            orders = shop_orders()
            settings = QUICK

            def build(self, order):
                return build_body(order) | {"external_id": str(next(numbers))}
    """
    result = run(source)
    result.assert_outcomes(failed=1, passed=2)
    result.stdout.fnmatch_lines(["*at /external_id: *", "*is another order: take the id from the order"])


def test_what_may_vary_is_declared(run: Run) -> None:
    """A time of building may differ, once the suite says so; until then the failure tells how."""
    source = """
        from itertools import count

        from shop import *

        minutes = count()


        class TestBuilder(BuilderSuite):
            orders = shop_orders()
            varying = ()

            def build(self, order):
                body = build_body(order)
                body["data"]["create_time"] = f"2026-02-18T13:{next(minutes) % 60:02}:00Z"
                return body
    """
    result = run(source)
    result.assert_outcomes(failed=1, passed=2)
    result.stdout.fnmatch_lines(["*varying = ?'/data/create_time'?*"])
    run(source.replace("varying = ()", 'varying = ("/data/create_time",)')).assert_outcomes(passed=3)


def test_a_test_that_does_not_apply_is_left_out(run: Run) -> None:
    """A test that a subclass sets to None is not collected."""
    run(MISTAKE + "\n        test_builds_valid_bodies = None\n").assert_outcomes(passed=2)


def test_a_failing_edge_case_is_named(run: Run) -> None:
    """An edge case fails under its name, with its ready test."""
    source = """
        from altcraft_contract.testing import BuilderSuite


        class TestBuilder(BuilderSuite):
            def build(self, order):
                if order["data"]["final_total_price"] == "0.00":
                    del order["data"]["lines"][0]["sku"]
                return order
    """
    result = run(source, "-k", "free-order")
    result.assert_outcomes(failed=1, deselected=result.parseoutcomes()["deselected"])
    result.stdout.fnmatch_lines(["*test_builds_edge_cases?free-order?*", "*error line-item-missing: *"])
    run(pasted(result), name="test_pasted").assert_outcomes(failed=1)


def test_own_edge_cases_are_tests_too(run: Run) -> None:
    """Orders that a suite names are built each under its name."""
    source = """
        from shop import *


        class TestBuilder(BuilderSuite):
            orders = shop_orders()
            edge_cases = {"gift": Order(1, "ann@example.com", [Line("mug", Decimal("0.00"))])}

            def build(self, order):
                return build_body(order)
    """
    result = run(source, "-v")
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["*test_builds_edge_cases?gift? PASSED*"])


def test_orders_may_be_a_method_and_settings_an_attribute(run: Run) -> None:
    """A method may return the strategy, and the suite's settings hold."""
    source = """
        from shop import *

        built = []


        class TestBuilder(BuilderSuite):
            settings = settings(max_examples=7)

            def orders(self):
                return shop_orders()

            def build(self, order):
                built.append(order)
                return build_body(order)


        def test_that_the_settings_hold():
            assert len(built) == 7 + 7 + 2 * 7
    """
    run(source).assert_outcomes(passed=4)


def test_two_suites_share_nothing(run: Run) -> None:
    """Subclasses of one suite are tested each by itself, without a health check."""
    source = (
        MISTAKE
        + """

    class TestOther(TestBuilder):
        def build(self, order):
            return build_body(order)
    """
    )
    run(source).assert_outcomes(failed=1, passed=5)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("orders = [1]", "*TestBuilder.orders is of type list: expected a Hypothesis strategy*"),
        ("orders = shop_orders()", "*TestBuilder.build(order): return the body*"),
        ("async def build(self, order): return b''", "*build is asynchronous*"),
        ("def build(self, order): return 5", "*a body of type int: expected bytes*"),
    ],
)
def test_a_suite_that_cannot_run_says_why(run: Run, body: str, reason: str) -> None:
    """A mistake in the suite is told in words."""
    source = f"""
        from shop import *


        class TestBuilder(BuilderSuite):
            {body}
    """
    run(source, "-k", "test_builds_valid_bodies").stdout.fnmatch_lines([reason])


def test_orders_that_cannot_be_compared_are_skipped(run: Run) -> None:
    """Where a change could not be seen, the test of it says so instead of passing."""
    source = """
        from shop import *


        class Opaque:
            pass


        class TestBuilder(BuilderSuite):
            orders = st.builds(Opaque)

            def build(self, order):
                return build_body(Order(1, "ann@example.com", [Line("mug", Decimal(1))]))
    """
    result = run(source, "-rs")
    result.assert_outcomes(passed=2, skipped=1)
    result.stdout.fnmatch_lines(["*orders of type Opaque cannot be copied and compared*"])


def test_an_order_without_a_literal_is_shown_and_named(run: Run) -> None:
    """The ready test of an order that no source makes says what to put there, and is red."""
    source = """
        from shop import *


        class Opaque:
            def __repr__(self):
                return "<order of ann.quixote@shop.example>"


        class TestBuilder(BuilderSuite):
            orders = st.builds(Opaque)

            def build(self, order):
                return {}
    """
    result = run(source)
    result.stdout.fnmatch_lines(["*order=<order of ***", "*Make the order that is shown above: *Opaque*"])
    assert "quixote" not in result.stdout.str()
    run(pasted(result), name="test_pasted").assert_outcomes(failed=1)


def test_the_seed_of_the_command_line_holds(run: Run) -> None:
    """`--hypothesis-seed` decides what is drawn."""
    source = """
        from shop import *


        class TestBuilder(BuilderSuite):
            orders = shop_orders()
            settings = settings(derandomize=False, max_examples=20, database=None)

            def build(self, order):
                print("drawn", order.number)
                return build_body(order)
    """
    arguments = ("-k", "valid_bodies", "-s")
    first, second, other = (
        [
            line
            for line in run(source, *arguments, f"--hypothesis-seed={seed}", is_apart=True).outlines
            if "drawn" in line
        ]
        for seed in (1, 1, 2)
    )
    assert len(first) == 20
    assert first == second != other


def test_a_failure_crosses_processes(run: Run) -> None:
    """With pytest-xdist the failure is told as without."""
    result = run(MISTAKE, "-n2", "-p", "no:randomly", is_apart=True)
    result.assert_outcomes(failed=1, passed=2)
    assert result.stdout.str().count(TITLE) == 1


@pytest.mark.parametrize("condition", ["True", "not loaded"], ids=["always", "at-the-first-call"])
def test_a_slow_builder_is_no_mistake(run: Run, condition: str) -> None:
    """The deadline that Hypothesis has by itself holds for no builder, however slow it is, or slow once."""
    source = f"""
        import time

        from shop import *

        loaded = []


        class TestBuilder(BuilderSuite):
            orders = shop_orders()
            settings = settings(settings.get_profile("default"), max_examples=2, database=None)

            def build(self, order):
                if {condition}:
                    time.sleep(0.3)
                    loaded.append("a module")
                return build_body(order)
    """
    run(source).assert_outcomes(passed=3)


def test_a_chosen_deadline_holds(run: Run) -> None:
    """A deadline of the user's own fails a builder that is slower."""
    source = """
        import time

        from shop import *


        class TestBuilder(BuilderSuite):
            orders = shop_orders()
            settings = settings(QUICK, max_examples=2, deadline=20)

            def build(self, order):
                time.sleep(0.1)
                return build_body(order)
    """
    run(source, "-k", "valid_bodies").stdout.fnmatch_lines(["E *DeadlineExceeded*"])


@pytest.mark.usefixtures("profile_of_their_own")
def test_the_deadline_of_a_profile_holds() -> None:
    """A deadline that a profile sets is one that the user chose; the draws themselves may always be slow."""
    profiles = settings()
    assert settings_for(None).deadline == timedelta(milliseconds=350)
    assert settings_for(settings(deadline=None)).deadline is None
    assert settings_for(settings.get_profile("default")).deadline is None
    assert settings_for(None).suppress_health_check == (*profiles.suppress_health_check, HealthCheck.too_slow)


def test_a_mistake_in_every_order_is_told_once(run: Run) -> None:
    """Edge cases that are built as wrongly as a plain order are skipped, and that order is told to be wrong."""
    result = run(WRONG_EVERYWHERE, "-rs")
    outcomes = result.parseoutcomes()
    assert outcomes["failed"] == 1
    assert outcomes["skipped"] > 50
    assert result.stdout.str().count(TITLE) == 1
    result.stdout.fnmatch_lines(
        ["*__ TestBuilder.test_builds_valid_bodies __*", "*every order is built wrongly in this way, see test_builds_*"]
    )


def test_an_exception_for_every_order_is_told_once(run: Run) -> None:
    """The same holds for a builder that raises."""
    raising = """
    from altcraft_contract.testing import BuilderSuite


    class TestBuilder(BuilderSuite):
        def build(self, order):
            return order["delivery"]
    """
    assert run(raising).parseoutcomes()["failed"] == 1


def test_a_mistake_of_its_own_is_told_besides(run: Run) -> None:
    """An edge case with another mistake than every order has fails."""
    other = """
            data = order["data"] | {"total_price": 10.5}
            if data["final_total_price"] == "0.00":
                data["lines"] = []
            return order | {"data": data}
"""
    source = WRONG_EVERYWHERE[: WRONG_EVERYWHERE.index("            return")] + other
    result = run(source)
    result.stdout.fnmatch_lines(["*__ TestBuilder.test_builds_edge_cases?free-order? __*"])
    assert result.parseoutcomes()["failed"] <= 4


@pytest.mark.parametrize(
    ("addition", "arguments"),
    [
        ("", ("-k", "one-line")),
        ("        test_builds_valid_bodies = None\n", ("-k", "one-line or building")),
        ("\n        def test_builds_valid_bodies(self):\n            pass\n", ("-k", "one-line or valid_bodies")),
    ],
    ids=["deselected", "left-out", "overridden"],
)
def test_nothing_is_skipped_unless_it_is_told_elsewhere(run: Run, addition: str, arguments: tuple[str, ...]) -> None:
    """Where the test of all orders does not run, each edge case fails by itself."""
    result = run(WRONG_EVERYWHERE + addition, *arguments)
    outcomes = result.parseoutcomes()
    assert outcomes["failed"] == 1
    assert "skipped" not in outcomes
    result.stdout.fnmatch_lines(["*__ TestBuilder.test_builds_edge_cases?one-line? __*"])


def test_what_skips_others_has_failed(run: Run) -> None:
    """The plain order is built, even if Hypothesis draws nothing: a mistake is never told by nobody."""
    source = WRONG_EVERYWHERE + "        settings = __import__('hypothesis').settings(phases=[])\n"
    assert run(source).parseoutcomes()["failed"] == 1


def test_own_edge_cases_are_compared_with_own_orders(run: Run) -> None:
    """What is plain is what the suite's own strategy draws first."""
    source = """
        from shop import *


        class TestBuilder(BuilderSuite):
            orders = shop_orders()
            edge_cases = {"gift": Order(1, "ann@example.com", [Line("mug", Decimal("0.00"))])}
            settings = QUICK

            def build(self, order):
                return build_body(order) | {"token": 1}
    """
    run(source).assert_outcomes(failed=1, passed=2, skipped=1)


def test_the_plainest_order_is_always_the_same() -> None:
    """The first draw is the simplest, and no luck."""
    assert plainest_of(st.integers(3, 9)) == 3
    assert len({plainest_of(st.integers().filter(lambda number: number % 7 == 5)) for _ in range(5)}) == 1


def test_a_cause_has_no_number_of_an_item(run: Run) -> None:
    """Two lines with the same mistake have one cause, and an exception has its type."""
    assert causes_of(ValueError("one")) == causes_of(ValueError("two")) != causes_of(TypeError("one"))
    source = """
        from altcraft_contract.testing import BuilderSuite


        class TestBuilder(BuilderSuite):
            def build(self, order):
                for line in order["data"]["lines"]:
                    line["count"] = "x"
                return order
    """
    result = run(source, "-k", "1000-lines or valid_bodies")
    result.assert_outcomes(failed=1, skipped=1, deselected=result.parseoutcomes()["deselected"])


@pytest.mark.parametrize("is_nested", [False, True], ids=["plain", "nested"])
def test_the_ready_test_of_a_suite_with_fixtures_is_a_method(run: Run, is_nested: bool) -> None:
    """What is printed is put into the class: red with the mistake, green without, with what is set up."""
    if is_nested:
        head, _, body = dedent(SET_UP).partition("class TestBuilder")
        body = "class TestBuilder" + body
        source = head + "class TestShop:\n" + "".join(f"    {line}" for line in body.splitlines(keepends=True))
    else:
        source = dedent(SET_UP)
    ready = pasted(run(source))
    assert "    def test_builder_makes_no_line_item_missing(self) -> None:\n" in ready
    result = run(f"{source}\n{ready}")
    result.assert_outcomes(failed=2, passed=2)
    mended = source.replace("number > 4", "number > 400")
    run(f"{mended}\n{ready}").assert_outcomes(passed=4)


@pytest.mark.parametrize(
    ("addition", "is_method"),
    [
        ("def setup_method(self): self.total = 1", True),
        ("pytestmark = pytest.mark.usefixtures('tmp_path')", True),
        ("total = 1", False),
    ],
)
def test_a_suite_that_is_set_up_is_known(run: Run, addition: str, is_method: bool) -> None:
    """Setup functions and marks count as fixtures do; a suite without is instantiated anywhere."""
    source = f"""
        import pytest

        from shop import *


        class TestBuilder(BuilderSuite):
            orders = shop_orders()
            settings = QUICK
            {addition}

            def build(self, order):
                return {{}}
    """
    assert ("(self) -> None:" in pasted(run(source))) is is_method


def test_what_is_set_up_from_elsewhere_is_noticed(pytester: pytest.Pytester, run: Run) -> None:
    """A suite whose instance gets its attributes from a conftest has a method too."""
    pytester.makeconftest(
        "import pytest\n@pytest.fixture(autouse=True)\n"
        "def _shop(request):\n    if request.instance: request.instance.shop = 'shop'\n"
    )
    source = """
        from shop import *


        class TestBuilder(BuilderSuite):
            orders = shop_orders()
            settings = QUICK

            def build(self, order):
                return {"token": self.shop}
    """
    assert "assert_valid_request(self.build(order))" in pasted(run(source))


def test_the_rules_of_the_configuration_hold_in_the_ready_test(pytester: pytest.Pytester, run: Run) -> None:
    """A method of the suite is judged by the rules that are configured, as the suite itself is."""
    pytester.makeini("[pytest]\naltcraft_ignore = line-item-missing\n")
    ready = pasted(run(MISTAKE.replace('line["sku"]', 'line["sku"], line["external_id"]')))
    assert "assert_valid_request(self.build(order), rules=self.rules)" in ready
    mended = MISTAKE.replace("> 4", "> 0")
    run(f"{dedent(mended)}\n{ready}").assert_outcomes(passed=4)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hypothesis takes the package for an installed one, whose lines it tells after the user's.

    It tells six lines at most, those of a checkout in the order of their paths.
    """
    package = Path(altcraft_contract.__file__).resolve().parent
    monkeypatch.setattr(scrutineer, "SITE_PACKAGES_DIRS", {*scrutineer.SITE_PACKAGES_DIRS, package})
    scrutineer.ModuleLocation.from_path.cache_clear()
    yield
    scrutineer.ModuleLocation.from_path.cache_clear()


@pytest.mark.usefixtures("installed")
def test_an_explanation_names_the_users_lines_alone(run: Run) -> None:
    """Hypothesis tells which lines the failures ran; those of ours are no help."""
    result = run(MISTAKE.replace("        settings = QUICK\n", ""), "-k", "valid_bodies")
    text = result.stdout.str()
    (explained,) = re.findall(r"Explanation:\n(?:E .*\n)+", text)
    assert re.search(r"test_payloads\.py:\d+", explained)
    assert "altcraft_contract/" not in explained
    assert "Failing test case: build(" in text
