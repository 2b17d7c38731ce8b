"""Members of another desk whom records that came from there name: rows without a key anybody has."""

import secrets
from typing import Final
from uuid import UUID

from django.db import transaction

from safeconduct.core.sealing.members import KeyPair
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered

from ..actor import Actor
from ..keys import commit_key, set_key, today
from ..models import Member

LONGEST_NAME: Final = 120


def departed(*, by: Actor, handle: UUID, name: str) -> Member:
    """The member of that handle here; else a row that only says who somebody was, as of somebody who has left.

    Nobody can sign in as them: the passphrase is thrown away as it is made. Where the handle is another organisation's
    member's, it is ``by``. The caller was allowed to bring in what names them.
    """
    found = Member.objects.filter(handle=handle).first()
    if found is not None:
        return found if found.organisation_id == by.organisation.pk else by.member
    member = Member(
        handle=handle,
        organisation=by.organisation,
        name=name[:LONGEST_NAME],
        sign_in=f"elsewhere-{handle.hex[:16]}",
        state=Member.State.LEFT,
        joined_on=today(),
    )
    set_key(member, KeyPair.generate(), secrets.token_hex(32))
    with transaction.atomic():
        member.save(force_insert=True)
        for act in (Entered.MEMBER_ADDED, Entered.MEMBER_LEFT):
            record_write(
                organisation=by.organisation.handle,
                act=act,
                member=by.member.handle,
                about=member.handle,
                written=[commit_key(member)] if act == Entered.MEMBER_ADDED else [],
            )
    return member
