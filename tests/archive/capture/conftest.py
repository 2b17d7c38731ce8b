"""Two authorities and a captured page, for every test of capturing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.archive.capture.authorities import Office


@pytest.fixture(scope="session")
def offices(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, Office]:
    """One whose replies the library takes, and one whose replies it turns down."""
    folder = tmp_path_factory.mktemp("authorities")
    since, until = datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) + timedelta(days=365)
    return (
        Office(folder / "first", "First", since, until),
        Office(folder / "second", "Second", since, until, whole=True),
    )
