"""What an act on the agenda can refuse, one class a reason, each with what to do."""


class AgendaFault(Exception):
    """Any refusal of this room. Its text may be shown; it names nobody."""


class NotAColleague(AgendaFault):
    """Whoever covers for a member works here and is in one of their teams."""


class NotThoseDays(AgendaFault):
    """Cover begins before it ends, and has not ended yet."""


class CoverOver(AgendaFault):
    """The cover was ended before."""


class NothingAsked(AgendaFault):
    """A filter that asks for nothing is the whole list."""


class TooManyKept(AgendaFault):
    """A member keeps so many filters and no more."""
