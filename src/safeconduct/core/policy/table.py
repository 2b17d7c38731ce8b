"""The policies as a table of who may do what, made by asking them.

``python -m safeconduct.core.policy.table`` prints docs/reference/policies.md; a test compares the two.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from safeconduct.core.policy.engine import (
    Account,
    Act,
    Case,
    Household,
    Import,
    Member,
    Message,
    Organisation,
    Person,
    PolicyBook,
    Request,
    Resource,
    SealedSource,
    Source,
    Team,
    book,
)

_ORGANISATION: Final = "organisation"
_TEAM: Final = frozenset({"team"})
_OTHER_TEAM: Final = frozenset({"other team"})
_NOBODY: Final = Member("actor", _ORGANISATION, frozenset(), frozenset(), guardian=False, disabled=False, unlocked=True)
_EVERYTHING: Final = replace(_NOBODY, caseworker_in=_TEAM, lead_of=_TEAM, guardian=True)

ACTORS: Final[dict[str, Member]] = {
    "caseworker": replace(_NOBODY, caseworker_in=_TEAM),
    "lead": replace(_NOBODY, lead_of=_TEAM),
    "guardian": replace(_NOBODY, guardian=True),
    "guardian and caseworker": replace(_NOBODY, guardian=True, caseworker_in=_TEAM),
    "caseworker of another team": replace(_NOBODY, caseworker_in=_OTHER_TEAM),
    "lead of another team": replace(_NOBODY, lead_of=_OTHER_TEAM),
    "in no team": _NOBODY,
    "everything, but disabled": replace(_EVERYTHING, disabled=True),
    "everything, but locked": replace(_EVERYTHING, unlocked=False),
    "everything, elsewhere": replace(_EVERYTHING, organisation="another organisation"),
}
"""Members by what they are to the team and organisation in question."""

_PERSON: Final = Person("person", _ORGANISATION, _TEAM)
_CASE: Final = Case("case", _ORGANISATION, _TEAM)
_HOUSEHOLD: Final = Household("household", _ORGANISATION, _TEAM)
_MESSAGE: Final = Message("message", _ORGANISATION, _TEAM)
_OWN_TEAM: Final = Team("team", _ORGANISATION)
_HOUSE: Final = Organisation(_ORGANISATION)
_SOURCE: Final = Source("source", _ORGANISATION, "colleague")
_IN_CONFIDENCE: Final = SealedSource("sealed source", _ORGANISATION, _TEAM)
_COLLEAGUE: Final = Account("colleague", _ORGANISATION)

ROWS: Final[list[tuple[Act, str, Resource]]] = [
    (Act.OPEN_PERSON, "a person the team holds", _PERSON),
    (Act.CHANGE_PERSON, "a person the team holds", _PERSON),
    (Act.OPEN_CASE, "a case the team holds", _CASE),
    (Act.CHANGE_CASE, "a case the team holds", _CASE),
    (Act.LOG_EVENT, "a case the team holds", _CASE),
    (Act.OPEN_HOUSEHOLD, "a household the team holds", _HOUSEHOLD),
    (Act.CHANGE_HOUSEHOLD, "a household the team holds", _HOUSEHOLD),
    (Act.MERGE, "a person the team holds", _PERSON),
    (Act.OPEN_LOG, "a person the team holds", _PERSON),
    (Act.OPEN_LOG, "a case the team holds", _CASE),
    (Act.OPEN_LOG, "a household the team holds", _HOUSEHOLD),
    (Act.EXPORT_PAPER, "a person the team holds", _PERSON),
    (Act.EXPORT_PAPER, "a case the team holds", _CASE),
    (Act.OPEN_HISTORY, "a person the team holds", _PERSON),
    (Act.OPEN_HISTORY, "a case the team holds", _CASE),
    (Act.OPEN_HISTORY, "a household the team holds", _HOUSEHOLD),
    (Act.STRIKE_HISTORY, "a person the team holds", _PERSON),
    (Act.STRIKE_HISTORY, "a case the team holds", _CASE),
    (Act.STRIKE_HISTORY, "a household the team holds", _HOUSEHOLD),
    (Act.ASK_ERASURE, "a person the team holds", _PERSON),
    (Act.ASK_ERASURE, "a case the team holds", _CASE),
    (Act.ASK_ERASURE, "a household the team holds", _HOUSEHOLD),
    (Act.ERASE, "a person the team holds", _PERSON),
    (Act.ERASE, "a case the team holds", _CASE),
    (Act.ERASE, "a household the team holds", _HOUSEHOLD),
    (Act.LIST_CERTIFICATES, "the organisation", _HOUSE),
    (Act.LIST_PEOPLE, "the team", _OWN_TEAM),
    (Act.LIST_AGENDA, "the team", _OWN_TEAM),
    (Act.BRING_IN, "the team", _OWN_TEAM),
    (Act.UNDO_BRING_IN, "a file a colleague brought in", Import("import", _ORGANISATION, "team", "colleague")),
    (Act.UNDO_BRING_IN, "a file brought in oneself", Import("own import", _ORGANISATION, "team", "actor")),
    (Act.CHANGE_MEMBERSHIP, "the team", _OWN_TEAM),
    (Act.INVITE_MEMBER, "the organisation", _HOUSE),
    (Act.CREATE_TEAM, "the organisation", _HOUSE),
    (Act.SET_OFFICE_DAYS, "the organisation", _HOUSE),
    (Act.OPEN_ORGANISATION_LOG, "the organisation", _HOUSE),
    (Act.EXPORT_LOG, "the organisation", _HOUSE),
    (Act.SET_TRIPWIRE, "the organisation", _HOUSE),
    (Act.ANSWER_ALARM, "the organisation", _HOUSE),
    (Act.DISABLE_MEMBER, "a colleague's account", _COLLEAGUE),
    (Act.CHANGE_OWN_PASSPHRASE, "one's own account", Account("actor", _ORGANISATION)),
    (Act.CHANGE_OWN_PASSPHRASE, "a colleague's account", _COLLEAGUE),
    (Act.CHANGE_OWN_FACTORS, "one's own account", Account("actor", _ORGANISATION)),
    (Act.CHANGE_OWN_FACTORS, "a colleague's account", _COLLEAGUE),
    (Act.REMOVE_FACTORS, "a colleague's account", _COLLEAGUE),
    (Act.SET_LEAVE, "a colleague's account", _COLLEAGUE),
    (Act.SET_GUARDIAN, "a colleague's account", _COLLEAGUE),
    (Act.RENEW_KEYS, "the team", _OWN_TEAM),
    (Act.MAKE_KITS, "the organisation", _HOUSE),
    (Act.TRY_KITS, "the organisation", _HOUSE),
    (Act.OPEN_OWN_KIT, "one's own account", Account("actor", _ORGANISATION)),
    (Act.OPEN_OWN_KIT, "a colleague's account", _COLLEAGUE),
    (Act.STOP_RECOVERY, "the organisation", _HOUSE),
    (Act.TAKE_IN_MAIL, "the team", _OWN_TEAM),
    (Act.OPEN_MESSAGE, "a message the team holds", _MESSAGE),
    (Act.FILE_MESSAGE, "a message the team holds", _MESSAGE),
    (Act.EXPORT_PAPER, "a message the team holds", _MESSAGE),
    (Act.OPEN_LOG, "a message the team holds", _MESSAGE),
    (Act.ASK_ERASURE, "a message the team holds", _MESSAGE),
    (Act.ERASE, "a message the team holds", _MESSAGE),
    (Act.OPEN_DIRECTORY, "the team", _OWN_TEAM),
    (Act.CHANGE_DIRECTORY, "the team", _OWN_TEAM),
    (Act.READ_ARCHIVE, "the organisation", _HOUSE),
    (Act.TAKE_IN_SOURCE, "the organisation", _HOUSE),
    (Act.WATCH_SOURCE, "a public source", _SOURCE),
    (Act.WATCH_DUE, "a public source", _SOURCE),
    (Act.MASK_SOURCE, "a public source", _SOURCE),
    (Act.CITE_SOURCE, "a public source", _SOURCE),
    (Act.HAND_OVER_SOURCE, "a public source", _SOURCE),
    (Act.REMOVE_SOURCE, "a public source a colleague took in", _SOURCE),
    (Act.REMOVE_SOURCE, "a public source taken in oneself", Source("own source", _ORGANISATION, "actor")),
    (Act.TAKE_IN_CONFIDENCE, "the team", _OWN_TEAM),
    (Act.OPEN_SEALED_SOURCE, "a source in confidence", _IN_CONFIDENCE),
    (Act.CHANGE_SEALED_SOURCE, "a source in confidence", _IN_CONFIDENCE),
    (Act.HAND_OVER_SEALED_SOURCE, "a source in confidence", _IN_CONFIDENCE),
    (Act.REMOVE_SEALED_SOURCE, "a source in confidence", _IN_CONFIDENCE),
    (Act.OPEN_NOTES, "the team", _OWN_TEAM),
    (Act.CHANGE_NOTES, "the team", _OWN_TEAM),
    (Act.ASSIGN, "the team", _OWN_TEAM),
    (Act.SEE_LOAD, "the team", _OWN_TEAM),
    (Act.EXPORT_OFFICE, "the team", _OWN_TEAM),
    (Act.SET_COVER, "one's own account", Account("actor", _ORGANISATION)),
    (Act.SET_COVER, "a colleague's account", _COLLEAGUE),
    (Act.MAKE_FEED, "one's own account", Account("actor", _ORGANISATION)),
    (Act.MAKE_FEED, "a colleague's account", _COLLEAGUE),
]
"""Every act with each kind of resource that makes a difference."""

_HEAD: Final = """\
# Who may do what

