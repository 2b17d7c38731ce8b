"""What a disk holds at any moment of a recorded run: after a kill, and after a power cut.

A run is recorded once by strace, with the bytes of every write. Playing the first N of its calls onto a copy of the
files gives the disk as a kill after the Nth would leave it: what a process handed to the kernel stays. A power cut is
worse: of what no sync has covered, any part may be missing, and what is there may be torn at a sector.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
CALLS = "openat,mkdir,write,pwrite64,ftruncate,fsync,fdatasync,unlink,rename"
# A shared-memory index is made anew by whoever opens the database next.
PASSED = ("-shm",)
_LINE = re.compile(r"^\d+\s+(\w+)\((.*)\)\s+= (-?\d+)(<.*>)?.*$", re.DOTALL)
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FD = re.compile(r"^(\d+)<((?:\\x[0-9a-f]{2})+|[^>]*)>")


@dataclass(frozen=True, slots=True)
class Call:
    """One system call on a file of the folder; `name` is its path there. `said` on the acknowledgements' file."""

    kind: str
    name: str
    at: int = 0
    data: bytes = b""
    to: str = ""


class NotUnderstood(Exception):
    """A line of the trace that this does not know how to play."""


def calls(trace: Path, folder: Path) -> list[Call]:
    """What a trace says was done to files beneath `folder`, in order."""
    out: list[Call] = []
    offsets: dict[str, int] = {}
    for line in trace.read_text("ascii").splitlines():
        found = _LINE.match(line)
        if found is None:
            if "<unfinished" in line or "resumed>" in line:
                raise NotUnderstood(line[:200])
            continue
        kind, arguments, result = found[1], found[2], int(found[3])
        if result >= 0:
            out += _of(kind, arguments, result, found[4] or "", folder, offsets)
    return out


def _of(kind: str, arguments: str, result: int, opened: str, folder: Path, offsets: dict[str, int]) -> Iterator[Call]:
    if kind == "openat":
        name = _inside(_plain(opened[1:-1]), folder)
        if name is not None:
            offsets[name] = 0
            if "O_CREAT" in arguments:
                yield Call("create", name)
            if "O_TRUNC" in arguments:
                yield Call("truncate", name)
    elif kind in {"unlink", "rename", "mkdir"}:
        paths = [_inside(bytes.fromhex(one.replace("\\x", "")).decode(), folder) for one in _STRING.findall(arguments)]
        if paths[0] is not None:
            yield Call(kind, paths[0], to=(paths[1] or "") if kind == "rename" else "")
    elif (at := _FD.match(arguments)) and (name := _inside(_plain(at[2]), folder)) is not None:
        if kind in {"write", "pwrite64"}:
            written = _STRING.search(arguments)
            if written is None:
                raise NotUnderstood(kind)
            data = bytes.fromhex(written[1].replace("\\x", ""))[:result]
            start = int(arguments.rsplit(",", 1)[1]) if kind == "pwrite64" else offsets.get(name, 0)
            offsets[name] = start + len(data)
            yield Call("write", name, start, data)
        elif kind == "ftruncate":
            yield Call("truncate", name, int(arguments.rsplit(",", 1)[1]))
        elif kind in {"fsync", "fdatasync"}:
            yield Call("sync", name)


def _plain(text: str) -> str:
    return bytes.fromhex(text.replace("\\x", "")).decode() if text.startswith("\\x") else text


def _inside(path: str, folder: Path) -> str | None:
    path = path.removesuffix("(deleted)").rstrip()
    if path == str(folder):
        return ""
    if not path.startswith(f"{folder}/") or path.endswith(PASSED):
        return None
    return path.removeprefix(f"{folder}/")


@dataclass(eq=False)
class _File:
    """One file: as the kernel has it, as it surely is on the disk, and what was done in between."""

    now: bytearray = field(default_factory=bytearray)
    synced: bytes = b""
    since: list[Call] = field(default_factory=list)


class Disk:
    """Files that calls are played onto. `killed` and `power_cut` say what would be found."""

    def __init__(self, folder: Path) -> None:
        self._names: dict[str, _File] = {}
        for path in folder.rglob("*"):
            if path.is_file() and not path.name.endswith(PASSED):
                content = path.read_bytes()
                self._names[str(path.relative_to(folder))] = _File(bytearray(content), content)
        self._synced_names = dict(self._names)
        self._new_folders: set[str] = set()

    def play(self, call: Call) -> None:
        """Do one call."""
        if call.kind == "sync" and call.name not in self._names:
            self._sync_folder(call.name)
        elif call.kind == "mkdir":
            self._new_folders.add(call.name)
        elif call.kind == "create":
            self._names.setdefault(call.name, _File())
        elif call.kind == "unlink":
            self._names.pop(call.name, None)
        elif call.kind == "rename":
            self._names[call.to] = self._names.pop(call.name)
        elif call.name in self._names:
            one = self._names[call.name]
            if call.kind == "sync":
                one.synced, one.since = bytes(one.now), []
            else:
                _do(one.now, call)
                one.since.append(call)

    def killed(self) -> dict[str, bytes]:
        """What is there after a kill: everything."""
        return {name: bytes(one.now) for name, one in self._names.items()}

    def power_cut(self, chance: random.Random | None) -> dict[str, bytes]:
        """What may be there after a power cut: without `chance` only what was synced, else any part of the rest too."""
        names = self._synced_names if chance is None or chance.random() < 0.5 else self._names
        return {name: _torn(one, chance) for name, one in names.items() if _parent(name) not in self._new_folders}

    def _sync_folder(self, folder: str) -> None:
        """What the folder lists is on the disk now: new names, names gone, and folders made in it."""
        for name in {*self._names, *self._synced_names}:
            if _parent(name) == folder:
                if name in self._names:
                    self._synced_names[name] = self._names[name]
                else:
                    self._synced_names.pop(name, None)
        self._new_folders = {one for one in self._new_folders if _parent(one) != folder}


def _parent(name: str) -> str:
    return name.rpartition("/")[0]


def _torn(one: _File, chance: random.Random | None) -> bytes:
    content = bytearray(one.synced)
    if chance is not None:
        for call in one.since:
            if call.kind == "truncate":
                if chance.random() < 0.5:
                    _do(content, call)
                continue
            for start in range(0, len(call.data), SECTOR):
                if chance.random() < 0.6:
                    part = call.data[start : start + SECTOR]
                    _do(content, Call("write", call.name, call.at + start, part))
    return bytes(content)


def _do(content: bytearray, call: Call) -> None:
    if call.kind == "truncate":
        del content[call.at :]
        content.extend(bytes(call.at - len(content)))
    else:
        content.extend(bytes(max(0, call.at - len(content))))
        content[call.at : call.at + len(call.data)] = call.data


def lay(files: dict[str, bytes], folder: Path, only: Sequence[str]) -> None:
    """Put the files whose names begin with one of `only` into `folder`, in place of what was there."""
    shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    for name, content in files.items():
        if name.startswith(tuple(only)):
            (folder / name).parent.mkdir(exist_ok=True, parents=True)
            (folder / name).write_bytes(content)
