"""Two sources for tests that copy whole folders: one that others published, one supplied in confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.accounts.actor import Actor
    from safeconduct.accounts.models import Team
    from safeconduct.archive.models import Source

PUBLISHED = b"An open letter of invented people.\n\nThe Harbour hotel closes on 4 December 2020.\n"
# Words that stand in what came in confidence alone; below, one that anybody may read.
WORDS = ("Zahraqanoor Canarysworth", "Quillfeatherby", "tamarisklantern", "Oswinthwaite Made-Up")
# Words that members wrote: a note, a word on a source, the name of a collection; the last is of a public one.
WROTE = ("Yarrowmantle", "brindlegate", "Copsefallow Gatherings", "Wrenhollow")
ADDRESS = "https://confided.example/gorsewhistle"
SEEN = "Everybodysname"
NAMED = b"Tamsin Invented of the Harbour hotel.\n"
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
    _write(by, place.team, taken.source)
    mask_word(by=by, source=taken.source, word=WORDS[0])
    os.kill(os.getpid(), signal.SIGKILL)


def _write(by: Actor, team: Team, confided: Source) -> None:
    """Cite it, write about it and about a public one, keep both together, and hand it over."""
    from safeconduct.archive import queries
    from safeconduct.archive.actions import notes
    from safeconduct.archive.actions.cite import cite_words
    from safeconduct.archive.actions.hand_over import hand_over_zipped
    from safeconduct.archive.citing import shown

    passage = cite_words(by=by, source=confided, quote=f"the bus of {WORDS[1]} came")
    public = queries.sources(by).get(plane="public")
    notes.add_note(by=by, team=team, source=confided, text=f"Ask {WROTE[0]}", passage=passage)
    notes.add_note(by=by, team=team, source=public, text=f"Ask {WROTE[3]}")
    collection = notes.add_collection(by=by, team=team, name=WROTE[2])
    for source in (confided, public):
        notes.add_tag(by=by, team=team, source=source, word=WROTE[1])
        notes.collect(by=by, collection=collection, source=source)
    assert WORDS[1] in shown.of_source(by, confided)[0].anchor.quote
    gone = hand_over_zipped(
        by=by, sources=[confided], called="sources", signed=lambda _office: ("", ""), collection=collection
    )
    assert WROTE[2].encode() in b"".join(gone.pieces())


def add(folder: str, sign_in: str) -> None:
    """`keep_everything` on a folder that is there."""
    keep_everything(*_member(folder, sign_in))


def read(folder: str, sign_in: str) -> None:
    """`read_everything` there."""
    read_everything(*_member(folder, sign_in))


def keep_everything(by: Actor, team: Team) -> None:
    """Everything the archive can hold: sources of both planes, a mask, a watch, passages, and what is written."""
    from safeconduct.archive import queries
    from safeconduct.archive.actions import notes
    from safeconduct.archive.actions.cite import cite_words
    from safeconduct.archive.actions.masking import mask_word
    from safeconduct.archive.actions.schedule import set_watch
    from safeconduct.archive.actions.take_in import take_in
    from safeconduct.archive.watches.models import HowOften

    take_in_both(by, team)
    named = take_in(by=by, data=NAMED, address="https://harbour.example/").source
    set_watch(by=by, source=named, every=HowOften.WEEKLY)
    mask_word(by=by, source=named, word="Tamsin Invented")
    collection = notes.add_collection(by=by, team=team, name="The Harbour")
    for one in queries.sources(by).order_by("pk"):
        passage = cite_words(by=by, source=one, quote="Harbour hotel")
        notes.add_note(by=by, team=team, source=one, text="Ask again", passage=passage)
        notes.add_tag(by=by, team=team, source=one, word="hotels")
        notes.collect(by=by, collection=collection, source=one, passage=passage)


def read_everything(by: Actor, team: Team) -> None:
    """All of `keep_everything` is there: opened, found, cited and written."""
    from safeconduct.archive import queries
    from safeconduct.archive.citing import shown, writing
    from safeconduct.archive.citing.models import Collected, Collection, Note, Tag
    from safeconduct.archive.finding import answers
    from safeconduct.archive.finding.search import Wanted
    from safeconduct.archive.models import Watch

    assert read_all(by) == [one.decode() for one in (PUBLISHED, IN_CONFIDENCE, NAMED)]
    assert answers.find(by=by, wanted=Wanted('"harbour hotel"')).total == 3
    assert answers.find(by=by, wanted=Wanted("tamsin")).total == 0, "what is masked is not found"
    for one in queries.sources(by):
        [passage] = shown.of_source(by, one)
        assert (passage.anchor.quote, passage.is_orphan) == ("Harbour hotel", False)
    for rows, text in ((Note, "Ask again"), (Tag, "hotels"), (Collection, "The Harbour")):
        assert set(writing.open_all(by, rows.objects.all(), team).values()) == {text}
    assert Collected.objects.count() == 3
    assert Watch.objects.get().every == "weekly"


def _member(folder: str, sign_in: str) -> tuple[Actor, Team]:
    from pathlib import Path

    from safeconduct.cli.opening import started

    started(Path(folder))
    from safeconduct.accounts.models import Member
    from tests.builders import PASSPHRASE, Colleague

    row = Member.objects.get(sign_in=sign_in)
    by = Colleague(row, row.lock.open(PASSPHRASE, member=row.handle.hex)).actor
    return by, by.teams[0]


if __name__ == "__main__":
    import sys

    {"make": make, "add": add, "read": read}[sys.argv[1]](*sys.argv[2:])