Generated from the policy files by `python -m safeconduct.core.policy.table`, one decision a cell; a test fails when it
is stale. "The team" is the team that holds the record or file in question; "elsewhere" is a member of another
organisation. Unlocking and signing out need no permission. In which state of a record an act makes sense is not said
here: that is checked after the decision, in each room's `rules`.
"""

_FOOT: Final = """\

Nothing else is permitted. A refusal names the policies that forbade; where none forbade and none permitted, it names
none. An error while deciding refuses as well.
"""


def markdown(policies: PolicyBook) -> str:
    """Return the page: the table of decisions, and after it what each policy decided in it."""
    lines = [_HEAD, f"| act | on | {' | '.join(ACTORS)} |", f"|---|---|{':-:|' * len(ACTORS)}"]
    permits: dict[str, list[str]] = {}
    forbids: dict[str, list[str]] = {}
    for act, on, resource in ROWS:
        cells = []
        for actor in ACTORS.values():
            decision = policies.decide(Request(actor, act, resource))
            cells.append("yes" if decision.allowed else "–")
            for policy in decision.policies:
                acts = (permits if decision.allowed else forbids).setdefault(policy, [])
                if act not in acts:
                    acts.append(act)
        lines.append(f"| `{act}` | {on} | {' | '.join(cells)} |")
    for title, decided in (("Permits", permits), ("Forbids, whatever is permitted", forbids)):
        lines += ["", f"## {title}", "", "| policy | acts |", "|---|---|"]
        for policy in policies.policy_ids:
            if policy in decided:
                named = ", ".join(f"`{act}`" for act in decided[policy])
                lines.append(f"| `{policy}` | {'every act' if len(decided[policy]) == len(Act) else named} |")
    return "\n".join(lines) + "\n" + _FOOT


if __name__ == "__main__":
    print(markdown(book()), end="")
