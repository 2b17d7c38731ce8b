"""What an act on accounts can refuse, one class a reason, each with what to do."""


class AccountsFault(Exception):
    """Any refusal of this room. Its text may be shown; it names nobody."""


class AlreadySetUp(AccountsFault):
    """There is an organisation already."""


class CannotSignIn(AccountsFault):
    """Unknown member, wrong passphrase and disabled member: one answer for all three."""


class WrongPassphrase(AccountsFault):
    """The passphrase does not open this member's key."""


class SignInTaken(AccountsFault):
    """Another member has that sign-in name."""


class TeamNameTaken(AccountsFault):
    """Another team of the organisation has that name."""


class NeedsTeam(AccountsFault):
    """A member is added to at least one team that whoever adds them is in."""


class CannotVerifyKey(AccountsFault):
    """Nobody in this request can tell whether the member's public key is theirs."""


class NoLongerHere(AccountsFault):
    """The member was disabled."""


class LastHolder(AccountsFault):
    """The only member who holds a team's keys cannot be disabled."""


class LastGuardian(AccountsFault):
    """The only guardian cannot be disabled."""


class DaysOutOfRange(AccountsFault):
    """One of the office's own days is none a clock can run by."""
