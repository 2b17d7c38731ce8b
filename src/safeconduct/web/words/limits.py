"""A computed day in words: each step, each reading, each caution, and how sure anybody is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from safeconduct.core.calendar.days import Nation
from safeconduct.core.calendar.limits import Limit, Step
from safeconduct.core.calendar.rules import Caution, Kind, Rule, Status, Trigger, Unit, Why

from . import dates

NATIONS: Final[Mapping[Nation, Promise]] = {
    Nation.ENGLAND_AND_WALES: _("England and Wales"),
    Nation.SCOTLAND: _("Scotland"),
    Nation.NORTHERN_IRELAND: _("Northern Ireland"),
    Nation.ANY_UK: _("any part of the United Kingdom"),
}

# After the day: "Decision sent Saturday 7 November 2026 (day 0)."
TRIGGERS: Final[Mapping[Trigger, Promise]] = {
    Trigger.SENT: _("Sent"),
    Trigger.RECEIVED: _("Received"),
    Trigger.POSTED: _("Posted"),
    Trigger.NOTIFIED: _("Notified"),
    Trigger.GRANTED: _("Granted"),
    Trigger.DECIDED: _("Decided"),
    Trigger.SUBMITTED: _("Appeal submitted"),
    Trigger.APPLIED: _("Applied"),
    Trigger.IDENTITY_PROVED: _("Applied and identity proved"),
    Trigger.CLAIMED: _("Claimed"),
    Trigger.HAPPENED: _("Happened"),
    Trigger.AWARE: _("Known about since"),
    Trigger.EXPIRED: _("Permission ended"),
    Trigger.HEARD: _("Heard"),
    Trigger.DIRECTED: _("Directed"),
    Trigger.REFERRED: _("Referred"),
    Trigger.INTERVIEWED: _("Interviewed"),
    Trigger.CARD_RECEIVED: _("Residence card received"),
    Trigger.DISCONTINUATION_LETTER: _("Letter ending support dated"),
    Trigger.NOTHING: _("From"),
}

# In a list of limits to choose from: "counts from ...".
COUNTS_FROM: Final[Mapping[Trigger, Promise]] = {
    Trigger.SENT: _("the day the decision was sent"),
    Trigger.RECEIVED: _("the day the letter was received"),
    Trigger.POSTED: _("the day it was posted"),
    Trigger.NOTIFIED: _("the day they were notified"),
    Trigger.GRANTED: _("the day of the grant"),
    Trigger.DECIDED: _("the day of the decision"),
    Trigger.SUBMITTED: _("the day the appeal was submitted"),
    Trigger.APPLIED: _("the day they applied"),
    Trigger.IDENTITY_PROVED: _("the day they had applied and proved who they are"),
    Trigger.CLAIMED: _("the day of the claim"),
    Trigger.HAPPENED: _("the day it happened"),
    Trigger.AWARE: _("the day they came to know of it"),
    Trigger.EXPIRED: _("the day permission ended"),
    Trigger.HEARD: _("the day of the hearing"),
    Trigger.DIRECTED: _("the day of the directions"),
    Trigger.REFERRED: _("the day of the referral"),
    Trigger.INTERVIEWED: _("the day of the interview"),
    Trigger.CARD_RECEIVED: _("the day the residence card came"),
    Trigger.DISCONTINUATION_LETTER: _("the day of the letter ending support"),
    Trigger.NOTHING: _("no day"),
}

READINGS: Final[Mapping[Why, Promise]] = {
    Why.AS_WRITTEN: _("As the rule is written."),
    Why.RECEIPT_IS_DAY_ZERO: _("The day it arrives is day 0, even when that is not a working day."),
    Why.COUNTED_FROM_NEXT_WORKING_DAY: _("What arrives on a day that is not a working day counts from the next one."),
    Why.BANK_HOLIDAYS_ONLY: _("Only weekends and bank holidays are not working days."),
    Why.YEAR_END_CLOSED: _("27 to 31 December are not working days of this tribunal."),
    Why.CHRISTMAS_WEEK_CLOSED: _("25 to 31 December are not working days of this tribunal."),
    Why.THREE_DAYS: _("3 days, weekends included, as the rule is written."),
    Why.THREE_WORKING_DAYS: _("3 working days, as people are told."),
    Why.CALENDAR_DAYS: _("The directions count every day."),
    Why.WORKING_DAYS: _("The directions count working days only."),
    Why.THIRTY_DAYS: _("30 days."),
    Why.ONE_MONTH: _("One month."),
    Why.TWENTY_WORKING_DAYS: _("20 working days."),
    Why.FIFTEEN_WORKING_DAYS: _("15 working days, the older standard."),
    Why.TWENTY_DAYS: _("20 days."),
    Why.AS_COUNTED: _("As counted above."),
    Why.PAUSE_DOES_NOT_COUNT: _("Nothing published lets this clock be paused, so the pause does not count."),
    Why.QUESTION_ONLY_STOPS: _("Their question only stops the clock; it does not start it again."),
    Why.LONGER_DOES_NOT_COUNT: _("Nothing published lets them take longer, so the longer time does not count."),
    Why.LONGER_AS_SAID: _("The longer time counts as they said it."),
}

CAUTIONS: Final[Mapping[Caution, Promise]] = {
    Caution.NOT_RESTATED: _("It has not been confirmed since it was last stated."),
    Caution.PROMPTLY: _("It must be done promptly: do not wait for the last day."),
    Caution.DIRECTIONS_OVERRIDE: _("A direction in the case itself comes before this."),
    Caution.ONLY_IF_SERVED: _("It applies only to a person who was told in writing that it does."),
    Caution.COMMENCEMENT_NOT_SEEN: _("It is not confirmed that this is in force."),
    Caution.CHANGING: _("This is changing: check it before relying on it."),
    Caution.APPROXIMATE_DATES: _("The days between which it holds are not exact."),
    Caution.STRAIGHTFORWARD_ONLY: _("It is promised only for applications called straightforward."),
    Caution.CLOCK_MAY_STOP: _("The clock can wait for proof of identity or for a question to be answered."),
    Caution.REBUTTABLE: _("Proof of when it really came, or that it did not, changes this."),
    Caution.LATE_WITH_REASONS: _("If it is late, it can still be sent, with the reasons: ask at once."),
    Caution.EXTENSION_POSSIBLE: _("It can be extended."),
    Caution.OLDER_VERSION: _("The text seen is an older version."),
    Caution.GOOD_REASON_NEEDED: _("A good reason for the delay is needed."),
    Caution.NORMALLY: _("This is what is normal, not a fixed limit."),
    Caution.MINIMUM: _("This is the shortest it can be."),
    Caution.FAMILIES_DIFFER: _("It is different for families and for some single people."),
    Caution.RECEIVED_NOT_SENT: _("It must have arrived by then, not only been sent."),
    Caution.BEFORE_FIVE: _("Have it there before 5 pm: for some papers the day ends then."),
    Caution.BEFORE_FOUR: _("Directions commonly end the day at 4 pm."),
    Caution.COUNTS_FROM_LEAVING: _("Where it can only be brought from abroad, it counts from the day of leaving."),
    Caution.OTHER_CLOCK_RUNS: _("The time for a judicial review runs on meanwhile."),
    Caution.START_UNCLEAR: _("From which day it counts is not clear: the earliest day is taken."),
    Caution.CLAIM_WITHDRAWN: _("No answer can be taken as withdrawing the claim."),
    Caution.UNLESS_APPEALED: _("While an appeal made in time is under way support may go on: ask."),
    Caution.ASK_MIGRANT_HELP: _(
        "Where the letter ending support leaves less than 28 days, or the notice to quit less than 7, ask for longer:"
        " positivemoveon@migranthelpuk.org."
    ),
    Caution.AFTER_FINAL_ANSWER: _("Only after the final answer to the complaint."),
    Caution.THROUGH_AN_MP: _("It goes through a member of Parliament."),
    Caution.NO_CHALLENGE: _("A complaint does not challenge a decision."),
    Caution.SUSPENDED: _("New applications are not taken at present: check whether that still holds."),
    Caution.NOT_KNOWN: _("What holds is not known here: ask before you rely on anything."),
}

# Said with every day that comes from such a row, wherever the day is shown: of a day somebody else has to keep, of a
# day to act by, and of an ending.
DOUBTS: Final[Mapping[Status, Promise]] = {
    Status.SECONDARY: _("This is known from what others write about the rule, not from the rule itself."),
    Status.UNCONFIRMED: _("Nobody has checked this rule yet."),
}
_DOUBTS_OF_ACTS: Final[Mapping[Status, Promise]] = {
    Status.SECONDARY: _(
        "This is known from what others write about the law, not from the law itself."
        " Treat the earlier day as the last."
    ),
    Status.UNCONFIRMED: _("Nobody has checked this against the law yet. Treat the earlier day as the last."),
}
_DOUBTS_OF_ENDINGS: Final[Mapping[Status, Promise]] = {
    Status.SECONDARY: _(
        "This is known from what others write about the law, not from the law itself. It may end earlier."
    ),
    Status.UNCONFIRMED: _("Nobody has checked this against the law yet. It may end earlier."),
}

NO_ADVICE: Final = _("Check with the solicitor: this office gives no legal advice.")
OWN_ADVICE: Final = _("Whoever advises in this office decides what is to be done.")
FROM_THE_DAY_SENT: Final = _(
    "The standard runs from the day they received it. That day is not known here, so the day it was sent is day 0."
)


def doubt(status: Status, kind: Kind = Kind.ANSWER) -> str:
    """What is said beside a day from a rule that nobody confirmed; nothing for a verified one."""
    words = {Kind.ACT: _DOUBTS_OF_ACTS, Kind.ENDING: _DOUBTS_OF_ENDINGS}.get(kind, DOUBTS)
    return str(words.get(status, ""))


def whom_to_ask(kind: Kind, *, advises: bool) -> str:
    """Who decides what is to be done about a limit; nothing where nothing is to be done by its day."""
    if kind is not Kind.ACT:
        return ""
    return str(OWN_ADVICE if advises else NO_ADVICE)


def late(rule: Rule) -> str:
    """What something sent after every last day needs. Nobody is told that nothing can be done."""
    for caution, words in _LATE:
        if caution in rule.cautions:
            return str(words)
    return str(_("Whether one sent now is still taken is not known here: ask today, and write down the reasons."))


_LATE: Final[tuple[tuple[Caution, Promise], ...]] = (
    (
        Caution.LATE_WITH_REASONS,
        _("One sent now asks for more time, with the reasons: what stood in the way, since when, who can say so."),
    ),
    (Caution.GOOD_REASON_NEEDED, _("One sent now needs a good reason: write down what stood in the way.")),
    (Caution.PROMPTLY, _("One sent now asks for more time, with the reasons for the delay.")),
)


def amount(count: int, unit: Unit) -> str:
    """`20 working days`, `14 days`, `1 month`."""
    match unit:
        case Unit.WORKING_DAYS:
            text = ngettext("%(count)d working day", "%(count)d working days", count)
        case Unit.CALENDAR_DAYS:
            text = ngettext("%(count)d day", "%(count)d days", count)
        case Unit.WEEKS:
            text = ngettext("%(count)d week", "%(count)d weeks", count)
        case Unit.MONTHS:
            text = ngettext("%(count)d month", "%(count)d months", count)
    return text % {"count": count}


def steps(limit: Limit) -> list[str]:
    """Each step of a limit that runs against the person, as a sentence."""
    return [step_words(step) for step in limit.steps if step.code not in ("percent", "stated") and not restated(step)]


def stated(limit: Limit) -> str:
    """When the authority was last seen to state the rule: `Stated January 2023, not confirmed since`."""
    said = next((step for step in limit.steps if step.code == "stated"), None)
    if said is None:
        return ""
    when = dates.month(_date(said, "on"))
    if any(restated(step) for step in limit.steps):
        return str(_("Stated %(month)s, not confirmed since")) % {"month": when}
    return str(_("Stated %(month)s")) % {"month": when}


def standard(rule: Rule, about: Promise | str) -> str:
    """`95% of MPs' letters in 20 working days`."""
    assert rule.count is not None
    assert rule.unit is not None
    given = {"percent": rule.percent, "about": about, "amount": amount(rule.count, rule.unit)}
    if rule.percent is None:
        return str(_("%(about)s in %(amount)s")) % given
    return str(_("%(percent)d%% of %(about)s in %(amount)s")) % given


def step_words(step: Step) -> str:
    """One step as a sentence."""
    given: Mapping[str, Any] = step.params
    match step.code:
        case "rule_instead":
            return _rule_instead(given)
        case "abroad_same":
            return str(_("This is the same for a person outside the United Kingdom."))
        case "detained_same":
            return str(
                _("No rule for people in detention is known here, so the ordinary one is shown: theirs may be shorter.")
            )
        case "day_zero":
            start = TRIGGERS[Trigger(given["trigger"])]
            return str(_("%(start)s %(day)s (day 0).")) % {"start": start, "day": dates.full(given["on"])}
        case "day_zero_moved":
            return str(_("That is not a working day, so %(day)s is day 0.")) % {"day": dates.full(given["on"])}
        case "counted":
            return _counted(given)
        case "holidays":
            days = "; ".join(f"{dates.full(each.on)} ({each.title})" for each in given["on"])
            return str(_("Bank holidays passed over: %(days)s.")) % {"days": days}
        case "no_holidays":
            return str(_("No bank holiday falls between."))
        case "last_day":
            return str(_("That ends on %(day)s.")) % {"day": dates.full(given["on"])}
        case "second_clock" | "second_clock_unknown":
            return _second_clock(step.code, given)
        case "later_of":
            return str(_("The later of the two counts: %(day)s.")) % {"day": dates.full(given["on"])}
        case "rolled":
            return str(_("Not a working day. If the weekend rule applies it moves to %(day)s.")) % {
                "day": dates.full(given["on"])
            }
        case "act_by":
            return str(_("Act by %(day)s: the last working day that is in time on every reading.")) % {
                "day": dates.full(given["on"])
            }
        case "act_the_same_day":
            return str(_("Act on %(day)s, the same day: nothing later is in time on every reading.")) % {
                "day": dates.full(given["on"])
            }
        case "percent":
            return str(_("Promised for %(percent)d%% of them.")) % given
        case "stated":
            return str(_("Last seen stated on %(day)s.")) % {"day": dates.plain(given["on"])}
        case "caution":
            return str(CAUTIONS[Caution(given["caution"])])
    raise AssertionError(f"no words for the step {step.code}")


def groups(rules: Mapping[str, Rule]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Limits to choose from, by subject: a heading, and each limit's id with what it is and what it counts from."""
    left = dict(rules)
    for heading, beginnings in _SUBJECTS:
        here = {key: left.pop(key) for each in beginnings for key in list(left) if key.startswith(each)}
        if here:
            yield str(heading), [(key, _choice(rule)) for key, rule in here.items()]
    if left:
        yield str(_("Other limits")), [(key, _choice(rule)) for key, rule in left.items()]


