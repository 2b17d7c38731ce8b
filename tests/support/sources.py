"""Two sources for tests that copy whole folders: one that others published, one supplied in confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.accounts.actor import Actor
    from safeconduct.accounts.models import Team

PUBLISHED = b"An open letter of invented people.\n\nThe Harbour hotel closes on 4 December 2020.\n"
# Words that stand in what came in confidence alone, and one that anybody may read.
WORDS = ("Zahraqanoor Canarysworth", "Quillfeatherby", "tamarisklantern", "Oswinthwaite Made-Up")
ADDRESS = "https://confided.example/gorsewhistle"
SEEN = "Everybodysname"
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


def make(folder: str) -> None:
    """A real folder whose office took in both, named hostile bytes, searched, masked a word, and was killed."""
    import os
    import signal
    from pathlib import Path

    from safeconduct.cli.opening import started
    from safeconduct.config.folder import DataFolder

    DataFolder.create(Path(folder), "real", environment={})
    started(Path(folder))
    from django.conf import settings

    settings.PASSPHRASE_COST = (8, 1, 1)
    from safeconduct.archive.actions.confidence import take_in_confidence
    from safeconduct.archive.actions.masking import mask_word
    from safeconduct.archive.actions.take_in import take_in
    from safeconduct.archive.faults import NotTakenIn
    from safeconduct.archive.finding import answers
    from safeconduct.archive.finding.search import Wanted
    from tests import builders

    place = builders.office()
    by = place.guardian.actor
    take_in(by=by, data=f"A page that everybody can read names {SEEN}.\n".encode())
    sealed = f"{WORDS[0]} wrote: the bus of {WORDS[1]} came at night.\n".encode()
    taken = take_in_confidence(
        by=by, team=place.team, data=sealed, name=f"{WORDS[2]}.txt", note=f"From {WORDS[3]}", address=ADDRESS
    )
    try:
        take_in_confidence(by=by, team=place.team, data=b"PK\x03\x04" + sealed)
    except NotTakenIn:
        answers.find(by=by, wanted=Wanted(WORDS[1]))
    mask_word(by=by, source=taken.source, word=WORDS[0])
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    import sys

    make(sys.argv[1])
