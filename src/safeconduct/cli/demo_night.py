"""The demo's Friday night: a removal in two days, a directory with old and new numbers, and cases that have ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.accounts.actor import Actor
    from safeconduct.accounts.models import Team
    from safeconduct.casework.models import Case

# The case of somebody who is to be removed.
OF: Final = "WM/0014"
# How cases ended, by their reference; the first waits to be looked at again.
ENDED: Final = (
    ("WM/0016", "got_it", "She has her travel document."),
    ("WM/0017", "refused", "Refused; his solicitor has the appeal."),
    ("WM/0021", "got_part", ""),
    ("WM/0022", "lost_touch", "Three letters came back, and the number is dead."),
    ("WM/0024", "no_longer_needed", ""),
)


def put_in(by: Actor, team: Team, by_reference: Mapping[str, Case]) -> None:
    """The removal, the contacts, the endings."""
    _contacts(by, team)
    _removal(by, by_reference[OF])
    _endings(by, by_reference)


def _contacts(by: Actor, team: Team) -> None:
    from safeconduct.accounts.keys import today
    from safeconduct.casework.actions.directory import save_directory
    from safeconduct.people.facets import Reached
    from safeconduct.people.records import NEVER_WRITTEN

    day = today()
    contacts = [
        Reached(
            rung="solicitor",
            name="Harbour Law Centre (invented), duty line",
            phone="01632 960001",
            hours="all night, until the last flight",
            checked_on=day - timedelta(days=12),
            checked_by="Alex Brown",
        ),
        Reached(
            rung="mp_urgent",
            name="Urgent enquiries (invented)",
            email="urgent@example.org",
            note="Put URGENT REMOVAL and the day first",
            checked_on=day - timedelta(days=40),
            checked_by="Leila Wood",
        ),
        Reached(
            rung="mp_phone",
            name="Helpline (invented)",
            phone="01632 960002",
            hours="weekdays until six",
            checked_on=day - timedelta(days=160),
            checked_by="Sian Williams",
        ),
        Reached(rung="place_held", name="Fernhill, healthcare (invented)", phone="01632 960003"),
    ]
    save_directory(by=by, team=team, contacts=contacts, read=NEVER_WRITTEN)


def _removal(by: Actor, case: Case) -> None:
    from safeconduct.accounts.keys import today
    from safeconduct.casework.actions.urgent import set_urgent, tell
    from safeconduct.casework.queries import open_head
    from safeconduct.people.facets import Consent, Outside, Told, Urgent

    day, opened = today(), open_head(by=by, case=case)
    urgent = Urgent(
        time="18:40",
        flight="ZZ 4711",
        to="Damascus, by way of Istanbul",
        held_at="Fernhill removal centre (invented), wing C",
        held_since=day - timedelta(days=3),
        held_phone="01632 960004",
        reference="B9000014",
        papers_served_on=day - timedelta(days=3),
        consents=(
            Consent(to="home_office", answer="yes", on=day),
            Consent(to="solicitor", answer="yes", on=day),
            Consent(to="publicity", answer="no", on=day),
        ),
        medical="Asthma; his inhaler is with his things, not with him.",
        note="His cousin rang at half past eight.",
    )
    solicitor = Outside(role="solicitor", name="Megan Made-Up", organisation="Harbour Law Centre", reach="01632 960005")
    set_urgent(
        by=by,
        case=case,
        head=opened.content,
        read=opened.revision,
        urgent=urgent,
        removal_on=day + timedelta(days=2),
        outside=[*opened.content.outside, solicitor],
    )
    opened = open_head(by=by, case=case)
    told = Told(who="The duty line: somebody rings back", rung="solicitor")
    tell(by=by, case=case, head=opened.content, read=opened.revision, told=told)


def _endings(by: Actor, by_reference: Mapping[str, Case]) -> None:
    from safeconduct.accounts.keys import today
    from safeconduct.casework.actions.closing import close_case

    day = today()
    for number, (reference, outcome, note) in enumerate(ENDED):
        close_case(
            by=by,
            case=by_reference[reference],
            outcome=outcome,
            on=day - timedelta(days=1),
            note=note,
            review_on=day + timedelta(days=365 * number),
        )
