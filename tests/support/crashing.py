"""A desk's acts in a process of its own, to be written down, killed or starved of disk by strace.

`python -m tests.support.crashing WHAT FOLDER MODE …` with MODE the journal (TRUNCATE or WAL):

    make                  an office to crash, in FOLDER
    record ACKS           the acts, one line in ACKS after each, and the subjects' keys at the end
    many PLACE CALL:TIMES …
                          the acts in as many children, the Nth on a copy of FOLDER in PLACE/N; each makes that many
                          calls beforehand, so that one rule of strace ("at its 300th") meets each at another place
    after PLACE           in each copy of a folder of PLACE, with the disk well again: the acts once more
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.desk import environment
from tests.support.first_desk import ROOT

PASSPHRASE_COST = (8, 1, 1)
PEOPLE = "people.json"


def start(folder: Path, mode: str) -> None:
    """Django on the folder, with this journal whatever version SQLite is.

    Two connections at once can break WAL on the versions that the desk therefore keeps from it; here there is one.
    """
    from safeconduct.cli.main import open_desk
    from safeconduct.config import database

    database.journal_mode = lambda *version: mode
    open_desk(folder)
    from django.conf import settings

    settings.PASSPHRASE_COST = PASSPHRASE_COST


@cache
def made(mode: str) -> Path:
    """An office to crash, made once for a run of the tests: copy it. Its journal is of this mode."""
    place = Path(tempfile.mkdtemp(prefix="safeconduct-crash-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    folder = place / "office"
    if mode == "TRUNCATE":
        line = [sys.executable, "-m", "tests.support.crashing", "make", str(folder), mode]
        done = subprocess.run(line, cwd=ROOT, env=environment(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
    else:
        shutil.copytree(made("TRUNCATE"), folder)
        with closing(sqlite3.connect(folder / "database.sqlite3")) as connection:
            assert connection.execute(f"PRAGMA journal_mode = {mode}").fetchone() == (mode.lower(),)
    return folder


def make(folder: Path, mode: str) -> None:
    """An office with two members, a person, a case and two sources."""
    from safeconduct.config.folder import DataFolder

    DataFolder.create(folder, "real", environment={}, database_timeout=1)
    start(folder, mode)
    from safeconduct.cli.serve import prepare_database

    prepare_database()
    from safeconduct.accounts.keys import today
    from safeconduct.journal import sequencer
    from tests import builders
    from tests.support import sources

    place = builders.office()
    lowri = builders.member(place)
    sources.take_in_both(lowri.actor, place.team)
    about = builders.person(lowri, "Fatima Rahimi", "Fatemeh Rahimi")
    builders.case(lowri, about, sent_on=today())
    sequencer.sequence()
    known = {"member": lowri.member.sign_in, "person": about.handle.hex}
    (folder / PEOPLE).write_text(json.dumps(known), encoding="utf-8")


def acts(folder: Path) -> Iterator[Callable[[], object]]:
    """What is done, one act after another; each is acknowledged when it returns."""
    import msgspec
    from django.db import connection

    from safeconduct.accounts.keys import today
    from safeconduct.accounts.models import Member
    from safeconduct.archive import looking
    from safeconduct.archive.actions.confidence import take_in_confidence
    from safeconduct.archive.actions.take_in import take_in
    from safeconduct.archive.reading.door import read_here
    from safeconduct.casework.actions import bring_in
    from safeconduct.casework.models import Arrival, Case
    from safeconduct.journal import sequencer
    from safeconduct.people import queries
    from safeconduct.people.actions import change, papers
    from safeconduct.people.models import Subject
    from tests import builders
    from tests.support import importing, sheets

    # Sources are read in this very process: one of its own adds nothing to what is written, and half a second each.
    looking.room.read = read_here
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_autocheckpoint = 60")  # so that checkpoints fall between acts, too
    known = json.loads((folder / PEOPLE).read_text("utf-8"))
    row = Member.objects.get(sign_in=known["member"])
    by = builders.Colleague(row, row.lock.open(builders.PASSPHRASE, member=row.handle.hex))
    about = Subject.objects.get(handle=known["person"])
    case = Case.objects.order_by("id")[0]

    def change_contact() -> None:
        record = queries.open_person(by=by.actor, person=about)
        contact = msgspec.structs.replace(record.contact.content, safe_note="never by post")
        change.change_contact(by=by.actor, person=about, contact=contact, read=record.contact.revision)

    yield lambda: builders.person(by, "Tesfaye Hailu", "ተስፋዬ ኃይሉ")
    yield change_contact
    yield lambda: builders.event(by, case, "chased", today(), note="Rang; nobody knew.")
    yield sequencer.sequence
    yield lambda: builders.case(by, about, reference="IM/0002")
    yield lambda: importing.staged(by, sheets.many(3))
    # An import that a fault left running is gone on with; none is started where it could not be staged.
    staged, running = Arrival.objects.filter(state="staged"), Arrival.objects.filter(state="running")
    yield lambda: [bring_in.start(by=by.actor, arrival=one) for one in staged.all() if not running.exists()]
    yield lambda: [bring_in.go_on(by=by.actor, arrival=one, seconds=600) for one in running.all()]
    yield lambda: papers.keep_papers(by=by.actor, subject=about, sent=[papers.Sent(b"A plain letter", "letter")])
    yield lambda: queries.search(by=by.actor, text="Tesfaye")
    yield lambda: take_in(by=by.actor, data=b"Another open letter of invented people.\n")
    yield lambda: take_in_confidence(by=by.actor, team=by.actor.teams[0], data=b"Confided by somebody invented.\n")
    yield change_contact
    yield sequencer.sequence


def evidence() -> dict[str, Any]:
    """What an act that was acknowledged must have left behind: entries, and the envelopes' revisions."""
    from safeconduct.archive.models import Source
    from safeconduct.journal.models import Entry
    from safeconduct.people.models import Envelope

    return {
        "sources": [one.hex for one in Source.objects.values_list("handle", flat=True)],
        "entries": [one.hex for one in Entry.objects.values_list("handle", flat=True)],
        "envelopes": {one.hex: number for one, number in Envelope.objects.values_list("handle", "revision")},
    }


