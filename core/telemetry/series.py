"""Numbers by the values of their labels: written by one loop alone, so that no lock stands between; read by Prometheus.

The client library's own take two locks and ten calls for each number, 20 times in a Call. What is read of these is what
would be read of those, sample by sample.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from math import inf
from typing import Final, final

from prometheus_client import Metric
from prometheus_client.registry import Collector


@final
class Total:
    """A counter or a gauge: what it stands at, and since when it is told (Unix seconds)."""

    __slots__ = ("created", "value")

    def __init__(self) -> None:
        self.created: Final = time.time()
        self.value = 0.0


@final
class Spread:
    """Durations by bucket: how many stood at most at each bound and above the one before, and their sum in seconds."""

    __slots__ = ("_bounds", "counts", "created", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds: Final = bounds
        self.counts: Final = [0] * (len(bounds) + 1)  # the last is of what is above all
        self.created: Final = time.time()
        self.total = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(self._bounds, seconds)] += 1
        self.total += seconds


@final
class Totals(Collector):
    """A counter (`counts`) or a gauge under each choice of its labels; without labels it is told from the start."""

    def __init__(self, name: str, says: str, labels: Sequence[str], *, counts: bool) -> None:
        self._name: Final = name
        self._says: Final = says
        self._labels: Final = labels
        self._counts: Final = counts
        self._found: Final[dict[tuple[str, ...], Total]] = {} if labels else {(): Total()}

    def of(self, *labels: str) -> Total:
        """Return the one of these labels; which are known is the table's to say."""
        if (found := self._found.get(labels)) is None:
            found = self._found[labels] = Total()
        return found

    def collect(self) -> Iterator[Metric]:
        """Tell all of them."""
        metric = Metric(self._name, self._says, "counter" if self._counts else "gauge")
        for labels, found in self._found.items():
            named = _named(self._labels, labels)
            metric.add_sample(f"{self._name}_total" if self._counts else self._name, named, found.value)
            if self._counts:
                metric.add_sample(f"{self._name}_created", named, found.created)
        yield metric


@final
class Spreads(Collector):
    """A histogram under each choice of its labels."""

    def __init__(self, name: str, says: str, labels: Sequence[str], bounds: Sequence[float]) -> None:
        """`bounds` rise, in seconds."""
        self._name: Final = name
        self._says: Final = says
        self._labels: Final = labels
        self._bounds: Final = bounds
        self._found: Final[dict[tuple[str, ...], Spread]] = {} if labels else {(): Spread(bounds)}

    def of(self, *labels: str) -> Spread:
        """Return the one of these labels."""
        if (found := self._found.get(labels)) is None:
            found = self._found[labels] = Spread(self._bounds)
        return found

    def collect(self) -> Iterator[Metric]:
        """Tell all of them; a bucket holds what those below it hold too."""
        metric = Metric(self._name, self._says, "histogram")
        for labels, found in self._found.items():
            named, held = _named(self._labels, labels), 0
            for bound, count in zip((*self._bounds, inf), found.counts, strict=True):
                held += count
                metric.add_sample(f"{self._name}_bucket", {**named, "le": bound_text(bound)}, held)
            metric.add_sample(f"{self._name}_count", named, held)
            metric.add_sample(f"{self._name}_sum", named, found.total)
            metric.add_sample(f"{self._name}_created", named, found.created)
        yield metric


def bound_text(bound: float) -> str:
    """Write a bound as Prometheus does."""
    return "+Inf" if bound == inf else str(bound)


def _named(names: Sequence[str], values: Sequence[str]) -> dict[str, str]:
    return dict(zip(names, values, strict=True))
