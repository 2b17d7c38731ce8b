"""The page on mutation testing says what is explained, and has a place for figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from mutation import __main__ as command
from mutation.survivors import explained_table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "mutation.md"


def test_the_page_has_what_is_explained_and_a_place_for_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "mutation.md"
    text = PAGE.read_text("utf-8")
    copy.write_text(text, "utf-8")
    monkeypatch.setattr(command, "PAGE", copy)
    command.write("explained", explained_table())
    assert copy.read_text("utf-8") == text, "write it anew: ./run mutate --explained"
    command.write("figures", "some figures")
    assert "\nsome figures\n" in copy.read_text("utf-8")
    with pytest.raises(ValueError, match="no place"):
        command.write("another", "")
