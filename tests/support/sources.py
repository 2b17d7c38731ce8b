"""Two sources for tests that copy whole folders: one that others published, one supplied in confidence."""

from __future__ import annotations

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team

PUBLISHED = b"An open letter of invented people.\n\nThe Harbour hotel closes on 4 December 2020.\n"
IN_CONFIDENCE = b"A letter that somebody of the Harbour hotel handed over. It is invented too.\n"


def take_in_both(by: Actor, team: Team) -> None:
    """Take in both."""
    from safeconduct.archive.actions.confidence import take_in_confidence  # here: Django must be started first
    from safeconduct.archive.actions.take_in import take_in

    take_in(by=by, data=PUBLISHED)
    take_in_confidence(by=by, team=team, data=IN_CONFIDENCE)


def read_all(by: Actor) -> list[str]:
    """The bytes of every source, out of its package, in the order they were taken in."""
    from safeconduct.archive import capture, queries  # here: as above
    from safeconduct.archive.models import Source

    out = []
    for one in queries.sources(by).order_by("pk"):
        if one.plane == Source.Plane.PUBLIC:
            package = queries.package(by, one)
        else:
            package = queries.package_in_confidence(by, one, leave=queries.open_sealed(by, one).leave)
        out.append(capture.unpack(package).body.decode())
    return out
