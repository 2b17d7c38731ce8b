"""What the figures were taken on."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.support import postgresql

_PACKAGES = ("Django", "cryptography", "cedarpy", "rapidfuzz", "psycopg", "rigour")


def describe() -> dict[str, str]:
    """The machine and the versions on it, in words, by what they are."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _said_by("git", "rev-parse", "--short=12", "HEAD"),
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}, {_distribution()}",
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "PostgreSQL": _postgresql(),
        "packages": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        "load before": f"{os.getloadavg()[0]:.1f} (processes that wanted a core in the last minute)",
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return "unknown distribution"


def _postgresql() -> str:
    programs = postgresql.programs()
    return _said_by(str(programs / "postgres"), "--version").removeprefix("postgres ") if programs else "absent"


def _said_by(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
