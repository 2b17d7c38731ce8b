"""T20: the log cannot be written. Whatever would open a record answers 503 without a sealed byte, and nothing changes.

The log is stopped in the ways a real one stops: the table refuses an entry (a trigger), the database takes no writes,
the disk is full. Then it is mended, and the desk goes on as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import URLPattern

from safeconduct.casework import queries as casework
from safeconduct.casework.arrivals.matches import known_cases
from safeconduct.casework.models import Case
from safeconduct.core.names.doubles import Known
from safeconduct.core.sealing.agefiles import LockedKey
from safeconduct.journal.actions import JournalUnavailable
from safeconduct.journal.models import Entry
from safeconduct.people import queries
from safeconduct.people.lookalikes import offered
from safeconduct.people.models import Subject
from safeconduct.people.papers import preview
from safeconduct.web.access import ACCESS, Access
from tests import builders
from tests.attacks import world
from tests.attacks.dumps import dump
from tests.attacks.held import hold
from tests.support import exports
from tests.support.again import Again, scenes_of

pytestmark = pytest.mark.django_db(transaction=True)
# Their pages open nothing that is sealed: they may still be read while nothing can be recorded.
STAFF_ONLY = {
    *("promise", "keys", "settings", "office-days", "members", "member-new", "member-disable", "team-new", "team-join"),
    *("alarms", "alarm-answer", "tripwire"),
    *("factors", "code-add", "code-remove", "key-add", "key-remove", "member-factors", "draft-open"),
    *("erasures", "erasure"),
    *(
        "guardian",
        "kits-new",
        "kit",
        "kit-confirm",
        "drill",
        "member-change",
        "team-leave",
        "team-keys",
        "recovery-stop",
    ),
    *("imports", "people", "person-new", "passphrase", "import-run"),
    *("calls", "sitting", "surgery", "surgery-next", "surgery-blank", "surgery-list"),  # empty forms
    *("cover", "load", "feed-own", "incidents", "incident", "export", "export-cases"),  # open facts and figures
    "filter-remove",
    # Of the archive: forms, rows that say nothing of a source in confidence, and what one member keeps in memory.
    *("source-take", "source-took", "sources-found", "sources-timeline", "quarantine", "quarantine-discard", "receive"),
    *("source-masks", "source-remove", "source-watch", "source-hand-over", "collection-hand-over", "source-stamp"),
    "source-read-anew",
    *("passage-new", "note-new", "source-tags", "source-differences"),
}
# How a member likes to look at Today, kept for themselves by open facts: no act on anybody's record, and not recorded.
NOT_RECORDED = frozenset({"agenda.SavedFilter"})

# Not in the scene: a security key, a recovery that waits, something erased.
# No two posts that are alike, and no file of citations of a source in confidence.
NOT_IN_SCENE = {"key-remove", "recovery-stop", "erasure", "source-differences", "passage-record"}
if not preview.installed():
    NOT_IN_SCENE |= {"paper-page"}


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def refusing_trigger(table: str = "journal_entry") -> Iterator[None]:
    """The table of entries takes none."""
    if connection.vendor == "sqlite":
        run(f"CREATE TRIGGER no_entry BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no room'); END")
    else:
        run(
            "CREATE FUNCTION no_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$",
            f"CREATE TRIGGER no_entry BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION no_entry()",
        )
    try:
        yield
    finally:
        if connection.vendor == "sqlite":
            run("DROP TRIGGER no_entry")
        else:
            run(f"DROP TRIGGER no_entry ON {table}", "DROP FUNCTION no_entry()")


@contextmanager
def read_only() -> Iterator[None]:
    """The database takes no writes at all."""
    sqlite = connection.vendor == "sqlite"
    run("PRAGMA query_only = ON" if sqlite else "SET default_transaction_read_only = on")
    try:
        yield
    finally:
        run("PRAGMA query_only = OFF" if sqlite else "SET default_transaction_read_only = off")


@contextmanager
def full_disk() -> Iterator[None]:
    """SQLite may take no further page, and those it has are full."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    entry = Entry.objects.order_by("id")[0]
    entry.body = entry.label = entry.member = entry.team = None  # smaller than any that a desk writes
    refused = 0
    while refused < 80:  # each page of the index of handles has room of its own to be used up
        entry.pk, entry.handle, entry.position, entry.at = None, uuid4(), None, datetime.now(UTC)
        try:
            entry.save(force_insert=True)
        except DatabaseError:
            refused += 1
        else:
            refused = 0
    try:
        yield
    finally:
        run("PRAGMA max_page_count = 1073741823")


REMOVING = {"source-remove", "quarantine-discard", "passage-remove"}
WAYS: dict[str, Callable[[], Any]] = {"trigger": refusing_trigger, "read only": read_only}
if connection.vendor == "sqlite":  # whose own bound on pages simulates it
    WAYS["full disk"] = full_disk


def make() -> world.Held:
    lowri = builders.member(builders.office(), role="lead", guardian=True)
    return hold(lowri, lowri.actor.teams[0], "xqz")


scenes = scenes_of(make)


@pytest.fixture
def held(scenes: Again[world.Held], monkeypatch: pytest.MonkeyPatch) -> world.Held:
    monkeypatch.setattr(LockedKey, "under", lambda _: exports.KEY)  # another costs a second
    return scenes.scene()


