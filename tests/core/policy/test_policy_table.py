"""The page of policies says what the policies do."""

from pathlib import Path

from safeconduct.core.policy.engine import POLICIES, Act, PolicyBook, book
from safeconduct.core.policy.table import ROWS, markdown

PAGE = Path(__file__).parents[3] / "docs/reference/policies.md"


def test_the_page_is_what_the_policies_decide() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown(book()), (
        "run: python -m safeconduct.core.policy.table > docs/reference/policies.md"
    )


def test_the_page_has_every_act_and_every_policy() -> None:
    assert {act for act, _, _ in ROWS} == set(Act)
    page = PAGE.read_text(encoding="utf-8")
    for policy in book().policy_ids:
        assert f"| `{policy}` |" in page


def test_another_policy_gives_another_page() -> None:
    texts = [file.read_text(encoding="utf-8") for file in sorted(POLICIES.glob("*.cedar"))]
    more = '@id("shut") forbid (principal, action == Action::"ExportLog", resource);'
    shut = PolicyBook("\n".join([*texts, more]), (POLICIES / "schema.cedarschema").read_text(encoding="utf-8"))
    assert markdown(shut) != markdown(book())
