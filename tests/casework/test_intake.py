"""What is missing before an office acts: told for a day, and never in the way."""

from datetime import date, timedelta

import pytest

from safeconduct.casework import queries
from safeconduct.casework.actions.intake import set_intake
from safeconduct.casework.intake import Gap, Missing, interpreter, missing
from safeconduct.people.facets import Authority, Intake, Needs
from safeconduct.people.keys import NotHeld
from safeconduct.people.records import Changed
from tests import builders

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
SETTLED = Intake(
    constituent="yes",
    authorities=(Authority(names="Ada Fairweather MP", signed_on=TODAY, until=TODAY, seen=True),),
    notice_on=TODAY,
)


def of(*authorities: Authority) -> list[Missing]:
    return missing(Intake(constituent="yes", authorities=authorities, notice_on=TODAY), today=TODAY)


def test_nothing_asked_yet_is_everything_missing():
    gaps = [one.gap for one in missing(Intake(), today=TODAY)]
    assert gaps == [Gap.NOT_CHECKED, Gap.NO_AUTHORITY, Gap.NO_NOTICE]


def test_what_is_settled_is_not_told():
    assert missing(SETTLED, today=TODAY) == []


@pytest.mark.parametrize(
    ("said", "gap"), [("yes", None), ("apart", None), ("no", Gap.NOT_A_CONSTITUENT), ("", Gap.NOT_CHECKED)]
)
def test_the_check_of_the_constituent(said, gap):
    found = [
        one.gap
        for one in missing(Intake(constituent=said, notice_on=TODAY, authorities=SETTLED.authorities), today=TODAY)
    ]
    assert found == ([gap] if gap else [])


def test_that_they_do_not_agree_is_told_before_all_else():
    said = Intake(agrees="no", agreed_on=TODAY - DAY)
    assert missing(said, today=TODAY)[0] == Missing(Gap.DOES_NOT_AGREE, TODAY - DAY)
    assert missing(Intake(agrees="yes"), today=TODAY) == missing(Intake(), today=TODAY)


def test_an_authority_stands_to_the_end_of_its_last_day():
    assert of(Authority(until=TODAY, seen=True)) == []
    assert of(Authority(until=TODAY - DAY, seen=True)) == [Missing(Gap.AUTHORITY_RAN_OUT, TODAY - DAY)]
    assert of(Authority(signed_on=TODAY + DAY, seen=True)) == [Missing(Gap.AUTHORITY_TO_COME, TODAY + DAY)]
    assert of(Authority(signed_on=TODAY, seen=True)) == []


def test_one_that_stands_makes_up_for_those_that_ran_out():
    old, new = Authority(until=TODAY - DAY, seen=True), Authority(signed_on=TODAY - DAY, seen=True)
    assert of(old, new) == []
    assert of(old, Authority(until=TODAY - 9 * DAY)) == [Missing(Gap.AUTHORITY_RAN_OUT, TODAY - DAY)]


def test_one_that_nobody_has_seen_is_told_of():
    assert of(Authority(names="the MP")) == [Missing(Gap.AUTHORITY_NOT_SEEN)]
    assert of(Authority(seen=True, until=TODAY - DAY), Authority()) == [Missing(Gap.AUTHORITY_NOT_SEEN)]


def test_the_interpreter_is_the_person_s_own_unless_the_case_says_another():
    needs = Needs(interpreter="ckb", dialect="Sulaymaniyah", gender="woman")
    assert interpreter(Intake(), needs) == ("ckb", "Sulaymaniyah", "woman")
    assert interpreter(Intake(interpreter="ar", gender="either"), needs) == ("ar", "Sulaymaniyah", "either")


@pytest.mark.django_db(transaction=True)
class TestSaving:
    def test_it_is_kept_with_the_case_over_the_revision_read(self):
        lowri = builders.member(builders.office())
        case = builders.case(lowri, builders.person(lowri))
        head = queries.open_head(by=lowri.actor, case=case)
        set_intake(by=lowri.actor, case=case, head=head.content, read=head.revision, intake=SETTLED)
        again = queries.open_head(by=lowri.actor, case=case).content
        assert again.intake == SETTLED
        assert again.our_reference == head.content.our_reference
        with pytest.raises(Changed):
            set_intake(by=lowri.actor, case=case, head=head.content, read=head.revision, intake=Intake())

    def test_nobody_of_another_team_says_it(self):
        place = builders.office()
        lowri = builders.member(place)
        case = builders.case(lowri, builders.person(lowri))
        head = queries.open_head(by=lowri.actor, case=case)
        outsider = builders.member(place, "Gwilym Second", team=builders.team(place))
        with pytest.raises((NotHeld, queries.policies.Refused)):
            set_intake(by=outsider.actor, case=case, head=head.content, read=head.revision, intake=SETTLED)
