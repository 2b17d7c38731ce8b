"""What the log says somebody did, said after their name: "Sian W. opened the case"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.journal.models import Act

ACTS: Final[Mapping[str, Promise]] = {
    Act.SET_UP: _("set up the desk"),
    Act.SIGNED_IN: _("signed in"),
    Act.SIGN_IN_REFUSED: _("was refused: wrong passphrase, code or key, or no member now"),
    Act.UNLOCKED: _("unlocked the desk"),
    Act.LOCKED: _("locked the desk"),
    Act.SIGNED_OUT: _("signed out"),
    Act.PASSPHRASE_CHANGED: _("changed their passphrase"),
    Act.FACTOR_ADDED: _("added a second factor"),
    Act.FACTOR_REMOVED: _("removed a second factor"),
    Act.MEMBER_ADDED: _("added a member"),
    Act.MEMBER_DISABLED: _("ended a member's access"),
    Act.TEAM_CREATED: _("made a team"),
    Act.TEAM_JOINED: _("added a member to a team"),
    Act.TEAM_LEFT: _("took a member out of a team"),
    Act.TEAM_REKEYED: _("renewed a team's keys"),
    Act.MEMBER_ON_LEAVE: _("put a member on leave"),
    Act.MEMBER_RETURNED: _("brought a member back from leave"),
    Act.MEMBER_LEFT: _("said that a member has left"),
    Act.GUARDIAN_SET: _("changed who is a guardian"),
    Act.KITS_MADE: _("made recovery kits"),
    Act.OPENED_KIT: _("opened the words of their recovery kit"),
    Act.KIT_CONFIRMED: _("confirmed a recovery kit"),
    Act.KIT_TRIED: _("tried recovery kits"),
    Act.RECOVERY_ASKED: _("was asked with recovery kits to bring a member's keys back"),
    Act.RECOVERY_STOPPED: _("stopped a recovery"),
    Act.RECOVERED: _("brought a member's keys back with recovery kits"),
    Act.OFFICE_DAYS_SET: _("set the office's own days and ways"),
    Act.LISTED: _("listed a page of records"),
    Act.SEARCHED: _("searched"),
    Act.OPENED_PERSON: _("opened the record"),
    Act.OPENED_CASE: _("opened the case"),
    Act.ADDED_PERSON: _("added the person"),
    Act.CHANGED_PERSON: _("changed the record"),
    Act.ADDED_CASE: _("added the case"),
    Act.CHANGED_CASE: _("changed the case"),
    Act.OPENED_HOUSEHOLD: _("opened the household"),
    Act.ADDED_HOUSEHOLD: _("added the household"),
    Act.CHANGED_HOUSEHOLD: _("changed the household"),
    Act.MERGED: _("said that this and another record are of one person"),
    Act.UNMERGED: _("took back that this and another record are of one person"),
    Act.LOGGED_EVENT: _("logged what happened"),
    Act.IMPORT_STAGED: _("brought in a file, to be looked through"),
    Act.IMPORT_OPENED: _("looked through an import"),
    Act.IMPORT_DONE: _("finished an import"),
    Act.IMPORT_UNDONE: _("took an import back"),
    Act.INDEXED: _("changed what a search finds"),
    Act.LOG_READ: _("read the log"),
    Act.LOG_DIFFERED: _("came with a log that is not the one last seen"),
    Act.TRIPWIRE_SET: _("set how many records a member may open"),
    Act.READING_SLOWED: _("opened many records and was slowed"),
    Act.READING_STOPPED: _("opened very many records and was stopped"),
    Act.READING_TOLD: _("opened many records in thirty days"),
    Act.ALARM_SEEN: _("answered an alarm"),
    Act.REFUSED: _("asked for what policy refuses"),
    Act.OPENED_PAPER: _("opened a paper"),
    Act.ADDED_PAPER: _("kept a paper"),
    Act.REMOVED_PAPER: _("removed a paper"),
    Act.CHANGED_TASK: _("changed what is to be done on the case"),
    Act.ASSIGNED: _("gave out work"),
    Act.COVER_SET: _("said who covers for whom"),
    Act.FEED_MADE: _("made a calendar address"),
    Act.FEED_ENDED: _("ended a calendar address"),
    Act.TOOK_IN_MAIL: _("took in mail"),
    Act.OPENED_MESSAGE: _("opened the message"),
    Act.FILED_MESSAGE: _("filed the message"),
    Act.SET_ASIDE_MESSAGE: _("set the message aside, or put it back"),
    Act.CHANGED_INCIDENT: _("changed an incident"),
    Act.OPENED_DIRECTORY: _("opened the team's contacts"),
    Act.CHANGED_DIRECTORY: _("changed the team's contacts"),
    Act.TOOK_IN_SOURCE: _("took in a source"),
    Act.QUARANTINED: _("brought a file that is no source; it is kept apart"),
    Act.DISCARDED_REFUSED: _("discarded a file that was refused"),
    Act.OBSERVED_SOURCE: _("looked at a source again"),
    Act.SET_WATCH: _("said how often a source is looked at again"),
    Act.OBSERVED_DUE: _("had a source looked at again when it was due"),
    Act.STAMPED_SOURCE: _("had a source time-stamped"),
    Act.OPENED_SOURCE: _("opened a source supplied in confidence"),
    Act.MASKED_SOURCE: _("masked words in a source's reading copy, or took that back"),
    Act.REMOVED_SOURCE: _("removed a source"),
    Act.HANDED_OVER_SOURCE: _("handed over a source"),
    Act.CITED_SOURCE: _("cited a source, or took that back"),
    Act.OPENED_NOTES: _("opened the team's notes on sources"),
    Act.CHANGED_NOTES: _("changed the team's notes on sources"),
    Act.OPENED_HISTORY: _("opened what it was before"),
    Act.EXPORTED: _("took records out as a file"),
    Act.LOG_EXPORTED: _("exported the log"),
    Act.ERASED: _("erased a record"),
    Act.BACKED_UP: _("a backup was made and tried"),
    Act.RESTORED: _("the desk was restored from a backup"),
    Act.EPOCH_BEGUN: _("an epoch began: every key was moved to it"),
    Act.EPOCH_DESTROYED: _("the key of an epoch was destroyed"),
    Act.DATABASE_MOVED: _("the records were moved to another database"),
}

# The kinds that the log can be narrowed to: what was opened, what was only listed, and what left are told apart.
KINDS: Final[Mapping[str, tuple[Promise, frozenset[Act]]]] = {
    "opened": (
        _("Records opened"),
        frozenset(
            {
                Act.OPENED_PERSON,
                Act.OPENED_CASE,
                Act.OPENED_HOUSEHOLD,
                Act.OPENED_HISTORY,
                Act.OPENED_PAPER,
                Act.OPENED_MESSAGE,
                Act.OPENED_SOURCE,
            }
        ),
    ),
    "listed": (_("Lists and searches"), frozenset({Act.LISTED, Act.SEARCHED})),
    "exported": (
        _("Taken out as files"),
        frozenset({Act.EXPORTED, Act.LOG_EXPORTED, Act.BACKED_UP, Act.HANDED_OVER_SOURCE}),
    ),
    "archive": (
        _("The archive"),
        frozenset(
            {
                *(Act.TOOK_IN_SOURCE, Act.QUARANTINED, Act.OBSERVED_SOURCE, Act.SET_WATCH, Act.OBSERVED_DUE),
                *(Act.STAMPED_SOURCE, Act.OPENED_SOURCE, Act.MASKED_SOURCE, Act.REMOVED_SOURCE),
                Act.DISCARDED_REFUSED,
                *(Act.HANDED_OVER_SOURCE, Act.CITED_SOURCE),
            }
        ),
    ),
    "refused": (
        _("Refused and halted"),
        frozenset(
            {
                Act.REFUSED,
                Act.SIGN_IN_REFUSED,
                Act.READING_SLOWED,
                Act.READING_STOPPED,
                Act.READING_TOLD,
                Act.LOG_DIFFERED,
                Act.ALARM_SEEN,
            }
        ),
    ),
}
