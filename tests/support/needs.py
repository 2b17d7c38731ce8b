"""Optional parts of the machine. A test that needs one is skipped by name, or fails where every part is required."""

from __future__ import annotations

import os

import pytest

REQUIRED = "SAFECONDUCT_REQUIRE_ALL"


def need(part: str, present: object) -> None:
    """Skip the test for want of `part`, or fail it when the environment says that every part is required."""
    if present:
        return
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{part} is required here and missing: ./run setup installs it or prints the line", pytrace=False)
    pytest.skip(f"{part} is missing")
