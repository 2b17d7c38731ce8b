"""strace around a command: to write down its system calls, to kill it at one of them, or to let one fail."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.support.desk import environment
from tests.support.needs import need


@cache
def works() -> bool:
    """Whether strace is here and may trace: some containers forbid it."""
    program = shutil.which("strace")
    if program is None:
        return False
    return subprocess.run([program, "-o", "/dev/null", "true"], capture_output=True, check=False).returncode == 0


def need_strace() -> None:
    """Skip the test, or fail it where every part is required, unless strace can trace."""
    need("strace", works())


def run(
    command: Sequence[str],
    trace: Path | None = None,
    *,
    calls: str = "",
    inject: str | Sequence[str] = (),
    extra: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
    folder: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `command` in `folder` to its end, `calls` written to `trace` or faults injected (`call:error=…:when=N`)."""
    rules = [inject] if isinstance(inject, str) else list(inject)
    named = calls or ",".join(rule.partition(":")[0] for rule in rules)
    line = ["strace", "-f", "-qq", "-e", f"trace={named}", "-e", "signal=none", *options]
    line += ["-o", str(trace) if trace else "/dev/null"]
    # The filter makes tracing quick, but where strace 6.1 uses it nothing is injected.
    line += [part for rule in rules for part in ("-e", f"inject={rule}")] or ["--seccomp-bpf"]
    return subprocess.run(
        [*line, *command], env=environment(extra), capture_output=True, text=True, check=False, cwd=folder
    )
