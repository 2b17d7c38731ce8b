"""Mail a team holds, each word of it marked: see world.py."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Team
from safeconduct.post.actions.filing import set_aside
from safeconduct.post.actions.incidents import open_incident
from safeconduct.post.actions.take_in import take_in
from tests.builders import Colleague
from tests.support.mails import WRITES, mail


def put_in(by: Colleague, team: Team, tag: str, heading: str, enclosed: str) -> dict[str, UUID]:
    """A message that waits, with a file; one that was set aside; and one that is an incident. By what each is for."""
    on = today() - timedelta(days=1)
    files = [("note.txt", f"What is {enclosed}".encode())]
    html = f"<p>{WRITES['holding']} <b>{enclosed}</b></p>"
    mails = [
        mail(WRITES["holding"], on=on, reference=f"{tag}/1", subject=heading, html=html, attached=files, number=1),
        mail(f"Nothing for a case: {enclosed}", on=on, subject=heading, number=2),
        mail(f"{WRITES['wrong_person']} {enclosed}", on=on, subject=heading, number=3),
    ]
    named = [(f"{tag}{at}.eml", one.replace(b".invented@", f".{tag}@".encode())) for at, one in enumerate(mails)]
    waits, aside, astray = take_in(by=by.actor, team=team, files=named).new
    set_aside(by=by.actor, message=aside, read=1)
    incident = open_incident(by=by.actor, message=astray, on=on)
    return {"message": waits.handle, "aside": aside.handle, "incident": incident.handle}
