"""A throwaway PostgreSQL: made by initdb, reached through a socket, gone with the run."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

ACCOUNT = "postgres"
READY = "database system is ready to accept connections"
# The desk refuses a server that does not sync, so this one does, to memory where there is room: gone with the machine.
QUICK = ("full_page_writes=off", "max_connections=60", "listen_addresses=", "max_wal_size=256MB", "min_wal_size=32MB")
MEMORY = Path("/dev/shm")  # its folders get names nobody can guess
ROOM = 4 * 1024**3


class NoCluster(Exception):
    """PostgreSQL did not start; the text holds what it said."""


def programs() -> Path | None:
    """The folder with `initdb` and `postgres`, the newest version there is, or None."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = [path for path in debian if (path / "initdb").exists() and (path / "postgres").exists()]
    if found:
        return found[0]
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


class Cluster:
    """A running server whose socket lies in `folder/socket`. Its superuser is `postgres`, without a password."""

    def __init__(self, folder: Path, *, settings: Sequence[str] = QUICK, locale: str = "C") -> None:
        self.folder = folder
        self._settings, self._locale = settings, locale
        self.socket = folder / "socket"
        self._process: subprocess.Popen[str] | None = None
        self._in_memory: Path | None = None

    def address(self, database: str) -> str:
        """The setting `database` for one of this cluster's databases."""
        return f"postgresql://{ACCOUNT}@/{database}?host={self.socket}"

    def start(self) -> None:
        """Make the cluster and wait until it takes connections. Raises `NoCluster`."""
        bin_ = programs()
        if bin_ is None:
            raise NoCluster("no initdb")
        data = self.folder / "cluster"
        if set(QUICK) <= set(self._settings) and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
            self._in_memory = Path(tempfile.mkdtemp(prefix="safeconduct-cluster-", dir=MEMORY))
            data.symlink_to(self._in_memory)
        else:
            data.mkdir(mode=0o700)
        self.socket.mkdir(mode=0o700)
        as_account: list[str] = []
        if os.geteuid() == 0:  # postgres refuses to run as root
            account = pwd.getpwnam(ACCOUNT)
            for path in (data, self.socket):
                os.chown(path, account.pw_uid, account.pw_gid)
            self.folder.chmod(0o711)
            as_account = ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--clear-groups"]
        how = ["--pgdata", str(data), "--username", ACCOUNT, "--auth=trust", "--encoding=UTF8"]
        how += ["--locale", self._locale]
        made = subprocess.run(
            [*as_account, str(bin_ / "initdb"), *how, "--no-sync"],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
        )
        if made.returncode:
            raise NoCluster(made.stderr)
        settings = [part for setting in self._settings for part in ("-c", setting)]
        # pdeathsig: should the test run be killed, the server goes with it.
        wrapped = [as_account[0], "--pdeathsig=INT", *as_account[1:]] if as_account else []
        self._process = subprocess.Popen(
            [*wrapped, str(bin_ / "postgres"), "-D", str(data), "-k", str(self.socket), *settings],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            cwd="/",
        )
        assert self._process.stderr is not None
        said = []
        for line in self._process.stderr:
            said.append(line)
            if READY in line:
                break
        else:
            raise NoCluster("".join(said))
        threading.Thread(target=self._drain, daemon=True).start()

    def create(self, database: str) -> str:
        """Make an empty database and return its address."""
        import psycopg

        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"')
        return self.address(database)

    def stop(self) -> None:
        """Stop at once: connections still open are cut."""
        if self._process is not None:
            self._process.send_signal(2)
            self._process.wait(timeout=60)
            assert self._process.stderr is not None
            self._process.stderr.close()
            self._process = None
        if self._in_memory is not None:
            (self.folder / "cluster").unlink(missing_ok=True)
            shutil.rmtree(self._in_memory, ignore_errors=True)

    def _drain(self) -> None:
        process = self._process
        assert process is not None
        assert process.stderr is not None
        try:
            for _ in process.stderr:
                pass
        except ValueError:
            return  # closed by `stop`
