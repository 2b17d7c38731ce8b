"""What an entry of the log says somebody did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.journal.models import Act

ACTS: Final[Mapping[str, Promise]] = {
    Act.SET_UP: _("set the desk up"),
    Act.SIGNED_IN: _("signed in"),
    Act.SIGN_IN_REFUSED: _("was refused: the passphrase was not right, or the member is disabled"),
    Act.UNLOCKED: _("unlocked"),
    Act.LOCKED: _("locked, or was locked when idle"),
    Act.SIGNED_OUT: _("signed out"),
    Act.PASSPHRASE_CHANGED: _("changed their passphrase"),
    Act.MEMBER_ADDED: _("added a member"),
    Act.MEMBER_DISABLED: _("disabled a member"),
    Act.TEAM_CREATED: _("made a team"),
    Act.TEAM_JOINED: _("added a member to a team"),
    Act.TEAM_LEFT: _("took a member out of a team"),
    Act.OFFICE_DAYS_SET: _("set the office's own days"),
    Act.LISTED: _("saw a list"),
    Act.SEARCHED: _("searched"),
    Act.OPENED_PERSON: _("opened a person's record"),
    Act.OPENED_CASE: _("opened a case"),
    Act.ADDED_PERSON: _("added a person"),
    Act.CHANGED_PERSON: _("changed a person's record"),
    Act.ADDED_CASE: _("opened a new case"),
    Act.CHANGED_CASE: _("changed a case"),
    Act.LOGGED_EVENT: _("logged what happened on a case"),
    Act.IMPORT_STAGED: _("prepared an import"),
    Act.IMPORT_OPENED: _("opened an import that waits"),
    Act.IMPORT_DONE: _("brought a spreadsheet in"),
    Act.IMPORT_UNDONE: _("took an import back"),
    Act.LOG_READ: _("read this log"),
    Act.LOG_EXPORTED: _("exported this log"),
}

# On a record's own page the record goes without saying.
LOOKS: Final[Mapping[str, Promise]] = {
    **ACTS,
    Act.OPENED_PERSON: _("opened the record"),
    Act.ADDED_PERSON: _("added the record"),
    Act.CHANGED_PERSON: _("changed the record"),
    Act.OPENED_CASE: _("opened the case"),
    Act.ADDED_CASE: _("opened it as a new case"),
    Act.CHANGED_CASE: _("changed the case"),
    Act.LOGGED_EVENT: _("logged what happened"),
}