_SUBJECTS: Final[tuple[tuple[Promise, tuple[str, ...]], ...]] = (
    (_("Appeals and reviews"), ("ftt.", "ut.", "ar.", "overstayer", "s120", "deport.")),
    (_("Interviews and forms of the claim"), ("asylum.",)),
    (_("Asylum support and the home"), ("ast.", "moveon.", "neg.", "ntq")),
    (_("Judicial review"), ("jr.",)),
    (_("Trafficking"), ("nrm.",)),
    (_("Detention"), ("bail.", "detained.")),
    (_("Complaints and information"), ("ukvi.", "iec", "phso", "foi.", "dp.")),
)


def _choice(rule: Rule) -> str:
    return str(_("%(title)s: counts from %(day)s")) % {"title": rule.title, "day": COUNTS_FROM[rule.trigger]}


def _rule_instead(given: Mapping[str, Any]) -> str:
    start = COUNTS_FROM[Trigger(given["trigger"])]
    if given["reason"] == "abroad":
        return str(_("Another rule holds for a person outside the United Kingdom. It counts from %(start)s.")) % {
            "start": start
        }
    if given["reason"] == "detained":
        return str(_("Another rule holds for a person in detention. It counts from %(start)s.")) % {"start": start}
    return str(_("Another rule holds in %(nation)s. It counts from %(start)s.")) % {
        "nation": NATIONS[Nation(given["reason"])],
        "start": start,
    }


