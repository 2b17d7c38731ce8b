"""Made `first_desk.tar.xz`, run once on the first desk's own code. Kept to say what is in it: see README.md.

Everybody is invented. It runs on no later code, and need not.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from safeconduct.cli.main import open_desk
from safeconduct.config.folder import DataFolder

folder, expected_path = Path(sys.argv[1]), Path(sys.argv[2])
data = DataFolder.create(folder, "real", environment={})
open_desk(data.path)

from django.core.management import call_command  # noqa: E402  (Django is started now)

call_command("migrate", verbosity=0, interactive=False)

import msgspec  # noqa: E402

from safeconduct.accounts.keys import today  # noqa: E402
from safeconduct.casework.actions import bring_in, deadlines, events, undo  # noqa: E402
from safeconduct.casework.models import Case  # noqa: E402
from safeconduct.cli.log import _key as log_key  # noqa: E402
from safeconduct.core.ledger import checkpoint, tiles  # noqa: E402
from safeconduct.core.ledger.tree import ReadOnlyTree  # noqa: E402
from safeconduct.journal import sequencer  # noqa: E402
from safeconduct.journal.models import Entry, Head  # noqa: E402
from safeconduct.journal.queries import leaves  # noqa: E402
from safeconduct.journal.store import DatabaseTiles  # noqa: E402
from safeconduct.people import index  # noqa: E402
from safeconduct.people import queries as people  # noqa: E402
from safeconduct.people.actions import change  # noqa: E402
from safeconduct.people.facets import Birth, Referenced, Way  # noqa: E402
from safeconduct.people.models import Subject  # noqa: E402
from tests import builders  # noqa: E402
from tests.support import importing, sheets  # noqa: E402

place = builders.office()
lowri = builders.member(place, "Lowri Worker", role="lead")
housing = builders.team(place, "Housing")
tomos = builders.member(place, "Tomos Other", team=housing)
gone = builders.member(place, "Nia Gone")

fatima = builders.person(
    lowri,
    "Fatima Rahimi",
    "Fatemeh Rahimi",
    births=[Birth(year=1991, month=2, day=3, source="passport"), Birth(year=1990, precision="year", basis="claimed")],
    references=[Referenced(kind="uan", value="1111-2222-3333-0001", source="letter")],
    ways=[Way(kind="phone", value="07700 900123", note="after six")],
    safe_note="never by post",
    nationality="Afghanistan",
    history="Arrived with a sister.",
)
tesfaye = builders.person(lowri, "ተስፋዬ ኃይሉ", "Tesfaye Hailu")
oleksandr = builders.person(lowri, "Олександр Вигаданий", births=[Birth(year=1980, month=1, day=1)])
leila = builders.person(tomos, "لیلا آزمایشی", safe_note="ask for Sara")
builders.person(lowri, "Nguyễn Thị Thử")

asylum = builders.case(lowri, fatima, reference="IM/0001", sent_on=today() - timedelta(days=30), exact_kind="EX/FSM")
visa = builders.case(lowri, tesfaye, kind="family", reference="IM/0002", route="ho_minister")
home = builders.case(tomos, leila, kind="support_accommodation", reference="HO/0001", subject="Room without heating")
note = builders.event(lowri, asylum, "chased", today() - timedelta(days=9), note="Rang; nobody knew.")
events.correct_event(by=lowri.actor, case=asylum, event=note, note="It was the other letter.")
deadlines.set_deadline(
    by=lowri.actor, case=asylum, rule="ftt.iac.appeal.in", on=today(), nation=place.organisation.nation
)

record = people.open_person(by=lowri.actor, person=fatima)
change.change_contact(
    by=lowri.actor,
    person=fatima,
    contact=msgspec.structs.replace(record.contact.content, safe_note="never by post, never her brother"),
    read=record.contact.revision,
)
other = people.open_person(by=lowri.actor, person=oleksandr)
change.say_not_same(
    by=lowri.actor,
    person=fatima,
    links=people.open_person(by=lowri.actor, person=fatima).links,
    other=oleksandr,
    other_links=other.links,
)

importing.brought_in(lowri, sheets.sheet(sheets.ZEHRA, sheets.ZEHRA_AGAIN, sheets.BEREKET, sheets.LEILA), same=True)
# A generation of the index, with pieces added since.
assert index.fold_in(lowri.actor, place.team)
undone = importing.brought_in(lowri, sheets.many(2))
undo.undo(by=lowri.actor, arrival=undone)
# One waits with its decisions, one was started and stopped in the middle.
waiting = importing.staged(lowri, sheets.sheet(sheets.DAYLESS, sheets.ZEHRA, sheets.NAMELESS), name="waits.csv")
importing.compared(lowri, waiting)
started = importing.staged(lowri, sheets.many(64), name="started.csv")
bring_in.start(by=lowri.actor, arrival=started)
progress = bring_in.go_on(by=lowri.actor, arrival=started, seconds=0)
assert not progress.finished, progress
people.found(by=lowri.actor, handle=people.search(by=lowri.actor, text="Tesfaye").handle)
from safeconduct.accounts.actions import members  # noqa: E402

members.disable_member(by=place.guardian.actor, member=gone.member)
sequencer.sequence()
head = Head.objects.get()
# What `safeconduct log export` did then, for somebody outside to keep.
store, origin = DatabaseTiles(head.organisation), f"safeconduct.invalid/log/{head.organisation.hex}"
key = log_key(data.log_key_path)
signed = checkpoint.sign(checkpoint.Checkpoint(origin, head.size, ReadOnlyTree(store, head.size).root()), key)
tiles.export(store, leaves(head.organisation, head.size), head.size, folder.parent / "kept-log", signed)
# The last entries wait for their place, as after a kill.
last = people.open_person(by=lowri.actor, person=tesfaye)
assert Entry.objects.filter(position=None).exists()


def shown(content: Any) -> Any:
    return msgspec.to_builtins(content)


records: dict[str, Any] = {}
for one in Subject.objects.filter(kind="person", waiting=False):
    for by in (lowri, tomos):
        try:
            opened = people.open_person(by=by.actor, person=one)
        except people.NotHeld:
            continue
        records[one.handle.hex] = {
            "by": by.member.sign_in,
            **{name: shown(getattr(opened, name).content) for name in ("identity", "contact", "status", "links")},
        }
from safeconduct.casework import queries as casework  # noqa: E402

for case in Case.objects.filter(subject__waiting=False):
    for by in (lowri, tomos):
        try:
            opened = casework.open_case_record(by=by.actor, case=case)
        except people.NotHeld:
            continue
        records[case.handle.hex] = {
            "by": by.member.sign_in,
            "head": shown(opened.head.content),
            "notes": {handle.hex: text for handle, text in opened.notes.items()},
            "events": sorted([event.kind, event.on.isoformat()] for event in opened.events),
        }
expected = {
    "passphrase": builders.PASSPHRASE,
    "members": {"sian": "guardian", lowri.member.sign_in: "lead", tomos.member.sign_in: "caseworker"},
    "disabled": gone.member.sign_in,
    "lead": lowri.member.sign_in,
    "other_team": tomos.member.sign_in,
    "fatima": fatima.handle.hex,
    "asylum": asylum.handle.hex,
    "waiting": waiting.handle.hex,
    "started": started.handle.hex,
    "undone": undone.handle.hex,
    "searches": {"Fatima Rahimi": fatima.handle.hex, "ተስፋዬ": tesfaye.handle.hex},
    "verifier_key": checkpoint.verifier_key(origin, key.public_key()),
    "size": head.size,
    "root": bytes(head.root).hex(),
    "commitments": [
        bytes(one).hex()
        for one in Entry.objects.filter(position__lt=head.size)
        .order_by("position")
        .values_list("commitment", flat=True)
    ],
    "records": records,
}
expected_path.write_text(json.dumps(expected, ensure_ascii=False, indent=1), encoding="utf-8")
print(len(records), head.size, Entry.objects.count())
