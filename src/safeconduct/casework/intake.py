"""What an office asks before it acts, and what of it is missing on a day. It is told, and never stands in the way."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from safeconduct.people.facets import Authority, Intake, Needs


class Gap(StrEnum):
    """What is missing."""

    NOT_CHECKED = "not_checked"
    NOT_A_CONSTITUENT = "not_a_constituent"
    DOES_NOT_AGREE = "does_not_agree"
    NO_AUTHORITY = "no_authority"
    AUTHORITY_TO_COME = "authority_to_come"
    AUTHORITY_RAN_OUT = "authority_ran_out"
    AUTHORITY_NOT_SEEN = "authority_not_seen"
    NO_NOTICE = "no_notice"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing, and the day that says so where one does."""

    gap: Gap
    on: date | None = None


def missing(intake: Intake, *, today: date) -> list[Missing]:
    """What an office would want to settle, what the person forbade first."""
    out: list[Missing] = []
    if intake.agrees == "no":
        out.append(Missing(Gap.DOES_NOT_AGREE, intake.agreed_on))
    if intake.constituent == "":
        out.append(Missing(Gap.NOT_CHECKED))
    elif intake.constituent == "no":
        out.append(Missing(Gap.NOT_A_CONSTITUENT))
    out += _of_authorities(intake.authorities, today)
    if intake.notice_on is None:
        out.append(Missing(Gap.NO_NOTICE))
    return out


def in_force(authority: Authority, *, today: date) -> bool:
    """Whether it stands on a day: its last day counts, and one without an end stands until somebody takes it back."""
    begun = authority.signed_on is None or authority.signed_on <= today
    return begun and (authority.until is None or authority.until >= today)


def interpreter(intake: Intake, needs: Needs) -> tuple[str, str, str]:
    """Language, dialect and gender of the interpreter for this case: what the case says, else what the person needs."""
    return (
        intake.interpreter or needs.interpreter,
        intake.dialect or needs.dialect,
        intake.gender or needs.gender,
    )


def _of_authorities(authorities: tuple[Authority, ...], today: date) -> list[Missing]:
    if not authorities:
        return [Missing(Gap.NO_AUTHORITY)]
    standing = [one for one in authorities if in_force(one, today=today)]
    if standing:
        return [] if any(one.seen for one in standing) else [Missing(Gap.AUTHORITY_NOT_SEEN)]
    to_come = [one.signed_on for one in authorities if one.signed_on is not None and one.signed_on > today]
    if to_come:
        return [Missing(Gap.AUTHORITY_TO_COME, min(to_come))]
    return [Missing(Gap.AUTHORITY_RAN_OUT, max(one.until for one in authorities if one.until is not None))]
