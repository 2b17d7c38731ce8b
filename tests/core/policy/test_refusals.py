"""What a refusal says, and what is said of policy files that do not fit the program."""

import pytest

from safeconduct.core.policy.engine import POLICIES, PolicyBook
from safeconduct.core.policy.errors import ActsDiffer, Refused
from safeconduct.core.policy.facts import Act, Decision


@pytest.mark.parametrize(
    ("decision", "why"),
    [
        (Decision(False, ("member-disabled", "session-locked")), "member-disabled, session-locked"),
        (Decision(False, ()), "nothing permits it"),
        (Decision(False, (), ("failed",)), "the policies could not be evaluated"),
    ],
)
def test_a_refusal_names_its_act_and_why(decision: Decision, why: str) -> None:
    refused = Refused(Act.OPEN_CASE, decision)
    assert (refused.act, refused.decision) == (Act.OPEN_CASE, decision)
    assert str(refused).endswith(why)
    assert "OpenCase" in str(refused)
    assert "XX" not in str(refused)


def test_acts_that_only_one_of_both_knows_are_named(tmp_path) -> None:
    for file in POLICIES.iterdir():
        text = file.read_text("utf-8")
        if file.name == "schema.cedarschema":
            text += "\naction Juggle, Sing appliesTo { principal: Member, resource: Team };\n"
        (tmp_path / file.name).write_text(text, "utf-8")
    with pytest.raises(ActsDiffer, match=r"the same acts: Juggle, Sing$"):
        PolicyBook.load(tmp_path)
