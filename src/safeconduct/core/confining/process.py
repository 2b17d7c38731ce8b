"""Limits, and the filter of calls to the system."""

import ctypes
import platform
import resource
import sys
from typing import Final

MEMORY: Final = 1 << 30
SECONDS: Final = 20

# By number, since names differ from one C library to the next (Linux: arch/x86/entry/syscalls, asm-generic/unistd.h).
# Reading and writing what is open, memory, clocks, threads waiting for one another, and leaving.
_ALLOWED: Final = {
    "x86_64": (
        0xC000003E,
        "0 1 3 5 8 9 10 11 12 13 14 15 20 24 25 28 35 39 60 96 131 186 202 228 230 231 262 318 334",
    ),
    "aarch64": (
        0xC00000B7,
        "57 62 63 64 66 79 80 93 94 98 99 101 113 115 124 131 132 134 135 139 169 172 178 214 215 216 222 226 233 278"
        " 293",
    ),
}
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER, _DUMPABLE = 38, 22, 2, 4
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000


class _Step(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("value", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


def confine() -> bool:
    """Give up every call to the system but those of `_ALLOWED`: whatever else is tried fails. False: not here."""
    known = _ALLOWED.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    machine, calls = known
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    steps += [(_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _KILL)]  # the other numbering of the same machine
    for call in calls.split():
        steps += [(_EQUAL, 0, 1, int(call)), (_RETURN, 0, 0, _ALLOW)]
    steps.append((_RETURN, 0, 0, _REFUSE))
    program = _Program(len(steps), (_Step * len(steps))(*(_Step(*step) for step in steps)))
    library = ctypes.CDLL(None)
    library.prctl(_DUMPABLE, 0, 0, 0, 0)
    done: bool = library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    return done and library.prctl(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0


def bound() -> None:
    """Limits of memory, time and written bytes: none may be written to a file."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
