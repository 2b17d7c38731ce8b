"""Putting one function in another's place, wherever the program has already taken hold of it. For measurements only."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def instead_of(original: Callable[..., Any], other: Callable[..., Any]) -> None:
    """Let every module of the desk that knows `original` know `other`. Raises LookupError where none does."""
    places = [
        (module, name)
        for title, module in list(sys.modules.items())
        if title.startswith(("safeconduct.", "bench."))
        for name, value in list(vars(module).items())
        if value is original
    ]
    if not places:
        raise LookupError(f"nothing knows {original.__qualname__}: the measurement would compare a thing with itself")
    for module, name in places:
        setattr(module, name, other)
