"""What a running desk takes of the machine: memory, from Linux's own account of the process."""

from __future__ import annotations

from pathlib import Path

_MB = 1024  # the kernel counts in KiB


def megabytes(process: int) -> dict[str, float]:
    """What is in memory of a process now, and the most there ever was, in MB."""
    said = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text("ascii").splitlines())
    return {"now": _kib(said["VmRSS"]) / _MB, "most": _kib(said["VmHWM"]) / _MB}


def _kib(text: str) -> int:
    return int(text.split()[0])
