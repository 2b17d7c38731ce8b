"""What the program openssl says of a stamp, for replies the library turns down. Its word is yes or no."""

import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

_SECONDS: Final = 20


def check_stamp(reply: bytes, query: bytes, at: datetime, anchors: str, others: str) -> bool:
    """Whether openssl takes ``reply`` as an answer to ``query``, judged at the instant ``at``.

    Raises `FileNotFoundError`: the program is not here. Its files hold a hash and certificates; they go at once.
    """
    program = shutil.which("openssl")
    if program is None:
        raise FileNotFoundError("openssl")
    with TemporaryDirectory(prefix="safeconduct-") as name:
        folder = Path(name)
        given = {"reply": reply, "query": query, "anchors": anchors.encode(), "others": others.encode()}
        for each, data in given.items():
            (folder / each).write_bytes(data)
        command = [program, "ts", "-verify", "-in", "reply", "-queryfile", "query", "-CAfile", "anchors"]
        if others:
            command += ["-untrusted", "others"]
        command += ["-attime", str(int(at.timestamp()))]
        try:
            ended = subprocess.run(  # noqa: S603 - a fixed command over files of our own naming
                command,
                cwd=folder,
                env={"OPENSSL_CONF": "/dev/null"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
    return ended.returncode == 0
