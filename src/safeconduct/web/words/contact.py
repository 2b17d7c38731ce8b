"""Words for reaching somebody safely: channels, what was said of them, who must hear nothing, why something may not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.people.contact_rules import Channel, Reason, Said, Whom

CHANNELS: Final[Mapping[str, Promise]] = {
    Channel.PHONE: _("Ring"),
    Channel.TEXT: _("Text"),
    Channel.VOICEMAIL: _("Voicemail"),
    Channel.EMAIL: _("Email"),
    Channel.POST: _("Post"),
}

SAID: Final[Mapping[str, Promise]] = {
    Said.NOT_SAID: _("Nobody said"),
    Said.YES: _("Yes"),
    Said.NO: _("No"),
    Said.ASK: _("Ask each time"),
}

# What was said, as a line beside a number or an address.
LINES: Final[Mapping[tuple[str, str], Promise]] = {
    (Channel.PHONE, Said.YES): _("may be rung"),
    (Channel.PHONE, Said.NO): _("never ring"),
    (Channel.PHONE, Said.ASK): _("ask before ringing"),
    (Channel.TEXT, Said.YES): _("may be texted"),
    (Channel.TEXT, Said.NO): _("never text"),
    (Channel.TEXT, Said.ASK): _("ask before texting"),
    (Channel.VOICEMAIL, Said.YES): _("voicemail is safe"),
    (Channel.VOICEMAIL, Said.NO): _("never leave a voicemail"),
    (Channel.VOICEMAIL, Said.ASK): _("ask before leaving a voicemail"),
    (Channel.EMAIL, Said.YES): _("may be emailed"),
    (Channel.EMAIL, Said.NO): _("never email"),
    (Channel.EMAIL, Said.ASK): _("ask before emailing"),
    (Channel.POST, Said.YES): _("post may be sent"),
    (Channel.POST, Said.NO): _("never send post"),
    (Channel.POST, Said.ASK): _("ask before sending post"),
}

# Who must hear nothing. `Whom.THEM` is the person: they are not on their own list.
NEVER: Final[Mapping[str, Promise]] = {
    Whom.PERSON: _("Somebody by name"),
    Whom.HOME_OFFICE: _("The Home Office"),
    Whom.POLICE: _("The police"),
    Whom.COUNCIL: _("The council"),
    Whom.EMBASSY: _("An embassy or consulate"),
    Whom.EMPLOYER: _("An employer"),
    Whom.LANDLORD: _("A landlord"),
    Whom.PROVIDER: _("The accommodation provider"),
    Whom.SCHOOL: _("A school or college"),
    Whom.HEALTH: _("A doctor or hospital"),
    Whom.OTHER: _("Another authority"),
}

REASONS: Final[Mapping[Reason, Promise]] = {
    Reason.CHANGED_SINCE: _("Their record changed after this was prepared. Prepare it again."),
    Reason.NO_SUCH_WAY: _("That number or address is not on their record any more."),
    Reason.WAY_SAYS_NO: _("They said no to this way of reaching them."),
    Reason.PERSON_SAYS_NO: _("They said no to being reached like this."),
    Reason.NEVER_THEM: _("They said that this one must hear nothing of them."),
    Reason.ASK_FIRST: _("Ask them first, each time."),
    Reason.NOBODY_SAID: _("Nobody has asked them whether this is safe."),
    Reason.NOTE_NOT_READ: _("Read the note on safe contact first."),
}
