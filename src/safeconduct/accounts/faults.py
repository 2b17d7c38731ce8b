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
    """The member is on leave, has left or was disabled."""


class LastHolder(AccountsFault):
    """The only member who holds a team's keys cannot leave it."""


class LastGuardian(AccountsFault):
    """The only guardian stays one, and stays."""


class DaysOutOfRange(AccountsFault):
    """One of the office's own days is none a clock can run by."""


class TooSoon(AccountsFault):
    """Too many wrong tries: the next is taken in ``seconds``."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        unit = "second" if seconds == 1 else "seconds"
        super().__init__(f"There were too many wrong tries. Wait {seconds} {unit}, then try again.")


class FactorNotAdded(AccountsFault):
    """The code or the security key's answer was not right."""


class NoSuchFactor(AccountsFault):
    """The second factor is not there any more."""


class NotAMember(AccountsFault):
    """The member is not in that team."""


class BoundsOutOfRange(AccountsFault):
    """The number of records a member may open is none a tripwire can be set to."""


class OwnAlarm(AccountsFault):
    """An alarm about a guardian is answered by another one."""


class WhichGuardians(AccountsFault):
    """Kits are for one guardian, or for three and more."""


class HoursOutOfRange(AccountsFault):
    """The wait before a recovery is too short to notice it, or too long to be of use."""


class KitNotHere(AccountsFault):
    """There is no kit of this guardian's to open or to confirm."""


class NotThoseWords(AccountsFault):
    """The words are those of another kit."""


class KitsDoNotOpen(AccountsFault):
    """The kits make a key, and it is not this organisation's."""


class NothingToOpen(AccountsFault):
    """No team's keys are sealed to the recovery key yet."""


class HeldAlone(AccountsFault):
    """Nobody but the member to be recovered holds the keys of a team, and the kits do not open them."""


class NobodyToRecover(AccountsFault):
    """The words are right, and nobody at work here signs in by that name."""


class NotYet(AccountsFault):
    """A recovery waits until everybody had the time to see it."""


class RecoveryOver(AccountsFault):
    """A recovery was stopped, was done, or lapsed."""
