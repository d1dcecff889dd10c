"""Taking times and counts: statements of one request, and rounds that take turns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, event


@dataclass(slots=True)
class Times:
    """How long each run of one thing took, in milliseconds, by round."""

    rounds: list[list[float]] = field(default_factory=list)

    @property
    def p50(self) -> float:
        """The middle of all runs."""
        return percentile(self._all(), 50)

    @property
    def p95(self) -> float:
        """What 95 of 100 runs stayed under."""
        return percentile(self._all(), 95)

    @property
    def spread(self) -> float:
        """How far the rounds' medians lie apart, as a share of the middle one."""
        medians = [statistics.median(each) for each in self.rounds]
        return (max(medians) - min(medians)) / statistics.median(medians)

    def _all(self) -> list[float]:
        return [each for one in self.rounds for each in one]


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def in_turns(
    things: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    runs: int,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Times]:
    """Run every thing some times a round, one thing after the other, after a warm-up.

    Args:
        clock: what is read before and after, in seconds; the processor's own time for what waits
            for nothing.
    """
    found = {name: Times() for name in things}
    for run in things.values():
        for _ in range(5):
            run()
    for _ in range(rounds):
        for name, run in things.items():
            taken = []
            for _ in range(runs):
                started = clock()
                run()
                taken.append((clock() - started) * 1000)
            found[name].rounds.append(taken)
    return found


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Collect the SQL that an engine is given meanwhile, without the transactions' own words."""
    seen: list[str] = []

    def note(
        _connection: object, _cursor: object, statement: str, _values: object, *_: object
    ) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
