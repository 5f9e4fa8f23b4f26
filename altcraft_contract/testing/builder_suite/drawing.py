"""How orders are drawn: with the user's settings of Hypothesis, and the one that is drawn first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from hypothesis import HealthCheck, Phase, Verbosity, find
from hypothesis import settings as Settings  # noqa: N812 - as Hypothesis means it, a class

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

# The deadline that Hypothesis documents for its own profile. Nothing tells a deadline that was chosen from one that was
# inherited, and the profile itself may have been registered anew with the user's choice: so it is told by its value.
_UNCHOSEN: Final = timedelta(milliseconds=200)


def settings_for(chosen: Settings | None) -> Settings:
    """*chosen* or, without, those of the profile; a slow first draw or build is no fault of the builder.

    A deadline holds if somebody chose it: Hypothesis' own would fail a builder that loads a module at its first call.
    """
    settings = chosen or Settings()
    deadline = None if settings.deadline == _UNCHOSEN else settings.deadline
    ignored = (*settings.suppress_health_check, HealthCheck.too_slow)
    return Settings(settings, deadline=deadline, suppress_health_check=ignored)


def plainest_of(orders: SearchStrategy[Any]) -> Any:
    """What Hypothesis draws first: the simplest order, as a rule, and the same whenever it is asked.

    Raises:
        HypothesisException: if nothing can be drawn.
    """
    settings = Settings(
        derandomize=True, database=None, deadline=None, phases=[Phase.generate], verbosity=Verbosity.quiet
    )
    return find(orders, lambda _: True, settings=settings)
