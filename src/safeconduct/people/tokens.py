"""Under which tokens a record is found."""

from collections.abc import Iterable

from safeconduct.core.names.births import Birth
from safeconduct.core.names.kept import keep
from safeconduct.core.names.references import Kind, normal, recognise
from safeconduct.core.names.skeleton import query_tokens, record_tokens, reference_tokens, tokens

from .facets import CaseHead, Identity, Referenced, Status


def of_person(identity: Identity, status: Status) -> frozenset[int]:
    """A person is found by every spelling of their name and by each of their references."""
    return tokens(name.text for name in identity.names) | of_references(status.references)


def kept(identity: Identity) -> bytes:
    """What the index keeps of a person to rank them by: nothing in it can be shown as a name."""
    births = (
        Birth(one.year, one.month, one.day, about=one.precision == "estimated") for one in identity.births if one.year
    )
    return keep((name.text for name in identity.names), births)


def of_references(references: Iterable[Referenced]) -> frozenset[int]:
    """Tokens of references in their normal form."""
    return reference_tokens(normal(Kind(one.kind), one.value) for one in references)


def of_own_reference(reference: str) -> frozenset[int]:
    """A case is found by the office's own reference for it."""
    return reference_tokens([normal(Kind.OWN, reference)]) if reference else frozenset()


def of_concerned(people: Iterable[str]) -> frozenset[int]:
    """Cases are found by the handles (hex) of whom they concern. Only the sealed index of a team says so."""
    return record_tokens(people)


def of_case(head: CaseHead) -> frozenset[int]:
    """A case is found by the office's own reference and by whom it concerns."""
    return of_own_reference(head.our_reference) | of_concerned(one.person for one in head.concerns)


def of_references_typed(text: str) -> frozenset[int]:
    """What somebody typed, read as references: theirs, ours, or one of no known shape."""
    return reference_tokens([one.normal for one in recognise(text)] + [normal(Kind.OWN, text)])


def of_query(text: str) -> tuple[frozenset[int], ...]:
    """What somebody typed may be a name, part by part, or any reference."""
    return (*query_tokens(text), of_references_typed(text))
