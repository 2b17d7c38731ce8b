"""Taking times and saying them: a median with its spread, never a single figure."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

Figures = dict[str, float]


def times(act: Callable[[], object], count: int, *, warm: int = 3) -> list[float]:
    """Milliseconds of each of `count` calls, after `warm` calls that are not counted."""
    for _ in range(warm):
        act()
    return [once(act) for _ in range(count)]


def once(act: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def per_second(act: Callable[[], object], done: int, *, times_over: int = 3) -> Figures:
    """How many things a second an act does that does `done` of them: median and range over a few runs."""
    rates = [done / (once(act) / 1000) for _ in range(times_over)]
    return rate(rates)


def rate(rates: Iterable[float]) -> Figures:
    """Median, lowest and highest of a few rates."""
    found = sorted(rates)
    return {"median": statistics.median(found), "low": found[0], "high": found[-1], "n": len(found)}


def spread(samples: list[float]) -> Figures:
    """Median, quartiles and 95th percentile of times in milliseconds."""
    if len(samples) < 2:
        only = samples[0] if samples else float("nan")
        return {"median": only, "p25": only, "p75": only, "p95": only, "n": len(samples)}
    cuts = statistics.quantiles(samples, n=20, method="inclusive")
    return {"median": cuts[9], "p25": cuts[4], "p75": cuts[14], "p95": cuts[18], "n": len(samples)}


def said(figures: dict[str, Any], digits: int = 1) -> str:
    """`12.3 (11.9–13.0)`: the median and the quartiles, or lowest and highest of a rate."""
    low, high = figures.get("p25", figures.get("low")), figures.get("p75", figures.get("high"))
    return f"{figures['median']:,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f})"
