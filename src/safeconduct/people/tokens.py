"""Under which tokens a record is found."""

from collections.abc import Iterable

from safeconduct.core.names.births import Birth
from safeconduct.core.names.kept import keep
from safeconduct.core.names.references import Kind, normal, recognise
from safeconduct.core.names.skeleton import query_tokens, record_tokens, reference_tokens, tokens

from .facets import CaseHead, Identity, Mail, Referenced, Status


def of_person(identity: Identity, status: Status, known: dict[str, frozenset[int]] | None = None) -> frozenset[int]:
    """A person is found by every spelling of their name and by each of their references. ``known``: see `tokens`."""
    return tokens((name.text for name in identity.names), known) | of_references(status.references)


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


def of_case_references(head: CaseHead) -> frozenset[int]:
    """A case is found by the office's own reference, and by what the authorities call its letters."""
    theirs = (one for about in head.enquiries.values() for one in recognise(about.their_reference))
    return of_own_reference(head.our_reference) | reference_tokens(one.normal for one in theirs)


def of_case(head: CaseHead) -> frozenset[int]:
    """A case is found by its references and by whom it concerns."""
    return of_case_references(head) | of_concerned(one.person for one in head.concerns)


def of_keys(keys: Iterable[str]) -> frozenset[int]:
    """What a text mentions that could be a reference (`core.names.mentions`), to look it up as one."""
    return reference_tokens(keys)


def of_message(mail: Mail, *, digest: str, mentioned: Iterable[str]) -> frozenset[int]:
    """A message is found by itself, by the thread it is in, by whom it is from and to, by what it may be about.

    ``digest`` (hex) is of the bytes it came in, ``mentioned`` are keys of what could be references in it. All of these
    are apart from the tokens that people and cases are found by: no search for somebody names a message.
    """
    said = [_said("sender", mail.sender), *(_said("to", one) for one in mail.to)] if mail.sender else []
    about = [_said("about", one) for one in mail.candidates]
    refers = [_said("refers", one) for one in mentioned]
    thread = [_said("thread", one) for one in (mail.message_id, *mail.answers) if one]
    return record_tokens([_said("itself", mail.message_id or digest), *said, *about, *refers, *thread])


def of_same_message(message_id: str, digest: str) -> frozenset[int]:
    """By what the same message given again is known: its own id or, where it has none, its bytes."""
    return record_tokens([_said("itself", message_id or digest)])


def of_thread(ids: Iterable[str]) -> frozenset[int]:
    """By what the messages of a thread are found."""
    return record_tokens(_said("thread", one) for one in ids if one)


def of_messages_about(cases: Iterable[str]) -> frozenset[int]:
    """By what the messages are found that were proposed for cases (handles, hex)."""
    return record_tokens(_said("about", one) for one in cases)


def of_messages_naming(keys: Iterable[str]) -> frozenset[int]:
    """By what the messages are found in which a reference stands."""
    return record_tokens(_said("refers", one) for one in keys)


def of_sender(address: str) -> frozenset[int]:
    """By what messages from an address are found."""
    return record_tokens([_said("sender", address)])


def of_recipient(address: str) -> frozenset[int]:
    """By what messages to an address are found."""
    return record_tokens([_said("to", address)])


def _said(what: str, value: str) -> str:
    # A handle is 32 figures: nothing with a colon in it is one.
    return f"{what}:{value}"


def of_references_typed(text: str) -> frozenset[int]:
    """What somebody typed, read as references: theirs, ours, or one of no known shape."""
    return reference_tokens([one.normal for one in recognise(text)] + [normal(Kind.OWN, text)])


def of_query(text: str) -> tuple[frozenset[int], ...]:
    """What somebody typed may be a name, part by part, or any reference."""
    return (*query_tokens(text), of_references_typed(text))
