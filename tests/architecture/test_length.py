"""No module grows into a room of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 400
# Path from the root, and why it may be longer.
EXCEPTIONS: dict[str, str] = {}


def modules() -> list[Path]:
    return sorted(
        path
        for folder in ("src", "tests", "bench")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    )


def too_long(path: Path) -> bool:
    return len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short(path: Path) -> None:
    if str(path.relative_to(ROOT)) in EXCEPTIONS:
        assert too_long(path), "the exception is no longer needed"
    else:
        assert not too_long(path)


def test_a_long_module_is_found(tmp_path: Path) -> None:
    long = tmp_path / "long.py"
    long.write_text("x = 1\n" * (MOST_LINES + 1))
    assert too_long(long)
