"""Which of a team's bundles is the newest, as the log has it: so that an older one put back is noticed."""

from datetime import datetime

from safeconduct.core.sealing.bundles import TeamBundle
from safeconduct.core.sealing.members import fingerprint
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Commitment
from safeconduct.journal.queries import latest_commitments

from .models import Team
from .rosters import KeySubstituted


def commit(team: Team, bundle: TeamBundle) -> Written:
    """What the log commits to of a team's bundle each time its keys are renewed."""
    return Written(team.handle, bundle.number, fingerprint(bundle.public))


def check(team: Team, bundle: TeamBundle) -> None:
    """Raises `KeySubstituted` unless ``bundle`` is the newest the log knows of. A team's first is not in the log."""
    number, digest = latest_commitments([team.handle]).get(team.handle, (1, fingerprint(bundle.public)))
    if (bundle.number, fingerprint(bundle.public)) != (number, digest) or team.key_number != number:
        raise KeySubstituted("a team's keys are not the newest the log knows of; nothing was sealed with them")


def renewed_at(team: Team) -> datetime | None:
    """When the team's newest keys were made, as the log has it; None for its first, which are not in the log."""
    made = Commitment.objects.filter(envelope=team.handle, revision=team.key_number)
    return made.values_list("entry__at", flat=True).first()


def is_number_as_logged(team: Team) -> bool:
    """Whether the team's row counts as many bundles as the log. Needs no key."""
    number, _ = latest_commitments([team.handle]).get(team.handle, (1, b""))
    return team.key_number == number
