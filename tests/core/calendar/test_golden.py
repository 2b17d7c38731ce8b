"""Golden days: each rule that somebody has seen written counts as it is written, on each side of each change.

The days were worked out apart from the code: by hand, and by a program of its own over GOV.UK's list of bank holidays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

import msgspec
import pytest

from safeconduct.core.calendar.days import Nation
from safeconduct.core.calendar.limits import NoLimit, compute
from safeconduct.core.calendar.rules import NotInForce, Rule, Status, all_rules, get

# rule, event, act by (- for none), last day, last day after the roll-over, and where it is not a person in England:
# the nation, abroad, detained, or the day of the letter.
GOLDEN = """
ar.deemed                                 2026-11-27  -           2026-12-01  2026-12-01
ar.deemed                                 2026-11-27  -           2026-12-02  2026-12-02  scotland
ar.det                                    2026-11-13  2026-11-20  2026-11-20  2026-11-20
ar.in                                     2026-11-06  2026-11-20  2026-11-20  2026-11-20
ar.in                                     2026-11-06  2026-12-04  2026-12-04  2026-12-04  abroad
ar.in                                     2026-11-13  2026-11-20  2026-11-20  2026-11-20  detained
ar.out                                    2026-11-07  2026-12-04  2026-12-05  2026-12-05
ast.appeal                                2026-11-18  2026-11-20  2026-11-21  2026-11-23
ast.appeal                                2026-12-24  2026-12-24  2026-12-27  2026-12-29
ast.reasons                               2026-12-24  -           2026-12-31  2026-12-31
asylum.interview.missed                   2026-11-13  2026-11-20  2026-11-20  2026-11-20
asylum.interview.missed                   2026-11-27  2026-12-07  2026-12-07  2026-12-07  scotland
asylum.sef.child                          2026-11-20  2027-01-19  2027-01-19  2027-01-19
deemed.post                               2026-11-27  -           2026-12-01  2026-12-01
deemed.post                               2026-11-27  -           2026-12-02  2026-12-02  scotland
dp.complaint                              2026-06-19  2026-07-17  2026-07-19  2026-07-19
foi                                       2026-11-20  -           2026-12-21  2026-12-21
foi                                       2026-12-19  -           2027-01-21  2027-01-21
foi.review                                2026-11-20  2027-01-22  2027-01-22  2027-01-22
foi.review.reply                          2026-11-20  -           2026-12-21  2026-12-21
foi.review.reply.exceptional              2026-11-20  -           2027-01-22  2027-01-22
ftt.bundle.build_case                     2026-11-06  2026-11-13  2026-11-13  2026-11-13  detained
ftt.bundle.build_case                     2026-11-07  2026-12-04  2026-12-05  2026-12-05
ftt.bundle.build_case_from_submission     2026-11-07  2026-12-18  2026-12-19  2026-12-19
ftt.bundle.detained                       2026-11-06  2026-11-13  2026-11-13  2026-11-13
ftt.bundle.hearing                        2026-11-16  2026-11-20  2026-11-21  2026-11-21
ftt.bundle.home_office                    2026-11-06  -           2026-11-20  2026-11-20
ftt.bundle.review                         2026-11-09  -           2026-11-23  2026-11-23
ftt.iac.ada                               2026-11-13  2026-11-20  2026-11-20  2026-11-20
ftt.iac.ada                               2026-12-18  2026-12-29  2026-12-29  2026-12-29
ftt.iac.ada.pta                           2026-11-13  2026-11-24  2026-11-24  2026-11-24
ftt.iac.appeal.in                         2014-10-20  2014-11-03  2014-11-03  2014-11-03
ftt.iac.appeal.in                         2026-11-07  2026-11-20  2026-11-21  2026-11-23
ftt.iac.appeal.in                         2026-11-07  2026-12-04  2026-12-05  2026-12-07  abroad
ftt.iac.appeal.in                         2026-11-16  2026-11-27  2026-11-30  2026-12-01  scotland
ftt.iac.appeal.in                         2026-12-14  2026-12-24  2026-12-28  2026-12-29
ftt.iac.appeal.out                        2014-10-20  2014-11-17  2014-11-17  2014-11-17
ftt.pta                                   2018-05-14  2018-05-25  2018-05-28  2018-05-29
ftt.pta                                   2026-11-02  2026-11-30  2026-11-30  2026-11-30  abroad
ftt.pta                                   2026-11-07  2026-11-20  2026-11-21  2026-11-23
ftt.pta.out                               2018-05-14  2018-06-11  2018-06-11  2018-06-11
ho.mp.written                             2020-11-27  -           2020-12-29  2020-12-29
ho.mp.written                             2026-11-20  -           2026-12-18  2026-12-18
ho.mp.written                             2026-11-20  -           2026-12-21  2026-12-21  scotland
ho.mp.written                             2026-12-19  -           2027-01-21  2027-01-21
iec                                       2022-10-01  2022-12-30  2023-01-01  2023-01-01
iec                                       2026-11-30  2027-02-26  2027-02-28  2027-02-28
jr.cart                                   2022-07-13  2022-07-29  2022-07-29  2022-07-29
jr.ut                                     2026-11-20  2027-02-19  2027-02-20  2027-02-22
jr.ut                                     2026-11-30  2027-02-26  2027-02-28  2027-03-01
moveon.28                                 2023-07-31  -           2023-08-28  2023-08-28
moveon.28                                 2023-08-01  -           2023-08-29  2023-08-29
moveon.28                                 2024-12-08  -           2025-01-05  2025-01-05
moveon.28.single                          2025-09-01  -           2025-09-29  2025-09-29
moveon.28.single                          2026-03-08  -           2026-04-05  2026-04-05
moveon.42                                 2026-03-09  -           2026-04-20  2026-04-20
moveon.42                                 2026-11-20  -           2027-01-01  2027-01-01
moveon.42                                 2026-11-20  -           2027-01-07  2027-01-07  letter=2026-12-10
moveon.56.pilot                           2024-12-09  -           2025-02-03  2025-02-03
moveon.56.pilot                           2025-08-31  -           2025-10-26  2025-10-26
moveon.56.pilot                           2025-09-01  -           2025-10-27  2025-10-27
moveon.56.pilot                           2026-03-08  -           2026-05-03  2026-05-03
neg.21                                    2026-11-20  -           2026-12-11  2026-12-11
nrm.recovery                              2022-12-12  -           2023-01-26  2023-01-26
nrm.recovery                              2022-12-13  -           2023-01-12  2023-01-12
nrm.recovery                              2022-12-13  -           2023-03-13  2023-03-13  scotland
nrm.recovery                              2023-01-29  -           2023-02-28  2023-02-28
nrm.recovery                              2023-01-30  -           2023-03-01  2023-03-01
nrm.recovery.scotland                     2026-11-20  -           2027-02-18  2027-02-18
nrm.rg                                    2026-11-20  -           2026-11-27  2026-11-27
nrm.rg                                    2026-11-21  -           2026-11-30  2026-11-30
ntq                                       2026-11-20  -           2026-11-27  2026-11-27
overstayer                                2025-11-10  2025-11-24  2025-11-24  2025-11-24
overstayer                                2025-11-11  2025-11-25  2025-11-25  2025-11-25
pap                                       2026-11-20  -           2026-12-04  2026-12-04
phso                                      2024-02-29  2025-02-28  2025-02-28  2025-02-28
phso                                      2025-11-30  2026-11-30  2026-11-30  2026-11-30
sar                                       2026-01-31  -           2026-02-28  2026-03-02
sar                                       2026-09-03  -           2026-10-03  2026-10-05
sar                                       2026-11-25  -           2026-12-25  2026-12-29
sar.extend                                2026-09-03  -           2026-12-03  2026-12-03
stf24                                     2026-08-12  -           2027-01-27  2027-01-27
ukvi.administrative_review                2014-10-01  -           2014-10-29  2014-10-29
ukvi.complaint.ack                        2025-02-28  -           2025-03-04  2025-03-04
ukvi.complaint.ack                        2026-11-21  -           2026-11-25  2026-11-25
ukvi.complaint.serious                    2022-09-05  -           2022-11-28  2022-11-28
ukvi.complaint.stage1                     2022-09-05  -           2022-10-04  2022-10-04
ukvi.complaint.stage1                     2026-11-21  -           2026-12-21  2026-12-21
ukvi.family_partner.inside                2021-01-01  -           2021-02-26  2021-02-26
ukvi.family_partner.outside               2022-05-10  -           2022-08-02  2022-08-02
ukvi.family_partner.outside               2022-05-11  -           2022-10-26  2022-10-26
ukvi.family_partner.outside               2024-12-31  -           2025-06-17  2025-06-17
ukvi.family_partner.outside.priority      2026-11-20  -           2027-01-06  2027-01-06
ukvi.graduate.inside                      2021-01-01  -           2021-02-26  2021-02-26
ukvi.health_care.inside                   2021-01-01  -           2021-01-22  2021-01-22
ukvi.naturalisation                       2014-01-01  -           2014-07-01  2014-07-01
ukvi.naturalisation                       2026-08-31  -           2027-02-28  2027-02-28
ukvi.no_time_limit.inside                 2021-01-01  -           2021-07-01  2021-07-01
ukvi.priority.inside                      2026-11-21  -           2026-11-30  2026-11-30
ukvi.registration                         2014-01-01  -           2014-07-01  2014-07-01
ukvi.settlement.inside                    2021-01-01  -           2021-07-01  2021-07-01
ukvi.startup.inside                       2021-01-01  -           2021-01-22  2021-01-22
ukvi.study.inside                         2021-01-01  -           2021-02-26  2021-02-26
ukvi.super_priority.inside                2026-11-20  -           2026-11-23  2026-11-23
ukvi.visit.outside                        2022-01-01  -           2022-01-22  2022-01-22
ukvi.visitor_extension.inside             2021-01-01  -           2021-02-26  2021-02-26
ukvi.work.inside                          2021-01-01  -           2021-02-26  2021-02-26
ut.pta.in                                 2026-11-07  2026-11-20  2026-11-21  2026-11-23
ut.pta.in                                 2026-11-30  2026-12-30  2026-12-30  2026-12-30  abroad
ut.pta.in                                 2026-12-11  2026-12-24  2026-12-25  2026-12-29
ut.pta.out                                2026-01-31  2026-02-27  2026-02-28  2026-03-02
ut.to.ca                                  2026-11-20  2026-12-08  2026-12-08  2026-12-08
ut.to.ca                                  2026-11-20  2026-12-09  2026-12-09  2026-12-09  scotland
"""

# Rules without a limit: what holds from which day. A day is asked for and none is given.
FACTS = """
hmpo.mp          2026-11-20 1
ho.mp.calls      2022-01-01 1
ho.mp.urgent     2022-01-01 1
leave.refugee    2026-03-01 1
leave.refugee    2026-03-02 2
sar.clock        2026-02-05 1
support.duty     2026-06-01 1
"""

# Each change: the rule, a day, and the version that governs it (- for none).
CHANGES = """
ast.appeal                  2008-11-02 -   2008-11-03 1
dp.complaint                2026-06-18 -   2026-06-19 1
family_reunion              2025-09-03 -   2025-09-04 1
ftt.iac.appeal.in           2014-10-19 -   2014-10-20 1
ftt.iac.appeal.out          2014-10-19 -   2014-10-20 1
ftt.iac.citizens            2020-01-30 -   2020-01-31 1
ftt.iac.citizens.out        2020-01-30 -   2020-01-31 1
ftt.pta                     2018-05-13 -   2018-05-14 1
ftt.pta.out                 2018-05-13 -   2018-05-14 1
ho.mp.calls                 2021-12-31 -   2022-01-01 1
ho.mp.urgent                2021-12-31 -   2022-01-01 1
ho.mp.written               2020-11-26 -   2020-11-27 1
iec                         2022-09-30 -   2022-10-01 1
jr.cart                     2022-07-13 1   2022-07-14 2
leave.refugee               2026-03-01 1   2026-03-02 2
moveon.28                   1999-12-31 -   2000-01-01 1
moveon.28                   2023-07-31 1   2023-08-01 2
moveon.28                   2024-12-08 2   2024-12-09 -
moveon.28.single            2025-08-31 -   2025-09-01 1
moveon.28.single            2026-03-08 1   2026-03-09 -
moveon.42                   2026-03-08 -   2026-03-09 1
moveon.56.pilot             2024-12-08 -   2024-12-09 1
moveon.56.pilot             2025-08-31 1   2025-09-01 2
moveon.56.pilot             2026-03-08 2   2026-03-09 -
neg.21                      1999-12-31 -   2000-01-01 1
nrm.recovery                2022-12-12 1   2022-12-13 2
nrm.recovery                2023-01-29 2   2023-01-30 3
overstayer                  2025-11-10 1   2025-11-11 2
phso                        1966-12-31 -   1967-01-01 1
sar.clock                   2026-02-04 -   2026-02-05 1
stf24                       2026-08-11 -   2026-08-12 1
support.duty                2026-05-31 -   2026-06-01 1
ukvi.administrative_review  2014-09-30 -   2014-10-01 1
ukvi.asylum                 2014-03-31 -   2014-04-01 1
ukvi.asylum                 2018-12-31 1   2019-01-01 -
ukvi.complaint.ack          2025-02-27 -   2025-02-28 1
ukvi.complaint.serious      2022-09-04 -   2022-09-05 1
ukvi.complaint.stage1       2022-09-04 -   2022-09-05 1
ukvi.eta                    2022-12-31 -   2023-01-01 1
ukvi.euss                   2018-12-31 -   2019-01-01 1
ukvi.family_partner.inside  2020-12-31 -   2021-01-01 1
ukvi.family_partner.outside 2022-05-10 1   2022-05-11 2
ukvi.family_partner.outside 2024-12-31 2   2025-01-01 3
ukvi.graduate.inside        2020-12-31 -   2021-01-01 1
ukvi.health_care.inside     2020-12-31 -   2021-01-01 1
ukvi.naturalisation         2013-12-31 -   2014-01-01 1
ukvi.no_time_limit.inside   2020-12-31 -   2021-01-01 1
ukvi.passport.standard      2020-12-31 1   2021-01-01 2
ukvi.passport.standard      2022-11-30 2   2022-12-01 3
ukvi.priority.inside        2020-12-31 -   2021-01-01 1
ukvi.registration           2013-12-31 -   2014-01-01 1
ukvi.settlement.inside      2020-12-31 -   2021-01-01 1
ukvi.startup.inside         2020-12-31 -   2021-01-01 1
ukvi.study.inside           2020-12-31 -   2021-01-01 1
ukvi.super_priority.inside  2020-12-31 -   2021-01-01 1
ukvi.visit.outside          2021-12-31 -   2022-01-01 1
ukvi.visitor_extension.inside 2020-12-31 -   2021-01-01 1
ukvi.work.inside            2020-12-31 -   2021-01-01 1
"""

SEEN = [rule for rule in all_rules() if rule.status is not Status.UNCONFIRMED]


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


def day(text: str) -> date | None:
    return None if text == "-" else date.fromisoformat(text)


def sides() -> list[tuple[str, date, int | None]]:
    """Each side of each change: a rule, a day, and the version in force."""
    out = []
    for rule, before, old, after, new in rows(CHANGES):
        for on, version in ((before, old), (after, new)):
            out.append((rule, date.fromisoformat(on), None if version == "-" else int(version)))
    return out


@pytest.mark.parametrize("row", rows(GOLDEN), ids=lambda row: "-".join([row[0], row[1], *row[5:]]))
def test_the_days_of_a_rule(row: list[str]) -> None:
    rule, event, act_by, last, rolled, *where = row
    nations = {"scotland": Nation.SCOTLAND, "northern-ireland": Nation.NORTHERN_IRELAND}
    nation = next((nations[one] for one in where if one in nations), Nation.ENGLAND_AND_WALES)
    letter = next((day(one.removeprefix("letter=")) for one in where if one.startswith("letter=")), None)
    on = date.fromisoformat(event)
    found = compute(get(rule, on), on, nation, "abroad" in where, detained="detained" in where, letter=letter)
    assert (found.act_by, found.last_day, found.rolled_last_day) == (day(act_by), day(last), day(rolled))


@pytest.mark.parametrize(("rule", "on", "version"), [(rule, on, int(number)) for rule, on, number in rows(FACTS)])
def test_a_fact_has_no_day(rule: str, on: str, version: int) -> None:
    row = get(rule, date.fromisoformat(on))
    assert row.version == version
    with pytest.raises(NoLimit):
        compute(row, date.fromisoformat(on), Nation.ENGLAND_AND_WALES)


@pytest.mark.parametrize(("rule", "on", "version"), sides(), ids=lambda one: str(one))
def test_each_side_of_a_change(rule: str, on: date, version: int | None) -> None:
    if version is None:
        with pytest.raises(NotInForce):
            get(rule, on)
    else:
        assert get(rule, on).version == version


def without_golden_day(rules: Iterable[Rule]) -> list[tuple[str, int]]:
    """Id and version of the rows that no golden day and no fact is of."""
    tried: dict[str, set[int]] = defaultdict(set)
    for rule, on, *_rest in (*rows(GOLDEN), *rows(FACTS)):
        tried[rule].add(get(rule, date.fromisoformat(on)).version)
    return [(rule.id, rule.version) for rule in rules if rule.version not in tried[rule.id]]


def test_every_rule_that_was_seen_has_a_golden_day() -> None:
    assert without_golden_day(SEEN) == []
    further = msgspec.structs.replace(get("moveon.42", date(2026, 3, 9)), version=2)
    assert without_golden_day([*SEEN, further]) == [("moveon.42", 2)]


def ends() -> list[tuple[Rule, date]]:
    """Each first and last day of a row, with the day beyond it."""
    out = []
    for rule in all_rules():
        out += [(rule, rule.from_ - timedelta(days=1)), (rule, rule.from_)] if rule.from_ else []
        out += [(rule, rule.to), (rule, rule.to + timedelta(days=1))] if rule.to else []
    return out


def test_every_change_is_tried_on_both_sides() -> None:
    tried = {(rule, on) for rule, on, _version in sides()}
    assert not [(rule.id, on.isoformat()) for rule, on in ends() if (rule.id, on) not in tried]


def test_a_golden_day_of_a_rule_that_changed_stands_on_each_side() -> None:
    """Of each row of which a bank holiday list knows the first and last day, those days are among the golden ones."""
    tried = {(rule, date.fromisoformat(on)) for rule, on, *_rest in (*rows(GOLDEN), *rows(FACTS))}
    known = date(2012, 1, 1)
    for rule in SEEN:
        many = len([one for one in all_rules() if one.id == rule.id]) > 1 or rule.family is not None
        for edge in (rule.from_, rule.to):
            if many and edge is not None and edge >= known:
                assert (rule.id, edge) in tried, f"{rule.id} has no golden case for {edge}"