def _counted(given: Mapping[str, Any]) -> str:
    unit = Unit(given["unit"])
    counted = amount(given["count"], unit)
    if unit is Unit.WORKING_DAYS:
        return str(_("%(amount)s, %(nation)s.")) % {"amount": counted, "nation": NATIONS[Nation(given["nation"])]}
    if unit is Unit.CALENDAR_DAYS:
        return str(_("%(amount)s, weekends included.")) % {"amount": counted}
    return str(_("%(amount)s.")) % {"amount": counted}


def _second_clock(code: str, given: Mapping[str, Any]) -> str:
    counted = amount(given["count"], Unit(given["unit"]))
    if code == "second_clock_unknown":
        return str(_("Not before %(amount)s from the letter ending support. Its day is not given.")) % {
            "amount": counted
        }
    return str(_("%(start)s %(day)s: %(amount)s, to %(last)s.")) % {
        "start": TRIGGERS[Trigger(given["trigger"])],
        "day": dates.full(given["on"]),
        "amount": counted,
        "last": dates.full(given["last_day"]),
    }


def restated(step: Step) -> bool:
    """Whether a step only says that a rule was not stated again: that is said beside when it was."""
    return step.code == "caution" and step.params["caution"] == Caution.NOT_RESTATED


def _date(step: Step, key: str) -> Any:
    return step.params[key]
