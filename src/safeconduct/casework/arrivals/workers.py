"""Whom a sheet means by its worker column."""

from collections.abc import Iterable, Mapping

from safeconduct.accounts.models import Member, Team


def of_team(team: Team) -> list[Member]:
    """Those who can be given a case of a team: its active members, by name."""
    members = Member.objects.filter(memberships__team=team, state=Member.State.ACTIVE)
    return list(members.order_by("name"))


def guess(texts: Iterable[str], members: Iterable[Member]) -> dict[str, Member]:
    """Members by the text that stands for them: a sign-in name, a whole or first name, or initials.

    A text that fits two members fits nobody.
    """
    by_text: dict[str, set[Member]] = {}
    for member in members:
        words = member.name.split()
        forms = {member.sign_in, member.name, words[0] if words else "", "".join(word[0] for word in words)}
        for form in forms:
            if form:
                by_text.setdefault(form.casefold(), set()).add(member)
    found = {text: by_text.get(text.strip().casefold(), set()) for text in texts if text.strip()}
    return {text: next(iter(members)) for text, members in found.items() if len(members) == 1}


def resolve(texts: Iterable[str], members: Iterable[Member], chosen: Mapping[str, str]) -> dict[str, Member | None]:
    """Members by text, a person's choice (member's handle, "" for nobody) before the guess."""
    everybody = list(members)
    by_handle = {member.handle.hex: member for member in everybody}
    wanted = {text for text in texts if text.strip()}
    guessed = guess(wanted, everybody)
    return {text: by_handle.get(chosen[text]) if text in chosen else guessed.get(text) for text in wanted}
