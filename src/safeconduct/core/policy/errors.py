"""What can be wrong with the policy files, and the refusal itself."""

from __future__ import annotations

from safeconduct.core.policy.facts import Act, Decision


class PolicyError(Exception):
    """Any fault of the policy files."""


class PolicyFilesMissing(PolicyError):
    """The folder has no schema file or no policy file."""


class SchemaInvalid(PolicyError):
    """The schema file cannot be read."""


class PolicyInvalid(PolicyError):
    """A policy file cannot be read, or does not fit the schema."""


class PolicyUnnamed(PolicyError):
    """A policy has no ``@id``, or two have the same: decisions could not be explained."""


class ActsDiffer(PolicyError):
    """The schema knows other acts than the program does."""


class Refused(Exception):
    """The member may not do this. The message names the act and the policies, never a handle."""

    def __init__(self, act: Act, decision: Decision) -> None:
        self.act = act
        self.decision = decision
        if decision.errors:
            why = "the policies could not be evaluated"
        else:
            why = ", ".join(decision.policies) or "nothing permits it"
        super().__init__(f"{act.value} is refused: {why}")
