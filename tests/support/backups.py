"""A desk's acts in a process of its own, for backups to be made of.

`python -m tests.support.backups WHAT FOLDER …`:

    make               an office with a worker, people and cases, in a new folder
    add                people, by three threads at once, until the input ends; a line with each one's handle once kept
    open               every person and case by its worker; prints how many, and every name, as JSON
    erase HANDLE       the worker asks, the guardian confirms; prints what is to be found nowhere, as JSON
"""

from __future__ import annotations

import json
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

PASSPHRASE_COST = (8, 1, 1)
PAUSE = 0.05  # seconds between one and the next of a thread: load enough, and a processor left for the backup
ERASED = "Zahraqanoor Canarysworth"


def start(folder: Path) -> None:
    """Django on the folder, with cheap passphrases."""
    from safeconduct.cli.opening import started

    started(folder)
    from django.conf import settings

    settings.PASSPHRASE_COST = PASSPHRASE_COST


def make(folder: Path) -> None:
    """Twelve people, three with a case, all an archive can hold; a PostgreSQL where the environment says so."""
    from safeconduct.config.folder import DataFolder

    DataFolder.create(folder, "real", environment={})
    start(folder)
    from django.db import transaction

    from safeconduct.accounts.keys import today
    from safeconduct.accounts.models import Organisation
    from safeconduct.journal import sequencer
    from safeconduct.journal.actions import record_write
    from safeconduct.journal.models import Act
    from tests import builders
    from tests.support import sources

    place = builders.office()
    lowri = builders.member(place)
    # Every record is opened at once later, which an office is told of otherwise.
    Organisation.objects.update(slow_from=1_000_000, stop_from=1_000_000, tell_from=1_000_000)
    with transaction.atomic():
        record_write(organisation=place.organisation.handle, act=Act.TRIPWIRE_SET, member=None)
    for number in range(11):
        about = builders.person(lowri, f"Person Made-Up {number}")
        if number < 3:
            builders.case(lowri, about, sent_on=today() - timedelta(days=30))
    about = builders.person(lowri, ERASED, safe_note="Never call the Quillfeather number")
    builders.case(lowri, about, reference="CANARY/7781", sent_on=today())
    sources.keep_everything(lowri.actor, place.team)
    sequencer.sequence()
    sys.stdout.write(json.dumps({"erased": about.handle.hex}))


def _members() -> tuple[Any, Any]:
    from safeconduct.accounts.models import Member
    from tests import builders

    def colleague(row: Any) -> Any:
        return builders.Colleague(row, row.lock.open(builders.PASSPHRASE, member=row.handle.hex))

    guardian, worker = Member.objects.order_by("pk")[:2]
    return colleague(guardian), colleague(worker)


def add(_folder: Path) -> None:
    """Until the input ends."""
    from django.db import connection

    from tests import builders

    _, lowri = _members()
    ending, printing = threading.Event(), threading.Lock()

    def work(which: int) -> None:
        number = 0
        while not ending.is_set():
            person = builders.person(lowri, f"Added Made-Up {which} {number}")
            number += 1
            with printing:
                sys.stdout.write(f"{person.handle.hex}\n")
                sys.stdout.flush()
            ending.wait(PAUSE)
        connection.close()

    threads = [threading.Thread(target=work, args=(which,)) for which in range(3)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    ending.set()
    for thread in threads:
        thread.join()


def open_all(_folder: Path) -> None:
    """As the worker does."""
    from safeconduct.casework.models import Case
    from safeconduct.casework.queries import open_case_record
    from safeconduct.people.models import Subject
    from safeconduct.people.queries import open_person
    from tests.support import sources

    _, lowri = _members()
    names = []
    for person in Subject.objects.filter(kind="person").order_by("pk"):
        record = open_person(by=lowri.actor, person=person)
        names.append(record.identity.content.names[0].text)
    cases = [open_case_record(by=lowri.actor, case=case).case.handle.hex for case in Case.objects.order_by("pk")]
    sources.read_everything(lowri.actor, lowri.actor.teams[0])
    sys.stdout.write(json.dumps({"people": names, "cases": len(cases)}))


def erase(_folder: Path, handle: str) -> None:
    """What the log called them by, and the tokens they were found by."""
    from safeconduct.accounts.keys import today
    from safeconduct.journal import sequencer
    from safeconduct.people.actions import erase as acts
    from safeconduct.people.keys import hold
    from safeconduct.people.models import Subject

    guardian, lowri = _members()
    person = Subject.objects.get(handle=UUID(handle))
    keyed = hold(lowri.actor, person)
    labels = [label.hex() for label in keyed.labels(until=today())]
    acts.ask(by=lowri.actor, subject=person)
    certificate = acts.erase(by=guardian.actor, subject=person)
    sequencer.sequence()
    sys.stdout.write(json.dumps({"labels": labels, "key": keyed.key.hex(), "certificate": certificate.handle.hex}))


if __name__ == "__main__":
    what, where, *more = sys.argv[1:]
    if what == "make":
        make(Path(where))
    else:
        start(Path(where))
        {"add": add, "open": open_all, "erase": erase}[what](Path(where), *more)
