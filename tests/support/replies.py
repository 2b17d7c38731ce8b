"""Invented replies by the hundred, each with what it says: several wordings of each label, put together at random.

The wordings here were written after the phrases of ``post/labels.toml``, without looking at them, and by the same
people: what they score is how far the phrases reach beyond themselves, not how they fare on real mail.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from safeconduct.post import labels
from safeconduct.post.reading.folding import said

BY_HAND = Path(__file__).resolve().parents[1] / "post" / "letters" / "invented.toml"
INVENTED = 480

WORDINGS: dict[str, tuple[str, ...]] = {
    "acknowledgement": (
        "Thank you for your {letter} dated {day}, receipt of which I acknowledge.",
        "I can confirm that we have received your {letter}.",
        "Your {letter} has been logged and will be dealt with in date order.",
        "This is an automatic acknowledgement: we aim to reply within 20 working days.",
        "Your {letter} has been received by this office and a reply will be sent to you.",
        "We have received your {letter} of {day} and it is with the team.",
        "Your {letter} was received on {day}. Please quote the reference above if you write again.",
        "Thank you for contacting the MP enquiries team. We will respond as soon as we can.",
    ),
    "holding": (
        "I am not yet in a position to reply to you in full.",
        "We are still looking into the points you raise.",
        "I am sorry for the delay in replying; we have asked colleagues for the facts and will write again.",
        "A substantive response is being prepared and will be with you shortly.",
        "We have not been able to give you a full answer so far, for which I apologise.",
        "Our enquiries are continuing and I will write to you again.",
        "Please treat this as an interim reply while further enquiries are being made.",
        "Apologies for the delay in getting back to you. We are waiting for a response from the operational team.",
    ),
    "outside_standards": (
        "This case is complex and falls out of our normal service standards.",
        "The application sits outside our published service standards.",
        "Because of its complexity the claim is being dealt with outside of the usual processing times.",
        "The application is not straightforward, and so no service standard applies to it.",
        "We will not be able to decide the application within our service standard.",
        "The case has been classed as non-straightforward.",
        "As a complex case it is beyond our customer service targets.",
    ),
    "no_timeframe": (
        "I am unable to give you a timescale for its conclusion.",
        "There is no set timeframe for claims of this kind.",
        "We cannot say when a decision will be made.",
        "I regret that it is not possible to estimate how long this will take.",
        "It remains in progress and {who} will be contacted in due course.",
        "No date can be given: we do not have a timetable for this work.",
        "We are not able to provide an indication as to when the case will be looked at.",
    ),
    "consent_required": (
        "We cannot discuss the case without {whos} written consent.",
        "Please send us a signed letter of authority from {who}.",
        "We do not hold a signed authority which names you both.",
        "Before anything can be disclosed we must have valid written consent.",
        "The authority we hold has expired; please provide signed consent again.",
        "Kindly return the enclosed form of authority, signed and dated by {who}, so that we can reply.",
        "Data protection law means that we require explicit consent from the applicant.",
    ),
    "transferred": (
        "Your {letter} has been passed to {other}, who will reply to you directly.",
        "I have forwarded your {letter} to {other}.",
        "This does not fall within the remit of our unit, and your {letter} has been transferred to {other}.",
        "We have redirected your {letter} to {other} for them to answer.",
        "This is a matter for {other}; your {letter} has been referred to them.",
        "Your {letter} was re-allocated to {other} on {day}.",
    ),
    "decided": (
        "The application was granted on {day}.",
        "A decision was made on {day} and has been sent to {who}.",
        "I am pleased to tell you that {who} has been granted leave to remain.",
        "The claim has been refused. The decision letter was issued on {day}.",
        "We have made a decision in this case, and it was served on {day}.",
        "The passport was dispatched on {day}.",
        "The application has now been concluded and {who} was granted settlement.",
        "The request was approved on {day}.",
    ),
    "not_served": (
        "A decision has been made and will be served in the coming weeks.",
        "A decision was taken on {day} but has yet to be communicated.",
        "The decision is currently awaiting service.",
        "A decision has been reached, which will be issued once the letter is ready.",
        "The decision has not yet been dispatched.",
    ),
    "review_right": (
        "There is a right of appeal against this to the First-tier Tribunal.",
        "{Who} may request an administrative review within 28 days.",
        "{Who} was informed of the right to appeal.",
        "An administrative review can be applied for within 14 days. An appeal should be made online.",
        "{Who} is entitled to apply for administrative review.",
    ),
    "substantive": (
        "You asked when the biometrics were taken. I can confirm that they were taken on {day}.",
        "In answer to your question, the documents were returned by post on {day}.",
        "To turn to your questions: the interview record was sent to the solicitors on {day}.",
        "Our records show that the payment was made on {day}.",
        "I have looked into this for you, and I can confirm that the support payments were increased on {day}.",
        "I can confirm that the screening interview took place on {day}.",
        "In response to your first point, the accommodation was inspected on {day} and the heating was repaired.",
        "You enquired whether the account was linked; I can confirm that it has been updated.",
    ),
    "awaiting_checks": (
        "Security checks remain outstanding.",
        "We are waiting for background checks to be completed.",
        "The case is pending the completion of identity and criminality checks.",
        "Routine checks are still being carried out and are not yet complete. Checks are ongoing.",
        "The application cannot be progressed until mandatory security checks have been concluded.",
    ),
    "awaiting_person": (
        "We have asked {who} for further documents and have not received them.",
        "{Who} has yet to enrol biometrics.",
        "We are waiting for further evidence from the applicant's representatives.",
        "Additional information was requested from the sponsor on {day}.",
        "{Who} needs to return the questionnaire.",
        "We await the passport from the applicant.",
    ),
    "interview_to_come": (
        "{Who} is waiting to be called for an asylum interview.",
        "A substantive interview has yet to be arranged.",
        "{Who} will be invited to a full interview.",
        "The interview has not yet been scheduled.",
        "An interview has been booked for {day}.",
    ),
    "policy_hold": (
        "Decisions in cases of this kind have been paused.",
        "We have suspended the processing of these applications while the policy is under review.",
        "Such claims are on hold until new guidance is issued.",
        "Interviews of nationals of that country are temporarily suspended.",
    ),
    "litigation": (
        "As the case is before the courts we cannot comment.",
        "It would not be appropriate to comment on a matter that is subject to litigation.",
        "We are unable to respond in detail because of ongoing legal proceedings.",
        "There is a pending judicial review and so I cannot comment further.",
    ),
    "already_answered": (
        "I would refer you to my letter of {day}.",
        "We have already responded to these points.",
        "We replied to you on this in our letter of {day} and have nothing further to add.",
        "This was answered in our earlier response of {day}; may I refer you to that letter.",
    ),
    "not_a_constituent": (
        "{Who} does not live in your constituency.",
        "The address we hold is outside your constituency.",
        "It seems that {who} is no longer a constituent of yours, or not your constituent.",
        "{Who} should write to their own Member of Parliament.",
    ),
    "wrong_recipient": (
        "This inbox is not the right address for enquiries of this kind; please write to the urgent team.",
        "Please redirect your enquiry to the central inbox instead.",
        "You have written to the wrong department.",
        "This mailbox is no longer monitored.",
    ),
    "wrong_person": (
        "Thank you for your letter about another of your constituents, whose fee was paid in May.",
        "I write about a different constituent, Mr B., whose visa was collected on {day}.",
        "Our last letter contained the details of another individual and was sent to you in error.",
        "Please disregard our previous letter, which related to a different applicant.",
        "We apologise: the personal data of another applicant was included in our reply.",
    ),
}
TOGETHER: tuple[tuple[str, str], ...] = (
    ("outside_standards", "no_timeframe"),
    ("awaiting_checks", "no_timeframe"),
    ("interview_to_come", "no_timeframe"),
    ("policy_hold", "no_timeframe"),
    ("decided", "review_right"),
    ("outside_standards", "awaiting_checks"),
    ("awaiting_person", "no_timeframe"),
    ("already_answered", "no_timeframe"),
)
NEUTRAL: tuple[str, ...] = (
    "I appreciate that this is a worrying time for the family.",
    "Thank you for bringing this to my attention.",
    "I hope that this is of some help.",
    "The application was made on {day}.",
    "{Who} applied for leave on {day}.",
    "You wrote to me about {whos} case.",
    "Our helpline is open from Monday to Friday.",
    "May I take this opportunity to thank you for your patience.",
    "The Home Office takes its duties seriously.",
    "For more about how we use data please see our website.",
)
NOTHING: tuple[str, ...] = (
    "This week in the chamber: the estimates day debate and a statement on flooding.",
    "The next engagement meeting is on {day}. Please tell us who will come.",
    "Our telephone lines will be closed on {day}.",
    "Please find attached the slides we showed on {day}.",
    "I am out of the office until {day}.",
    "We are writing to tell MPs' offices about a change to our website.",
    "Your subscription to our bulletin was renewed.",
    "Could you ring me about the surgery on {day}?",
)
_SLOTS: dict[str, tuple[str, ...]] = {
    "letter": ("letter", "email", "e-mail", "enquiry", "correspondence"),
    "day": ("3 November", "12 October 2026", "4 September", "21 May 2026"),
    "who": ("your constituent", "the applicant", "Mrs A.", "Mr K."),
    "whos": ("your constituent's", "the applicant's"),
    "other": ("HM Passport Office", "the Department for Work and Pensions", "Migrant Help", "the asylum support unit"),
}
_ENDS = ("Yours sincerely,\n\nCorrespondence Team", "Kind regards,\nMP Account Management Team", "Regards\n-- \nMPAM")
_QUOTES = (
    "\n\n-----Original Message-----\nFrom: office@mp.example\nSent: 3 November\nTo: MPAM\nSubject: Update\n\n{old}",
    "\n\nOn Tue, 3 Nov 2026 at 10:01, Office <office@mp.example> wrote:\n> {old}",
    "\n\n> {old}",
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply and what it says."""

    text: str
    labels: frozenset[str]
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """How often a label was given rightly, given wrongly, and left out."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def by_hand() -> list[Reply]:
    """The replies that were written one by one."""
    read = tomllib.loads(BY_HAND.read_text("utf-8"))["reply"]
    return [Reply(one["text"], frozenset(one["labels"]), one.get("subject", "")) for one in read]


def invented(count: int = INVENTED, *, seed: int = 20261120) -> list[Reply]:
    """So many replies: every wording of every label once, then some with two labels, some quoting, some of nothing."""
    dice = random.Random(seed)
    singles = [((label,), (wording,)) for label, some in WORDINGS.items() for wording in some]
    out: list[Reply] = []
    for turn in range(count):
        if turn < len(singles):
            said_here, wordings = singles[turn]
        elif turn % 8 == 0:
            said_here, wordings = (), (dice.choice(NOTHING),)
        elif turn % 3 == 0:
            said_here = dice.choice(TOGETHER)
            wordings = tuple(dice.choice(WORDINGS[label]) for label in said_here)
        else:
            said_here, wordings = dice.choice(singles)
        out.append(Reply(_put_together(dice, wordings), frozenset(said_here)))
    return out


def scores(replies: Iterable[Reply]) -> dict[str, Score]:
    """How each label fares on these."""
    given = [(reply.labels, frozenset(labels.labels_of(said(reply.text, reply.subject)))) for reply in replies]
    return {
        name: Score(
            sum(name in want and name in got for want, got in given),
            sum(name not in want and name in got for want, got in given),
            sum(name in want and name not in got for want, got in given),
        )
        for name in labels.known()
    }


def all_right(replies: Sequence[Reply]) -> int:
    """How many have every label a reader gave them and no other."""
    return len(replies) - len(list(not_right(replies)))


def not_right(replies: Iterable[Reply]) -> Iterator[tuple[Reply, tuple[str, ...]]]:
    """Those that have others, and which."""
    for reply in replies:
        got = labels.labels_of(said(reply.text, reply.subject))
        if frozenset(got) != reply.labels:
            yield reply, got


def _put_together(dice: random.Random, wordings: Sequence[str]) -> str:
    body = [dice.choice(NEUTRAL) for _ in range(dice.randrange(3))]
    for wording in wordings:
        body.insert(dice.randrange(len(body) + 1), wording)
    paragraphs = dice.choice((" ", "\n\n")).join(_filled(dice, one) for one in body)
    head = dice.choice(("Dear Member,\n\n", "Dear Ms Made-Up\n\nRef: MPAM/0123456/26\n\n", ""))
    text = f"{head}{paragraphs}\n\n{dice.choice(_ENDS)}"
    if dice.random() < 0.3:
        old = _filled(dice, dice.choice(WORDINGS[dice.choice(sorted(WORDINGS))]))
        text += dice.choice(_QUOTES).format(old=old)
    return text


def _filled(dice: random.Random, wording: str) -> str:
    chosen = {name: dice.choice(some) for name, some in _SLOTS.items()}
    who = chosen["who"]
    return wording.format(**chosen, Who=who[0].upper() + who[1:])
