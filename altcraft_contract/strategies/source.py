"""Where choices come from: Hypothesis, or a seeded generator.

One set of builders makes all messages. Driven by Hypothesis they shrink; driven by `random.Random` they are fast enough
for bulk data, and the same seed gives the same bytes.
"""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from hypothesis import strategies as st

from altcraft_contract.strategies.vocabulary import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hypothesis.strategies import SearchStrategy

_Choice = TypeVar("_Choice")


class Source(Protocol):
    """Makes choices; the first and the least are the simplest."""

    def integer(self, least: int, most: int) -> int:
        """A whole number from *least* to *most*."""
        ...

    def flag(self) -> bool:
        """True or false; false is simpler."""
        ...

    def pick(self, options: Sequence[_Choice]) -> _Choice:
        """One of *options*; the first is the simplest."""
        ...

    def text(self) -> str:
        """A text of any script."""
        ...

    def optional(self, build: Callable[[], _Choice]) -> _Choice | None:
        """What *build* makes, or None, which is simpler."""
        ...

    def several(self, least: int, most: int, build: Callable[[int], _Choice], *, odds: int = 2) -> list[_Choice]:
        """From *least* to *most* of what *build* makes of a number, from 1 on; few are simpler.

        One in *odds* is the chance of one more.
        """
        ...


@lru_cache(maxsize=512)
def _integers(least: int, most: int) -> SearchStrategy[int]:
    return st.integers(least, most)


_FLAGS = st.booleans()
_MANY = 5  # items that a flag each decides on; where there may be more, a number does first


@st.composite
def _spans(draw: Callable[[SearchStrategy[Any]], Any], pending: list[Callable[[Any], Any]]) -> Any:
    """One span of choices: what the last of *pending* builds."""
    return pending.pop()(draw)


class DrawnSource:
    """Choices that Hypothesis makes, and shrinks."""

    def __init__(self, draw: Callable[[SearchStrategy[Any]], Any], texts: SearchStrategy[str]) -> None:
        self._draw = draw
        self._texts = texts
        self._pending: list[Callable[[Any], Any]] = []
        self._next_span = _spans(self._pending)  # made once: making strategies costs most of a draw

    def integer(self, least: int, most: int) -> int:
        """A whole number from *least* to *most*; shrinks to *least*."""
        number: int = self._draw(_integers(least, most))
        return number

    def flag(self) -> bool:
        """True or false; shrinks to false."""
        return bool(self._draw(_FLAGS))

    def pick(self, options: Sequence[_Choice]) -> _Choice:
        """One of *options*; shrinks to the first."""
        return options[self._draw(_integers(0, len(options) - 1))] if len(options) > 1 else options[0]

    def text(self) -> str:
        """A text; shrinks as its strategy does."""
        return str(self._draw(self._texts))

    def optional(self, build: Callable[[], _Choice]) -> _Choice | None:
        """What *build* makes, or None; shrinks to None at once, since it is one span."""
        return self._span(lambda: build() if self.flag() else None)

    def several(self, least: int, most: int, build: Callable[[int], _Choice], *, odds: int = 2) -> list[_Choice]:
        """From *least* to *most* of what *build* makes; each beyond *least* is a span, to be taken out whole."""
        if most - least > _MANY:
            least = self.integer(least, most - _MANY)
        made: list[_Choice] = [build(1)] if least else []
        while len(made) < least:
            made.append(self._span(lambda: build(len(made) + 1)))
        while len(made) < most:
            item = self._span(lambda: (build(len(made) + 1),) if self.integer(1, odds) == odds else None)
            if item is None:
                break
            made.append(item[0])
        return made

    def _span(self, build: Callable[[], _Choice]) -> _Choice:
        self._pending.append(lambda _: build())
        made: _Choice = self._draw(self._next_span)
        return made


class SeededSource:
    """Choices of a seeded generator: the same *seed* makes the same ones."""

    def __init__(self, seed: int, texts: Sequence[str] = NAMES) -> None:
        self._random = Random(seed)  # noqa: S311 - reproducible on purpose
        self._texts = texts

    def integer(self, least: int, most: int) -> int:
        """A whole number from *least* to *most*."""
        return least + int(self._random.random() * (most - least + 1))

    def flag(self) -> bool:
        """True or false."""
        return self._random.random() < 0.5  # noqa: PLR2004 - even chances

    def pick(self, options: Sequence[_Choice]) -> _Choice:
        """One of *options*."""
        return options[int(self._random.random() * len(options))]

    def text(self) -> str:
        """One of the texts that were given."""
        return self.pick(self._texts)

    def optional(self, build: Callable[[], _Choice]) -> _Choice | None:
        """What *build* makes, or None."""
        return build() if self.flag() else None

    def several(self, least: int, most: int, build: Callable[[int], _Choice], *, odds: int = 2) -> list[_Choice]:
        """From *least* to *most* of what *build* makes: *least* only, in all but two of *odds* cases."""
        count = self.integer(least, most) if self.integer(1, odds) <= 2 else least  # noqa: PLR2004 - even chances
        return [build(number) for number in range(1, count + 1)]
