"""A confined process can compute, read and write what is open, and nothing else; see also T17 and T18."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

GIVEN_UP = "import os, socket, ssl\nfrom safeconduct.core.confining import *\nbound()\nassert confine()\n"
TRIED = """
try:
    {}
except OSError as fault:
    os.write(1, fault.strerror.encode())
else:
    os.write(1, b"DONE")
"""


def said(code: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-I", "-c", code], input=b"given", capture_output=True, check=False, timeout=60
    )
    return ended.stdout.decode()


@pytest.mark.parametrize(
    "act",
    [
        "os.open('/etc/passwd', os.O_RDONLY)",
        "socket.socket()",
        "socket.socketpair()",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.dup2(0, 9)",
        "os.kill(os.getppid(), 0)",
    ],
)
def test_nothing_else_can_be_done(act: str) -> None:
    assert said(GIVEN_UP + TRIED.format(act)) == os.strerror(1)


@pytest.mark.parametrize("act", ["os.read(0, 9)", "ssl.RAND_bytes(32)", "b'x' * 10**7"])
def test_what_reading_needs_can_be_done(act: str) -> None:
    assert said(GIVEN_UP + TRIED.format(act)) == "DONE"


def test_the_control_a_process_that_gave_nothing_up_can() -> None:
    code = GIVEN_UP.replace("assert confine()\n", "") + TRIED.format("os.open('/etc/passwd', os.O_RDONLY)")
    assert said(code) == "DONE"


def test_memory_is_bounded() -> None:
    assert said(GIVEN_UP + "try:\n    bytearray(MEMORY)\nexcept MemoryError:\n    os.write(1, b'NO')") == "NO"
