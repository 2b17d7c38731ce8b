"""What must be asked before anybody is rung, written to or told of: a truth table, and what voids an answer."""

import pytest

from safeconduct.people.contact_rules import (
    Allowed,
    Channel,
    Reason,
    Recipient,
    Refused,
    Whom,
    may,
)
from safeconduct.people.facets import Contact, Never, Rules, Way

NUMBER = "07700 900123"
NOT_SAID = Rules()


def contact(way: Rules = NOT_SAID, person: Rules = NOT_SAID, **more) -> Contact:
    ways = (Way(kind="phone", value=NUMBER, rules=way), Way(kind="address", value="12 Invented Row"))
    return Contact(ways=ways, rules=person, **more)


def reasons(answer) -> tuple[Reason, ...]:
    return answer.reasons if isinstance(answer, Refused) else ()


@pytest.mark.parametrize(
    ("of_way", "in_general", "asked", "expected"),
    [
        ("yes", "", False, ()),
        ("yes", "ask", False, ()),
        ("", "yes", False, ()),
        ("no", "yes", True, (Reason.WAY_SAYS_NO,)),
        ("yes", "no", True, (Reason.PERSON_SAYS_NO,)),
        ("", "no", True, (Reason.PERSON_SAYS_NO,)),
        ("ask", "yes", False, (Reason.ASK_FIRST,)),
        ("ask", "", True, ()),
        ("", "", False, (Reason.NOBODY_SAID,)),
        ("", "", True, ()),
    ],
)
def test_what_was_said_is_what_counts(of_way, in_general, asked, expected):
    held = contact(Rules(phone=of_way), Rules(phone=in_general))
    assert reasons(may(held, Channel.PHONE, NUMBER, revision=1, asked=asked)) == expected


def test_one_channel_says_nothing_of_another():
    held = contact(Rules(text="yes", voicemail="no"))
    assert isinstance(may(held, Channel.TEXT, NUMBER, revision=1), Allowed)
    assert reasons(may(held, Channel.VOICEMAIL, NUMBER, revision=1)) == (Reason.WAY_SAYS_NO,)
    assert reasons(may(held, Channel.PHONE, NUMBER, revision=1)) == (Reason.NOBODY_SAID,)


def test_what_is_not_on_record_is_not_sent_to():
    held = contact(person=Rules(phone="yes", post="yes"))
    assert reasons(may(held, Channel.PHONE, "07700 900999", revision=1)) == (Reason.NO_SUCH_WAY,)
    assert reasons(may(held, Channel.POST, NUMBER, revision=1)) == (Reason.NO_SUCH_WAY,)


def test_a_contact_saved_since_voids_what_was_prepared():
    held = contact(person=Rules(post="yes"))
    first = may(held, Channel.POST, "12 Invented Row", revision=4)
    assert isinstance(first, Allowed)
    assert isinstance(may(held, Channel.POST, "12 Invented Row", revision=4, prepared=first.revision), Allowed)
    later = may(held, Channel.POST, "12 Invented Row", revision=5, prepared=first.revision, asked=True)
    assert reasons(later) == (Reason.CHANGED_SINCE,)


def test_a_note_must_have_been_read():
    held = contact(Rules(phone="yes"), safe_note="Her brother answers")
    refused = may(held, Channel.PHONE, NUMBER, revision=1)
    assert reasons(refused) == (Reason.NOTE_NOT_READ,)
    assert refused.can_be_settled
    assert isinstance(may(held, Channel.PHONE, NUMBER, revision=1, note_read=True), Allowed)


NEVER = (Never(kind="person", who="Ahmad Karimi"), Never(kind="embassy"), Never(kind="employer", who="Hill Farm"))


@pytest.mark.parametrize(
    ("whom", "name", "told"),
    [
        (Whom.PERSON, "Ahmad Karimi", False),
        (Whom.PERSON, "KARIMI, Ahmed", False),
        (Whom.PERSON, "احمد کریمی", False),
        (Whom.PERSON, "Zehra Rahimi", True),
        (Whom.EMBASSY, "", False),
        (Whom.EMBASSY, "Consulate in Leeds", False),
        (Whom.HOME_OFFICE, "", True),
        (Whom.EMPLOYER, "Hill Farm", False),
        (Whom.EMPLOYER, "Dock Foods", True),
        (Whom.THEM, "", True),
    ],
)
def test_who_must_hear_nothing_hears_nothing(whom, name, told):
    answer = may(Contact(never=NEVER), Channel.EMAIL, recipient=Recipient(whom, name), revision=1, asked=True)
    assert (Reason.NEVER_THEM in reasons(answer)) is not told