def pages() -> list[URLPattern]:
    return [one for one in world.patterns() if ACCESS[one.name or ""].access in {Access.SIGNED_IN, Access.RECORD}]


def requests(held: world.Held) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Every signed-in page by each method that it takes: name, method, address, form."""
    out = []
    for pattern in pages():
        name, address = pattern.name or "", world.address(pattern, held)
        for method in sorted(ACCESS[name].methods):
            out.append((name, method, address, world.form_for(name, held) if method == "POST" else {}))
    return out


def leaks(held: world.Held, answer: Any) -> list[str]:
    said = answer.content.decode(errors="replace") + str(answer.headers)
    return [word for word in held.words if word in said]


@pytest.mark.parametrize("way", WAYS)
def test_no_page_shows_a_sealed_byte_and_nothing_changes(held: world.Held, way: str) -> None:
    """Every page; that the log fails in other ways is one matter for all pages, and tried with every eighth request."""
    browser = held.owner.client
    # What throws records away makes room on a full disk, for its own entry too, and then may be done.
    frees = {"import-cancel", "import-undo", *REMOVING} if way == "full disk" else set()
    first, step = {"trigger": (0, 1), "read only": (0, 8), "full disk": (1, 8)}[way]
    asked = [one for one in requests(held) if one[0] not in frees][first::step]
    wrong, opened = [], 0
    with WAYS[way]():
        before = dump(without=NOT_RECORDED)
        for name, method, address, form in asked:
            answer = browser.generic(method, address) if method != "POST" else browser.post(address, form)
            record = ACCESS[name].access is Access.RECORD
            if name not in STAFF_ONLY and (record or method != "POST"):
                opened += 1
                if answer.status_code != 503:
                    wrong.append((name, method, answer.status_code))
            elif answer.status_code >= 500 and answer.status_code != 503:
                wrong.append((name, method, answer.status_code))
            if found := leaks(held, answer):
                wrong.append((name, method, found))
        assert not wrong, "\n".join(map(str, wrong))
        assert dump(without=NOT_RECORDED) == before
    assert opened >= 20 // step


def test_the_desk_goes_on_once_the_log_can_be_written(held: world.Held) -> None:
    browser = held.owner.client
    shown = {name: address for name, method, address, _ in requests(held) if method == "GET"}
    with refusing_trigger():
        assert 503 in {browser.get(address).status_code for address in list(shown.values())[::8]}
    after = {name: browser.get(address).status_code for name, address in shown.items()}
    odd = {name: status for name, status in after.items() if status not in {200, 302} and name not in NOT_IN_SCENE}
    assert odd == {}
    assert leaks(held, browser.get(shown["person"]))


def test_an_act_whose_commitments_cannot_be_kept_changes_nothing(held: world.Held) -> None:
    """The entry itself goes in, what it commits to does not: both are taken back with the change."""
    browser = held.owner.client
    acts = {"person-edit", "case-edit", "case", "person-new", "case-new"}
    writing = [one for one in requests(held) if one[0] in acts]
    with refusing_trigger("journal_commitment"):
        before, last = dump(without=frozenset({"journal.Entry"})), Entry.objects.latest("id").pk
        for name, method, address, form in writing:
            if method == "POST":
                assert browser.post(address, form).status_code == 503, name
        assert dump(without=frozenset({"journal.Entry"})) == before
    reading = {"opened_person", "opened_case", "listed", "searched"}
    assert set(Entry.objects.filter(pk__gt=last).values_list("act", flat=True)) <= reading


def test_beneath_the_pages_nothing_is_opened_either(held: world.Held, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every query that opens records raises before a single envelope is decrypted."""
    by = held.owner.actor
    person = Subject.objects.get(handle=held.person)
    case = Case.objects.get(handle=held.case)
    opened: list[str] = []
    real = __import__("safeconduct.core.sealing.envelopes", fromlist=["open_envelope"]).open_envelope

    def watched(*arguments: Any) -> bytes:
        opened.append("an envelope")
        return real(*arguments)

    monkeypatch.setattr("safeconduct.core.sealing.envelopes.open_envelope", watched)
    reads: list[Callable[[], object]] = [
        lambda: queries.open_person(by=by, person=person),
        lambda: queries.search(by=by, text="anybody"),
        lambda: queries.found(by=by, handle=held.found),
        lambda: casework.open_case_record(by=by, case=case),
        lambda: casework.open_head(by=by, case=case),
        lambda: casework.open_heads(by=by, cases=[case]),
        # That nobody is like somebody is an answer out of the sealed index, too.
        lambda: offered(by=by, team=held.team, asked=Known(names=("Nobody Alike",)), without=[]),
        lambda: known_cases(by=by, team=held.team, rows=[]),
    ]
    with refusing_trigger():
        for read in reads:
            with pytest.raises(JournalUnavailable):
                read()
    assert opened == []
    reads[0]()
    assert opened


def test_signing_in_is_refused_too(held: world.Held) -> None:
    with refusing_trigger():
        answer = Client().post("/sign-in", {"sign_in": "sian", "passphrase": builders.PASSPHRASE})
        assert answer.status_code == 503
        assert "safeconduct-session" not in answer.cookies
