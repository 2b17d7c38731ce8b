"""What this room keeps about people: their mail. Erasing a case or a person reaches the messages about them.

A message filed on a case goes with it, and so does one of the tray that is proposed for it alone. One that may be about
somebody else as well has to be decided first. An incident stays, without what was sent by mistake.
"""

from collections.abc import Sequence

import msgspec

from safeconduct.accounts.actor import Actor
from safeconduct.casework.models import Case
from safeconduct.core.names import mentions
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry
from safeconduct.people import index, journaling, tokens
from safeconduct.people.facets import Mail, Status
from safeconduct.people.holdings import Edit, OutOfReach, Reach
from safeconduct.people.keys import Keyed, held
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.records import Opened, open_facets

from . import facts
from .models import Incident, Message


def reach(by: Actor, leave: Entry, keyed: Keyed, going: frozenset[str]) -> Reach:
    """See `holdings.Reach`. Raises `OutOfReach`: a message may be about somebody else as well, or is another team's."""
    if keyed.subject.kind == Subject.Kind.MESSAGE:
        return _of_message(by, keyed)
    if keyed.subject.kind == Subject.Kind.CASE:
        return _of_case(by, keyed, going)
    if keyed.subject.kind == Subject.Kind.PERSON:
        return _of_person(by, leave, keyed)
    return Reach()


def _of_message(by: Actor, keyed: Keyed) -> Reach:
    message = Message.objects.filter(subject=keyed.subject).first()
    incidents = list(Incident.objects.filter(message__subject=keyed.subject).values_list("pk", flat=True))

    def write() -> None:
        # With its case it is gone already.
        Message.objects.filter(subject_id=keyed.subject.pk).delete()
        _keep_incidents(by, incidents)

    return Reach(goes={"messages": 1 if message else 0}, write=write)


def _of_case(by: Actor, keyed: Keyed, going: frozenset[str]) -> Reach:
    case = Case.objects.get(subject=keyed.subject)
    filed = list(Subject.objects.filter(message__case=case))
    incidents = list(Incident.objects.filter(case=case).values_list("pk", flat=True))
    proposed = _proposed(by, tokens.of_messages_about([case.handle.hex]), going)
    also: list[Subject] = list(filed)
    edits: list[Edit] = []
    for one, opened in proposed:
        mail: Mail = opened.content
        left = [handle for handle in mail.candidates if handle not in going | {case.handle.hex}]
        if case.handle.hex not in mail.candidates:
            continue  # the index named it by chance: tokens are short
        if not left:
            also.append(one.subject)
        elif _state(one) == Message.State.WAITING:
            raise OutOfReach(
                "A message in the tray may be about this case or about another one. File it or set it aside; then this"
                " can be done."
            )
        else:
            edits.append(Edit(one, Envelope.Facet.MAIL, opened, lambda content: _without(content, case.handle.hex)))

    def write() -> None:
        _keep_incidents(by, incidents)

    return Reach(also=also, edits=edits, write=write)


def _of_person(by: Actor, leave: Entry, keyed: Keyed) -> Reach:
    """Messages that name a reference of theirs and are filed nowhere; those of their cases go with the cases."""
    status: Status = open_facets(leave, {keyed.subject.pk: keyed}, [Envelope.Facet.STATUS])[keyed.subject.pk][
        "status"
    ].content
    keys = {mentions.key_of(one.value) for one in status.references} - {""}
    if not keys:
        return Reach()
    named = _proposed(by, tokens.of_messages_naming(keys), frozenset())
    also = []
    for one, opened in named:
        mail: Mail = opened.content
        says = set(mentions.keys(f"{mail.subject}\n{mail.plain}"))
        # What is filed goes with its case, and what is proposed for cases as those do.
        if not mail.candidates and _state(one) != Message.State.FILED and not says.isdisjoint(keys):
            also.append(one.subject)
    return Reach(also=also)


def _proposed(by: Actor, wanted: frozenset[int], going: frozenset[str]) -> Sequence[tuple[Keyed, Opened]]:
    """Messages that the indexes of the member's teams name and that do not go yet, opened to see whether they are."""
    numbers = {number for team in by.teams for number in index.opened(by, team).having(wanted)}
    rows = Subject.objects.filter(pk__in=numbers, kind=Subject.Kind.MESSAGE).exclude(message__state="filed")
    keyed = held(by, list(rows.values_list("pk", flat=True)))
    keyed = {number: one for number, one in keyed.items() if one.subject.handle.hex not in going}
    leaves = journaling.listing_of(by, Entered.LISTED, keyed.values())
    return [(keyed[at], one[Envelope.Facet.MAIL]) for at, one in open_facets(leaves, keyed, ["mail"]).items()]


def _state(keyed: Keyed) -> str:
    return Message.objects.filter(subject=keyed.subject).values_list("state", flat=True).first() or ""


def _without(mail: Mail, case: str) -> Mail:
    return msgspec.structs.replace(mail, candidates=tuple(one for one in mail.candidates if one != case))


def _keep_incidents(by: Actor, incidents: Sequence[int]) -> None:
    """Commit to incidents as they are without their message, or without the case."""
    for incident in Incident.objects.filter(pk__in=incidents).select_related("team"):
        facts.record_without_message(by, incident, [facts.incident_committed(incident)])
