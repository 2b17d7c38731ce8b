"""Where the second process of `beside` begins: nothing of the rooms can be imported before Django has its settings."""

from __future__ import annotations

import contextlib
import resource
import signal
from multiprocessing.connection import Connection

_ROOMS = ("journal", "accounts", "agenda", "people", "casework")


def work(pipe: Connection) -> None:
    """Make of each part what is asked, until the other end of the pipe is closed.

    Whatever fails ends it without a word: who asked makes the part alone, and meets the same fault where it is told.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who stops the command stops the first process, which closes the pipe
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # were it to crash, its memory would be written to a file
    with contextlib.suppress(Exception):
        known, errand = pipe.recv()
        import django
        from django.conf import settings

        if not settings.configured:
            settings.configure(INSTALLED_APPS=[f"safeconduct.{room}" for room in _ROOMS], **known)
            django.setup()
        from .beside import Made

        made = Made(errand)
        while True:
            pipe.send_bytes(made.of(pipe.recv_bytes()))
