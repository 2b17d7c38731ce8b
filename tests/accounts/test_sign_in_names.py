"""A sign-in name is one name however a keyboard writes it."""

import unicodedata

import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.accounts.actions import members, sessions
from safeconduct.accounts.faults import SignInTaken
from safeconduct.accounts.models import Member
from tests import builders
from tests.builders import PASSPHRASE

pytestmark = pytest.mark.django_db
ONE, TWO = (unicodedata.normalize(form, "Zoé") for form in ("NFC", "NFD"))


@pytest.fixture
def office():
    return builders.office()


def add(office, sign_in):
    return members.add_member(
        by=office.guardian.actor, name="Zoé Worker", sign_in=sign_in, is_guardian=False,
        roles={office.team.pk: "caseworker"},
    )  # fmt: skip


@pytest.mark.parametrize(("kept", "typed"), [(ONE, TWO), (TWO, ONE)])
def test_a_letter_of_two_signs_signs_in_as_one_of_one_does(office, kept, typed):
    added = add(office, kept)
    assert sessions.sign_in(name=typed, passphrase=added.first_passphrase).session.member == added.member
    with pytest.raises(SignInTaken):
        add(office, typed)


@pytest.mark.parametrize("typed", [ONE, TWO])
def test_a_name_kept_by_an_older_desk_goes_on_signing_in_and_stays_taken(office, typed):
    worker = builders.member(office)
    Member.objects.filter(pk=worker.member.pk).update(sign_in=TWO.casefold())
    assert sessions.sign_in(name=typed, passphrase=PASSPHRASE).session.member == worker.member
    with pytest.raises(SignInTaken):
        add(office, typed)


def test_of_two_that_an_older_desk_kept_each_signs_in_as_they_type(office):
    both = [builders.member(office, name) for name in ("Zoé One", "Zoé Two")]
    for worker, name in zip(both, (ONE, TWO), strict=True):
        Member.objects.filter(pk=worker.member.pk).update(sign_in=name.casefold())
    for worker, name in zip(both, (ONE, TWO), strict=True):
        assert sessions.sign_in(name=name, passphrase=PASSPHRASE).session.member == worker.member


def test_a_name_that_is_too_long_in_small_letters_is_said_to_be(office):
    """The column holds sixty; of this letter the small form is two."""
    team = office.team.handle.hex
    sent = {"name": "Zoé Worker", "sign_in": "ŉ" * 59, "role": "caseworker", "teams": [team]}
    answer = office.guardian.client.post(reverse("member-new"), sent)
    assert "The most is 60 characters" in answer.content.decode()
    assert not Member.objects.filter(name="Zoé Worker").exists()
    assert Client().post(reverse("sign-in"), {"sign_in": "ŉ" * 59, "passphrase": PASSPHRASE}).status_code == 200
