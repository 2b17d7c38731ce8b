"""What an act on a message can refuse, one class a reason, each with what to do."""


class MailFault(Exception):
    """Any refusal of this room. Its text may be shown; it names nobody."""


class NotWaiting(MailFault):
    """The message was filed or set aside by now."""


class NotAside(MailFault):
    """The message waits in the tray, or is filed."""


class SaysNothing(MailFault):
    """No label was chosen, so there is nothing to log it as."""


class ClosedAlready(MailFault):
    """The incident was closed before."""


class StepsLeft(MailFault):
    """An incident is closed once every step of it is done."""


class IncidentStands(MailFault):
    """What is done about the message as an incident is not over."""


class IncidentThere(MailFault):
    """The message is an incident already."""


class TooManyAtOnce(MailFault):
    """More messages than one request takes in."""
