"""Who may do what: Cedar policies over plain facts.

A request is refused unless a policy permits it, no policy forbids it, and **nothing went wrong**. The last is
ours: Cedar skips a policy that fails while it is evaluated, so a ``forbid`` that fails would let through what it
was written to stop. Here each request and its facts are checked against the schema, and one error anywhere in the
diagnostics refuses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from safeconduct.core.policy.errors import (
    ActsDiffer,
    PolicyFilesMissing,
    PolicyInvalid,
    PolicyUnnamed,
    Refused,
    SchemaInvalid,
)
from safeconduct.core.policy.facts import (
    Account,
    Act,
    Case,
    Decision,
    Household,
    Import,
    Member,
    Message,
    Organisation,
    Person,
    Request,
    Resource,
    SealedSource,
    Source,
    Team,
)

if TYPE_CHECKING:  # slow to import: whoever decides nothing does without
    import cedarpy

__all__ = [
    "Account",
    "Act",
    "Case",
    "Decision",
    "Household",
    "Import",
    "Member",
    "Message",
    "Organisation",
    "Person",
    "PolicyBook",
    "Refused",
    "Request",
    "Resource",
    "SealedSource",
    "Source",
    "Team",
    "book",
    "decide",
    "decide_many",
    "require",
]

POLICIES: Final = Path(__file__).parent / "policies"

# Members whose facts are kept parsed. All their facts, as JSON, are the key: a changed fact is another entry, never a
# stale one, and 0 is not taken for false.
_ACTORS_KEPT: Final = 256

# How the schema handle writes an act; a group of acts has no `appliesTo`:
#     action "OpenCase" in [Action::"Sealed"] appliesTo {
_ACTION: Final = re.compile(r'^action "([^"]+)"(?: in \[[^]]*\])? appliesTo', re.MULTILINE)


class PolicyBook:
    """Policies and schema, read and validated once, ready to decide. Safe to share between threads."""

    def __init__(self, policies: str, schema: str) -> None:
        """Parse and validate; raises ``SchemaInvalid``, ``PolicyInvalid`` or ``PolicyUnnamed``."""
        import cedarpy

        try:
            self._schema = cedarpy.Schema.from_str(schema)
        except ValueError as error:
            raise SchemaInvalid(f"the schema cannot be read: {error}") from error
        try:
            self._policies = cedarpy.PolicySet.from_str(policies)
        except ValueError as error:
            raise PolicyInvalid(f"the policies cannot be read: {error}") from error
        validation = cedarpy.validate_policies(policies, self._schema)
        if not validation.validation_passed:
            raise PolicyInvalid("; ".join(str(error) for error in validation.errors))
        self.policy_ids = _policy_ids(policies)
        self._actor = lru_cache(maxsize=_ACTORS_KEPT)(self._parse_actor)

    @classmethod
    def load(cls, folder: Path = POLICIES) -> PolicyBook:
        """Read ``schema.cedarschema`` and every ``*.cedar`` file of a folder.

        Raises what the constructor raises, ``PolicyFilesMissing``, and ``ActsDiffer`` when the acts of the
        schema are not exactly those of ``Act``.
        """
        schema_file, policy_files = folder / "schema.cedarschema", sorted(folder.glob("*.cedar"))
        if not schema_file.is_file() or not policy_files:
            raise PolicyFilesMissing(f"{folder} needs schema.cedarschema and at least one .cedar file")
        loaded = cls(
            "\n".join(file.read_text(encoding="utf-8") for file in policy_files),
            schema_file.read_text(encoding="utf-8"),
        )
        loaded._require_same_acts()
        return loaded

    def decide(self, request: Request) -> Decision:
        """Answer one request. Never raises for what is in the request: anything amiss is a refusal."""
        return self.decide_many(request.actor, request.act, [request.resource])[0]

    def decide_many(self, actor: Member, act: Act, resources: Sequence[Resource]) -> list[Decision]:
        """Answer for one member and act over several resources, in their order: a list is one call."""
        import cedarpy

        try:
            asked = [
                {
                    "principal": _entity("Member", actor.handle),
                    "action": _entity("Action", act),
                    "resource": _uid(resource),
                }
                for resource in resources
            ]
            known = self._actor(json.dumps(_member(actor)))
            entities = known.with_added_json_str(_entities(resources), self._schema)
            answers = cedarpy.is_authorized_batch(asked, self._policies, entities, self._schema)
        except (ValueError, TypeError, AttributeError) as error:
            # Facts that do not fit: cedarpy, or the lines above, raise on them. No caller may depend on that.
            return [Decision(allowed=False, policies=(), errors=(str(error),)) for _ in resources]
        return [_decision(answer) for answer in answers]

    def require(self, request: Request) -> Decision:
        """Return the decision if it allows; raise ``Refused`` if not."""
        decision = self.decide(request)
        if not decision.allowed:
            raise Refused(request.act, decision)
        return decision

    def _parse_actor(self, entity: str) -> cedarpy.Entities:
        import cedarpy

        return cedarpy.Entities.from_json_str(f"[{entity}]", self._schema)

    def _require_same_acts(self) -> None:
        acts = {act.value for act in Act}
        in_schema = set(_ACTION.findall(str(self._schema)))
        if acts != in_schema:
            only_one = ", ".join(sorted(acts ^ in_schema))
            raise ActsDiffer(f"the schema and the program do not know the same acts: {only_one}")


def _policy_ids(policies: str) -> tuple[str, ...]:
    """Return the ``@id`` of every policy; raise ``PolicyUnnamed`` unless each has its own."""
    import cedarpy

    ids: list[str] = []
    for policy in json.loads(cedarpy.policies_to_json_str(policies))["staticPolicies"].values():
        name = policy.get("annotations", {}).get("id")
        if not name:
            raise PolicyUnnamed(f"a {policy['effect']} policy has no @id")
        if name in ids:
            raise PolicyUnnamed(f"two policies have the @id {name}")
        ids.append(name)
    return tuple(ids)


def _uid(resource: Resource) -> dict[str, str]:
    return {"type": type(resource).__name__, "id": resource.handle}


def _entity(kind: str, handle: str) -> dict[str, str]:
    return {"type": kind, "id": handle}


def _references(kind: str, handles: Iterable[str]) -> list[dict[str, Any]]:
    return [{"__entity": _entity(kind, handle)} for handle in sorted(handles)]


def _member(member: Member) -> dict[str, Any]:
    return {
        "uid": _entity("Member", member.handle),
        "attrs": {
            "organisation": {"__entity": _entity("Organisation", member.organisation)},
            "caseworker_in": _references("Team", member.caseworker_in),
            "lead_of": _references("Team", member.lead_of),
            "guardian": member.guardian,
            "disabled": member.disabled,
            "unlocked": member.unlocked,
        },
        "parents": [],
    }


def _entities(resources: Sequence[Resource]) -> str:
    """Return the resources as a Cedar entities document; one that is named twice alike appears once."""
    rows = {json.dumps(_resource(resource)): None for resource in resources}
    return f"[{','.join(rows)}]"


def _resource(resource: Resource) -> dict[str, Any]:
    """Return one resource as Cedar sees it, for example

    {"uid": {"type": "Case", "id": "c1"}, "attrs": {},
     "parents": [{"type": "Organisation", "id": "o1"}, {"type": "Team", "id": "t1"}]}
    """
    attributes: dict[str, Any] = {}
    teams: Iterable[str] = ()
    if isinstance(resource, Person | Case | Household | Message | SealedSource):
        teams = resource.teams
    elif isinstance(resource, Import):
        teams = (resource.team,)
        attributes["brought_in_by"] = {"__entity": _entity("Member", resource.brought_in_by)}
    elif isinstance(resource, Source):
        attributes["taken_in_by"] = {"__entity": _entity("Member", resource.taken_in_by)}
    elif isinstance(resource, Account):
        attributes["owner"] = {"__entity": _entity("Member", resource.handle)}
    parents = [_entity("Team", handle) for handle in sorted(teams)]
    if not isinstance(resource, Organisation):
        parents.append(_entity("Organisation", resource.organisation))
    return {"uid": _uid(resource), "attrs": attributes, "parents": parents}


def _decision(answer: cedarpy.AuthzResult) -> Decision:
    diagnostics = answer.diagnostics
    if diagnostics.errors:
        return Decision(allowed=False, policies=(), errors=tuple(diagnostics.errors))
    names = diagnostics.id_annotations_by_reason
    policies = tuple(sorted(names[reason] for reason in diagnostics.reasons))
    return Decision(allowed=answer.allowed, policies=policies)


@lru_cache(maxsize=1)
def book() -> PolicyBook:
    """Return the policies this package ships, loaded once."""
    return PolicyBook.load()


def decide(request: Request) -> Decision:
    """Answer one request by the shipped policies."""
    return book().decide(request)


def decide_many(actor: Member, act: Act, resources: Sequence[Resource]) -> list[Decision]:
    """Answer for several resources by the shipped policies."""
    return book().decide_many(actor, act, resources)


def require(request: Request) -> Decision:
    """Return the decision of the shipped policies if it allows; raise ``Refused`` if not."""
    return book().require(request)
