"""The first desk's data folder, frozen (tests/attacks/folders), and how today's code reads it and works on in it.

`unpack` puts it somewhere. The rest runs in a process of its own, as a desk does:
`python -m tests.support.first_desk migrate|read|work FOLDER EXPECTED` ends with 0 and says nothing where all is well.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.support.desk import environment

ROOT = Path(__file__).resolve().parents[2]
FROZEN = ROOT / "tests" / "attacks" / "folders" / "first_desk.tar.xz"


@dataclass(frozen=True)
class FirstDesk:
    """The folder, the export of its log, and what its records held (`expected`: see the folder's README)."""

    place: Path

    @property
    def folder(self) -> Path:
        return self.place / "office"

    @property
    def kept_log(self) -> Path:
        return self.place / "kept-log"

    @cached_property
    def expected(self) -> dict[str, Any]:
        return json.loads((self.place / "expected.json").read_text("utf-8"))

    def copied(self, to: Path) -> FirstDesk:
        """Another one like it, beneath `to`, which must not exist yet."""
        shutil.copytree(self.place, to)
        return FirstDesk(to)

    def line(self, what: str) -> list[str]:
        """The command line of `run`, for a process in `ROOT`."""
        paths = [str(self.folder), str(self.place / "expected.json")]
        return [sys.executable, "-m", "tests.support.first_desk", what, *paths]

    def run(self, what: str, **extra: str) -> subprocess.CompletedProcess[str]:
        """Do `what` (read, work) to the folder by today's code, in a process of its own."""
        line = self.line(what)
        return subprocess.run(line, cwd=ROOT, env=environment(extra), capture_output=True, text=True, check=False)


def unpack(to: Path) -> FirstDesk:
    """A fresh copy beneath `to`, which must not exist yet, with the modes it was made with."""
    to.mkdir(mode=0o700)
    with tarfile.open(FROZEN) as archive:
        archive.extractall(to, filter="tar")
    return FirstDesk(to)


def values(content: Any) -> Iterator[str]:
    """Every text and number in plain data, wherever it stands: a later version may move it, not lose it."""
    if isinstance(content, dict):
        for name, one in content.items():
            yield from values(one)
            if len(name) == 32:  # a handle; the names of fields may change
                yield name
    elif isinstance(content, list | tuple):
        for one in content:
            yield from values(one)
    elif content not in (None, ""):
        yield str(content)


def lost(expected: Any, found: Any) -> list[str]:
    """What is in `expected` and not, or less often, in `found`."""
    return sorted((Counter(values(expected)) - Counter(values(found))).elements())


# Below: in a process of its own, Django started on the folder.


def colleague(sign_in: str, passphrase: str) -> Any:
    from safeconduct.accounts.models import Member
    from tests.builders import Colleague

    row = Member.objects.get(sign_in=sign_in)
    return Colleague(row, row.lock.open(passphrase, member=row.handle.hex))


def open_everything(expected: dict[str, Any]) -> list[str]:
    """Open every old ciphertext there is and say what is missing, by record and place; nothing else is said."""
    import msgspec

    from safeconduct.casework.actions import arrivals
    from safeconduct.casework.models import Arrival
    from safeconduct.journal.models import Act
    from safeconduct.people import journaling, queries
    from safeconduct.people.keys import hold
    from safeconduct.people.models import Subject
    from safeconduct.people.records import open_whole

    wrong: list[str] = []
    held = {name: colleague(name, expected["passphrase"]) for name in expected["members"]}
    for handle, record in expected["records"].items():
        by, subject = held[record["by"]].actor, Subject.objects.get(handle=handle)
        keyed = hold(by, subject)
        act = Act.OPENED_PERSON if subject.kind == "person" else Act.OPENED_CASE
        opened = open_whole(journaling.opening(by, keyed, act), keyed)
        found = {name: msgspec.to_builtins(one.content) for name, one in opened.items()}
        without = {name: part for name, part in record.items() if name not in ("by", "events")}
        for concerned in without.get("head", {}).get("concerns", []):
            # Copies of the person's own record, which is compared itself: later versions keep none.
            concerned |= {"shown_name": "", "safe_note": ""}
        notes = {name.partition("/")[2]: one for name, one in found.items()}
        if lost(without, [found, list(notes)]):
            wrong.append(f"{subject.kind} {handle}")
    lead = held[expected["lead"]].actor
    for text, handle in expected["searches"].items():
        page = queries.search(by=lead, text=text)
        _, hits = queries.found(by=lead, handle=page.handle)
        if handle not in [hit.subject.handle.hex for hit in hits]:
            wrong.append(f"search {handle}")
    for state in ("waiting", "started"):
        kept = arrivals.open_kept(by=lead, arrival=Arrival.objects.get(handle=expected[state]))
        if not kept.data and kept.work is None:
            wrong.append(f"import {state}")
    return wrong


def work_on(expected: dict[str, Any]) -> None:
    """Go on with everything that was under way, and change what was there."""
    import msgspec

    from safeconduct.accounts.actions import sessions
    from safeconduct.accounts.keys import today
    from safeconduct.casework.actions import arrivals, bring_in, undo
    from safeconduct.casework.models import Arrival, Case
    from safeconduct.people import queries
    from safeconduct.people.actions import change
    from safeconduct.people.models import Subject
    from tests import builders

    signed = sessions.sign_in(name=expected["lead"], passphrase=expected["passphrase"])
    sessions.sign_out(session=signed.session)
    lead = colleague(expected["lead"], expected["passphrase"])
    started = Arrival.objects.get(handle=expected["started"])
    if started.state == Arrival.State.RUNNING:
        assert bring_in.go_on(by=lead.actor, arrival=started, seconds=600).finished
        undo.undo(by=lead.actor, arrival=Arrival.objects.get(pk=started.pk))
        arrivals.cancel(by=lead.actor, arrival=Arrival.objects.get(handle=expected["waiting"]))
    fatima = Subject.objects.get(handle=expected["fatima"])
    record = queries.open_person(by=lead.actor, person=fatima)
    contact = msgspec.structs.replace(record.contact.content, safe_note="only through her sister")
    change.change_contact(by=lead.actor, person=fatima, contact=contact, read=record.contact.revision)
    again = queries.open_person(by=lead.actor, person=fatima)
    assert "only through her sister" in set(values(msgspec.to_builtins(again.contact.content)))
    builders.event(lead, Case.objects.get(handle=expected["asylum"]), "phoned", today(), note="She rang.")
    newcomer = builders.person(lead, "Yonas Later")
    builders.case(lead, newcomer, reference="IM/0099", sent_on=today())
    builders.person(colleague(expected["other_team"], expected["passphrase"]), "Someone Elsewhere")


def main(what: str, folder: Path, expected: dict[str, Any]) -> int:
    """Do it, and check the log after. Returns how many things are wrong, at most 99."""
    from safeconduct.cli.main import open_desk
    from safeconduct.cli.serve import prepare_database

    open_desk(folder)
    prepare_database()
    if what == "migrate":
        return 0
    from safeconduct.accounts.models import Organisation
    from safeconduct.journal import sequencer, verify
    from safeconduct.journal.models import Entry

    organisation = Organisation.objects.get().handle
    wrong: list[str] = []
    if what == "read":
        wrong = open_everything(expected)
    else:
        work_on(expected)
    sequencer.sequence()
    placed = Entry.objects.filter(position__lt=expected["size"]).order_by("position")
    if [bytes(one).hex() for one in placed.values_list("commitment", flat=True)] != expected["commitments"]:
        wrong.append("the old entries")
    wrong += [f"log: {one.code} at {one.position}" for one in verify.verify(organisation)]
    print("\n".join(wrong))
    return min(len(wrong), 99)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), json.loads(Path(sys.argv[3]).read_text("utf-8"))))