def do(folder: Path, acks: Path) -> None:
    """Every act, each acknowledged by one write of one line: what comes after the commit a browser would be told."""
    handle = os.open(acks, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for act in acts(folder):
        said: dict[str, Any] = {}
        try:
            act()
            # Read before it is said, so that it is of this moment and no later.
            said = evidence()
        except Exception as fault:
            said["fault"] = f"{type(fault).__name__}: {fault}"
        os.write(handle, json.dumps(said).encode() + b"\n")


def record(folder: Path, acks: Path) -> None:
    from safeconduct.accounts.models import Member
    from safeconduct.people.keys import held
    from safeconduct.people.models import Subject
    from tests import builders

    do(folder, acks)
    row = Member.objects.get(sign_in=json.loads((folder / PEOPLE).read_text("utf-8"))["member"])
    by = builders.Colleague(row, row.lock.open(builders.PASSPHRASE, member=row.handle.hex)).actor
    held_now = held(by, Subject.objects.values_list("pk", flat=True)).values()
    keys = {one.subject.handle.hex: one.key.hex() for one in held_now}
    acks.with_suffix(".keys").write_text(json.dumps(keys), encoding="utf-8")


WARM_UP = {
    "pwrite64": lambda handle: os.pwrite(handle, b"0", 0),
    "fdatasync": os.fdatasync,
    "ftruncate": lambda handle: os.ftruncate(handle, 0),
    "pread64": lambda handle: os.pread(handle, 1, 0),
}


def many(folder: Path, place: Path, beforehand: list[str]) -> None:
    """Children of this process, one after another: what is imported once serves all of them."""
    load()
    for number, (call, _, times) in enumerate(one.partition(":") for one in beforehand):
        copy = place / str(number)
        shutil.copytree(folder, copy)
        in_child(copy, lambda copy=copy, call=call, times=times: warmed(copy, call, int(times)))


def after(place: Path) -> None:
    load()
    for copy in sorted(path.parent for path in place.glob("*/acks")):
        (copy / "acks").rename(copy / "acks.then")
        in_child(copy, lambda copy=copy: do(copy, copy / "acks"))


def load() -> None:
    """Import whatever the acts import, and touch no database."""
    from safeconduct.archive.actions import confidence  # noqa: F401
    from safeconduct.archive.reading import door  # noqa: F401
    from safeconduct.casework.actions import bring_in  # noqa: F401
    from tests.support import importing  # noqa: F401


def warmed(copy: Path, call: str, times: int) -> None:
    handle = os.open(copy / "scratch", os.O_RDWR | os.O_CREAT, 0o600)
    for _ in range(times):
        WARM_UP[call](handle)
    do(copy, copy / "acks")


def in_child(copy: Path, act: Callable[[], None]) -> None:
    """Run `act` in a child on this copy, and write down in `ended` how it ended: 0, 1 or minus the signal."""
    child = os.fork()
    if child == 0:
        try:
            from django.conf import settings
            from django.db import connection

            from safeconduct.config.folder import DataFolder

            settings.DATA_FOLDER = DataFolder.open(copy)
            connection.settings_dict["NAME"] = str(copy / "database.sqlite3")
            act()
            connection.close()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    (copy / "ended").write_text(str(os.waitstatus_to_exitcode(status)), encoding="ascii")


if __name__ == "__main__":
    what, where, journal = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    if what == "make":
        make(where, journal)
    else:
        start(where, journal)
        match what:
            case "record":
                record(where, Path(sys.argv[4]))
            case "many":
                many(where, Path(sys.argv[4]), sys.argv[5:])
            case "after":
                after(Path(sys.argv[4]))
