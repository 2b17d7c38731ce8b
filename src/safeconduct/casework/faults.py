"""What an act on a case can refuse, one class a reason, each with what to do."""


class CaseworkFault(Exception):
    """Any refusal of this room. Its text may be shown; it names nobody."""


class CaseClosed(CaseworkFault):
    """Nothing is logged on a closed case."""


class NotYet(CaseworkFault):
    """An event's day is in the future."""


class AlreadyOver(CaseworkFault):
    """Something is to be done by a day that is past."""


class AlreadyDone(CaseworkFault):
    """The task was done before."""


class NotOnThisCase(CaseworkFault):
    """The enquiry, event or task is of another case."""


class AlreadyCorrected(CaseworkFault):
    """The event was corrected before."""


class NotAWorkerHere(CaseworkFault):
    """The member does not work in the case's team."""


class TooManyCases(CaseworkFault):
    """More cases than are given to a member in one act."""


class AlreadyAround(CaseworkFault):
    """Somebody is around this case already."""


class NobodyLeft(CaseworkFault):
    """A case is about somebody."""


class NoSuchRole(CaseworkFault):
    """Nobody is that in a case."""


class RuleHasNoSuchDay(CaseworkFault):
    """The rule does not govern that day."""


class WrongState(CaseworkFault):
    """The import is not at the step this act belongs to."""


class StagedByAnother(CaseworkFault):
    """Somebody else changed this import since it was read."""


class AnotherIsRunning(CaseworkFault):
    """Another import of the same team is under way; the two could bring the same rows in twice."""


class RecordsMoved(CaseworkFault):
    """The team's records changed while an import was being compared with them."""


class NotClosed(CaseworkFault):
    """Only a closed case is opened again or kept for longer."""


class NoSuchOutcome(CaseworkFault):
    """No case ends like that."""


class BeforeItBegan(CaseworkFault):
    """A case cannot end before it was opened."""


class NoReviewDay(CaseworkFault):
    """Nobody has said until when a closed case is kept, or the day said cannot be."""


class NoReason(CaseworkFault):
    """What is done here is done with a reason."""


class RemovalStands(CaseworkFault):
    """Somebody is to be removed on a day: a case is not closed over it."""


class NoRemoval(CaseworkFault):
    """No removal stands on the case."""


class NoSuchEnding(CaseworkFault):
    """No removal ends like that."""


class NobodyTold(CaseworkFault):
    """Somebody was told, and it is not said who."""


class NoSuchRung(CaseworkFault):
    """A contact is for something the ladder does not have."""


class NoSuchContact(CaseworkFault):
    """There is no such contact any more."""


class ServedDaysDisagree(CaseworkFault):
    """What is said of how and when a decision came cannot all be true."""


class SentDayNeeded(CaseworkFault):
    """A limit counts from the day a decision was sent, and nobody said which."""


class NotOut(CaseworkFault):
    """No letter was out on that day, so no clock ran."""


class AlreadyAnswered(CaseworkFault):
    """The letter was answered by then."""


class AlreadyStopped(CaseworkFault):
    """The clock stands still already."""


class NotStopped(CaseworkFault):
    """The clock runs, or nothing was asked."""


class NotLater(CaseworkFault):
    """A day gives no more time than there is."""


class NoDayPromised(CaseworkFault):
    """A promise has a day, and so has an extension."""


class NoSuchPromise(CaseworkFault):
    """Nothing was promised that could have been kept."""