def test_a_yes_says_what_to_mind():
    held = contact(
        Rules(phone="yes", when="after 6"), Rules(answered_by="her sister", when="never"), code_word="kettle"
    )
    assert may(held, Channel.PHONE, NUMBER, revision=2) == Allowed(2, "after 6", "her sister", "kettle")


def test_every_reason_is_given_the_hardest_first():
    held = contact(Rules(phone="no"), safe_note="Never ring", never=(Never(kind="police"),))
    answer = may(held, Channel.PHONE, NUMBER, revision=2, prepared=1)
    assert reasons(answer) == (Reason.CHANGED_SINCE, Reason.WAY_SAYS_NO, Reason.NOTE_NOT_READ)
    assert not answer.can_be_settled


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Contact(), ()),
        (Contact(rules=Rules(phone="no")), (Reason.PERSON_SAYS_NO,)),
        (Contact(ways=(Way(kind="phone", value=NUMBER, rules=Rules(phone="no")),)), (Reason.WAY_SAYS_NO,)),
        (Contact(ways=(Way(kind="phone", value="07700 900999", rules=Rules(phone="no")),)), ()),
        (Contact(safe_note="Never ring"), (Reason.NOTE_NOT_READ,)),
        (Contact(never=(Never(kind="police"),)), ()),
    ],
)
def test_what_another_record_of_the_person_forbids_holds(other, expected):
    held = contact(Rules(phone="yes"))
    assert reasons(may(held, Channel.PHONE, NUMBER, revision=1, merged=[other])) == expected
    police = may(held, Channel.EMAIL, recipient=Recipient(Whom.POLICE), revision=1, note_read=True, merged=[other])
    assert reasons(police) == ((Reason.NEVER_THEM,) if other.never else ())


def test_an_answer_shows_no_code_word_in_a_traceback():
    assert "kettle" not in repr(may(contact(Rules(phone="yes"), code_word="kettle"), Channel.PHONE, NUMBER, revision=1))


@pytest.mark.parametrize("written", ["07700900123", "+44 7700 900 123", "0044 (7700) 900123", "٠٧٧٠٠ ٩٠٠١٢٣"])
def test_a_no_to_a_number_holds_however_it_is_written(written):
    refused = Way(kind="phone", value=written, rules=Rules(phone="no"))
    held = contact(Rules(phone="yes"))
    twice = Contact(ways=(*held.ways, refused))
    assert reasons(may(twice, Channel.PHONE, NUMBER, revision=1)) == (Reason.WAY_SAYS_NO,)
    merged = (Contact(ways=(refused,)),)
    assert reasons(may(held, Channel.PHONE, NUMBER, revision=1, merged=merged)) == (Reason.WAY_SAYS_NO,)
    other = (Contact(ways=(Way(kind="phone", value="07700 900124", rules=Rules(phone="no")),)),)
    assert isinstance(may(held, Channel.PHONE, NUMBER, revision=1, merged=other), Allowed)


def test_a_no_to_an_address_holds_however_it_is_written():
    held = contact(person=Rules(post="yes"))
    merged = (Contact(ways=(Way(kind="address", value="12, invented row.", rules=Rules(post="no")),)),)
    assert reasons(may(held, Channel.POST, "12 Invented Row", revision=1, merged=merged)) == (Reason.WAY_SAYS_NO,)


@pytest.mark.parametrize("said", ["", "ask"])
def test_no_question_settles_what_another_record_of_theirs_forbids(said):
    merged = (Contact(ways=(Way(kind="phone", value=NUMBER, rules=Rules(phone="no")),)),)
    answer = may(contact(Rules(phone=said)), Channel.PHONE, NUMBER, revision=1, merged=merged)
    assert isinstance(answer, Refused)
    assert not answer.can_be_settled
