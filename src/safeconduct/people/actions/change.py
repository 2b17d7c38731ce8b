"""Changing a person's facets. Each names the revision it read, so nobody's change is overwritten unseen."""

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.names.index import Delta
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act as Entered

from .. import index, journaling, policies, tokens
from ..facets import Contact, Facet, Identity, Links, Needs, Status
from ..history import NOT_SAID, Why
from ..keys import hold
from ..models import Envelope, Subject
from ..records import Opened, write_facet
from .add import NoName


def change_identity(
    *, by: Actor, person: Subject, identity: Identity, read: int, status: Status, why: Why = NOT_SAID
) -> None:
    """Save names and births over revision ``read``; ``status`` as it stands, since both are searched.

    Raises:
        Refused, NotHeld: not theirs to change. NoName. Changed: somebody saved in between.
    """
    if not any(name.text.strip() for name in identity.names):
        raise NoName("Keep at least one name, as the person gives it. A nickname or a description will do.")
    _change(by, person, Envelope.Facet.IDENTITY, identity, read, _found_by(identity, status), why)


def change_status(
    *, by: Actor, person: Subject, status: Status, read: int, identity: Identity, why: Why = NOT_SAID
) -> None:
    """Save nationality, references and history over revision ``read``. Raises as `change_identity` does."""
    _change(by, person, Envelope.Facet.STATUS, status, read, _found_by(identity, status), why)


def change_contact(*, by: Actor, person: Subject, contact: Contact, read: int, why: Why = NOT_SAID) -> None:
    """Save the ways to reach a person and the note on how to. Raises `Refused`, `NotHeld`, `Changed`."""
    _change(by, person, Envelope.Facet.CONTACT, contact, read, None, why)


def change_needs(*, by: Actor, person: Subject, needs: Needs, read: int, why: Why = NOT_SAID) -> None:
    """Save languages, interpreter and access needs over revision ``read``. Raises `Refused`, `NotHeld`, `Changed`."""
    _change(by, person, Envelope.Facet.NEEDS, needs, read, None, why)


def change_links(*, by: Actor, person: Subject, links: Links, read: int) -> None:
    """Save what a person is tied to. Raises `Refused`, `NotHeld`, `Changed`."""
    _change(by, person, Envelope.Facet.LINKS, links, read, None)


def say_not_same(*, by: Actor, person: Subject, links: Opened, other: Subject, other_links: Opened) -> None:
    """Remember on both records that somebody decided these are two people, so the pair is not offered again.

    Raises `Refused`, `NotHeld`, `Changed`; then neither record says so.
    """
    both = ((person, links, other), (other, other_links, person))
    with transaction.atomic():
        # In one order whichever way round somebody asked, so that two who do so at once do not wait for each other.
        for one, opened, stranger in sorted(both, key=lambda each: each[0].pk):
            handles = tuple(dict.fromkeys((*opened.content.not_same_as, stranger.handle.hex)))
            content = msgspec.structs.replace(opened.content, not_same_as=handles)
            change_links(by=by, person=one, links=content, read=opened.revision)


def _found_by(identity: Identity, status: Status) -> tuple[frozenset[int], bytes]:
    """Under which tokens the index has a person now, and what it keeps of them."""
    return tokens.of_person(identity, status), tokens.kept(identity)


def _change(
    by: Actor,
    person: Subject,
    facet: str,
    content: Facet,
    read: int,
    found_by: tuple[frozenset[int], bytes] | None,
    why: Why = NOT_SAID,
) -> None:
    policies.require(by, Act.CHANGE_PERSON, policies.of_subject(by, person))
    keyed = hold(by, person)
    with transaction.atomic():
        written = write_facet(keyed, facet, content, read=read, why=why)
        record_writes([journaling.wrote(by, keyed, Entered.CHANGED_PERSON, written, {"facet": facet})])
        if found_by is not None:
            index.add(by, keyed.team, Delta(add={person.pk: found_by[0]}, kept={person.pk: found_by[1]}))
