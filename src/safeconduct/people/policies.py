"""The facts about people that policies decide on."""

from collections.abc import Mapping
from typing import Final

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.policies import Refused as Refused
from safeconduct.accounts.policies import allows as allows
from safeconduct.accounts.policies import of_organisation as of_organisation
from safeconduct.accounts.policies import of_team as of_team
from safeconduct.accounts.policies import require as require
from safeconduct.accounts.policies import require_now as require_now
from safeconduct.core.policy.facts import Case, Household, Message, Person

from .models import Subject

_KINDS: Final[Mapping[str, type[Person] | type[Case] | type[Household] | type[Message]]] = {
    Subject.Kind.PERSON: Person,
    Subject.Kind.CASE: Case,
    Subject.Kind.HOUSEHOLD: Household,
    Subject.Kind.MESSAGE: Message,
}


def of_subject(by: Actor, subject: Subject) -> Person | Case | Household | Message:
    """A record as a resource, with every team that holds it."""
    # A page that asks several times has fetched the wraps with the record.
    fetched = "wraps" in getattr(subject, "_prefetched_objects_cache", {})
    wraps = subject.wraps.all() if fetched else subject.wraps.select_related("team")
    teams = frozenset(wrap.team.handle.hex for wrap in wraps)
    organisation = by.organisation if subject.organisation_id == by.organisation.pk else subject.organisation
    return _KINDS[subject.kind](subject.handle.hex, organisation.handle.hex, teams)
