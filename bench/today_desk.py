"""A desk of very many open enquiries, and Today's first page on demand: run by `bench.today` in a process of its own.

`python -m bench.today_desk FOLDER COUNT`, the database in SAFECONDUCT_DATABASE. What the first page shows is sealed by
the desk's own acts. The other enquiries are copies of one of them made by the database: each has a row in every table
that Today's questions go through (record, key, head, case, letter, events, what is due, what the log committed to),
with handles of its own; nobody opens them, and the people they would concern are left out.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

TEAM_SIZE = 100_000
SHOWN = 60
READERS = ("one team", "every team")


def main() -> None:
    """Fill, say `ready`, and time a page for each line read: the name of the reader."""
    from bench import desk

    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    desk.begin(folder)
    pages = fill(count)
    for page in pages.values():
        page()
    print("ready", flush=True)
    for line in sys.stdin:
        print(pages[line.strip()](), flush=True)


def fill(count: int) -> dict[str, Callable[[], float]]:
    """An office with so many open enquiries in teams of `TEAM_SIZE`; by reader, what asks for Today's first page."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from bench.office import CHEAP, PASSPHRASE, SignIn, acting
    from safeconduct.accounts.actions import first_use, members
    from safeconduct.accounts.models import Member, Organisation
    from safeconduct.core.calendar.days import Nation
    from safeconduct.journal import sequencer

    call_command("migrate", verbosity=0)
    settings.PASSPHRASE_COST = CHEAP
    first_use.set_up(
        organisation="Bench",
        nation=Nation.ENGLAND_AND_WALES,
        team="Team 01",
        name="Lead",
        sign_in="lead",
        passphrase=PASSPHRASE,
    )
    Organisation.objects.update(slow_from=10**8, stop_from=10**9, tell_from=10**9)
    lead = acting("lead", PASSPHRASE)
    [first] = lead.teams
    worker = members.add_member(
        by=lead, name="Worker", sign_in="worker", is_guardian=False, roles={first.pk: "caseworker"}
    )
    Member.objects.update(must_change=False)
    for number in range(2, -(-count // TEAM_SIZE) + 1):
        members.create_team(by=acting("lead", PASSPHRASE), name=f"Team {number:02}")
    cases = [_case(acting("lead", PASSPHRASE), first, number) for number in range(SHOWN)]
    sequencer.sequence()
    teams = [team.pk for team in acting("lead", PASSPHRASE).teams]
    _copies(cases[-1], teams, count - SHOWN)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        if connection.vendor == "postgresql":  # what was built is on the disk before anybody's entry waits for it
            cursor.execute("CHECKPOINT")
    readers = {
        "one team": SignIn("worker", worker.first_passphrase, first.name),
        "every team": SignIn("lead", PASSPHRASE, "every team"),
    }
    return {name: _page(who) for name, who in readers.items()}


def _case(by: Any, team: Any, number: int) -> Any:
    """One open enquiry by the desk's own acts: of the first, a limit of the law is past; of the others, a letter."""
    from safeconduct.accounts.keys import today
    from safeconduct.casework.actions import cases, deadlines, events
    from safeconduct.people.actions import add_person
    from safeconduct.people.facets import CaseHead, Concerns, Contact, EnquiryHead, Identity, SpelledName, Status

    person = add_person(
        by=by,
        team=team,
        identity=Identity(names=(SpelledName(text=f"Person Number {number}", by_person=True),)),
        contact=Contact(),
        status=Status(),
    )
    sent = today() - timedelta(days=150 - number % 7)
    case = cases.open_case(
        by=by,
        team=team,
        person=person,
        head=CaseHead(
            our_reference=f"IM/{number:04}",
            concerns=(Concerns(person=person.handle.hex),),
            enquiries={"": EnquiryHead(subject="Delay")},
        ),
        kind="asylum",
        worker=by.member,
        came_in_on=sent,
        route="ho_mp",
    )
    letter = case.enquiries.get()
    events.log_event(by=by, case=case, enquiry=letter, kind="sent", on=sent)
    if number < SHOWN // 2:
        deadlines.set_deadline(by=by, case=case, rule="ftt.iac.appeal.in", on=sent, nation="england-and-wales")
    elif number < SHOWN - 1:
        events.log_event(by=by, case=case, enquiry=letter, kind="holding_reply", on=sent, shape="consent_required")
    return case


def _copies(case: Any, teams: list[int], count: int) -> None:
    """So many open enquiries like one, dealt out to the teams; of every kind, and none of them first."""
    from django.db import connection
    from django.db.models import Max

    from safeconduct.agenda.models import Item
    from safeconduct.casework.models import Case, Enquiry, Event
    from safeconduct.journal.models import Commitment
    from safeconduct.people.models import Envelope, Subject, Wrap

    head = Envelope.objects.get(subject=case.subject, facet="head")
    letter, item = case.enquiries.get(), Item.objects.get(case=case.handle)
    numbers = ", ".join(map(str, teams))
    team = f"(ARRAY[{numbers}])[1 + g % {len(teams)}]"
    # In parts of the kinds of the agenda: what is pressing lies ahead, and letters are late or will be.
    kind = "(ARRAY['act_by','reply_due','reply_due','reply_due','chase','chase','task','tell','silence','promise'])"
    rank = "(ARRAY[1,7,7,7,6,8,5,3,9,4])"
    day = "CURRENT_DATE + CASE WHEN g % 10 = 0 THEN 1 + g % 50 ELSE g % 75 - 40 END"
    handle = "md5(g || '-case')::uuid"  # a case and its record share a handle
    start = {model: model._default_manager.aggregate(last=Max("pk"))["last"] or 0 for model in (Subject, Case, Enquiry)}

    def plus(model: Any) -> str:
        return f"{start[model]} + g"

    parts: list[tuple[Any, int, dict[str, str]]] = [
        (Subject, case.subject_id, {"id": plus(Subject), "handle": handle}),
        (Wrap, case.subject.wraps.get().pk, {"subject_id": plus(Subject), "team_id": team}),
        (Envelope, head.pk, {"subject_id": plus(Subject), "handle": "md5(g || '-head')::uuid"}),
        (
            Commitment,
            Commitment.objects.filter(envelope=head.handle).latest("id").pk,
            {"envelope": "md5(g || '-head')::uuid"},
        ),
        (
            Case,
            case.pk,
            {"id": plus(Case), "handle": handle, "subject_id": plus(Subject), "team_id": team},
        ),
        (Enquiry, letter.pk, {"id": plus(Enquiry), "handle": "gen_random_uuid()", "case_id": plus(Case)}),
        *(
            (
                Event,
                event.pk,
                {"handle": "gen_random_uuid()", "case_id": plus(Case), "enquiry_id": plus(Enquiry)},
            )
            for event in case.events.all()
        ),
        (
            Item,
            item.pk,
            {
                "handle": "gen_random_uuid()",
                "case": handle,
                "team_id": team,
                "day": day,
                "kind": f"{kind}[1 + g % 10]",
                "rank": f"{rank}[1 + g % 10]",
                "rule_version": "CASE WHEN g % 10 = 5 THEN 0 ELSE 1 END",
            },
        ),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # each row was made from one that kept its constraints
        for model, of, other in parts:
            fields = model._meta.local_concrete_fields
            columns = [field.column for field in fields if field.column != "id" or "id" in other]
            values = ", ".join(other.get(name, f't."{name}"') for name in columns)
            names, table = ", ".join(f'"{name}"' for name in columns), model._meta.db_table
            cursor.execute(
                f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}" t, generate_series(1, {count}) g'
                f" WHERE t.id = {of}"
            )
            print(f"  {count:,} rows in {table}", file=sys.stderr, flush=True)
        cursor.execute("SET session_replication_role = origin")


def _page(who: Any) -> Callable[[], float]:
    from django.test import Client
    from django.urls import reverse

    from safeconduct.accounts.actions import sessions
    from safeconduct.web.cookies import SESSION, written
    from safeconduct.web.desk.day.today import ROWS

    signed = sessions.sign_in(name=who.sign_in, passphrase=who.passphrase)
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.cookies[SESSION] = written(signed.half)
    address = reverse("today")

    def page() -> float:
        start = time.perf_counter()
        answer = browser.get(address)
        taken = (time.perf_counter() - start) * 1000
        shown = answer.content.decode().count("data-row")
        if answer.status_code != 200 or shown != ROWS:
            raise SystemExit(f"{answer.status_code} with {shown} rows instead of Today's first page")
        return taken

    return page


if __name__ == "__main__":
    main()
