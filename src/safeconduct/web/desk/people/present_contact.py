"""How somebody may be reached, as pages show it: what to read first, each way with what was said of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from safeconduct.people.contact_rules import Channel
from safeconduct.people.facets import Contact, Never, Rules, Way

from ...templatetags.small import beside
from ...words import dates
from ...words.contact import CHANNELS, LINES, NEVER, SAID
from ...words.people import WAYS

Values = list[dict[str, Any]]


def safe(contact: Contact) -> str:
    """What must be read before any way is used, a line each: the note, who must hear nothing, what is never done.

    Drawn wherever a contact is. The code word is not in it: it stands on the person's own page.
    """
    lines = [contact.safe_note.strip()]
    if contact.never:
        lines.append(_("Must hear nothing: %(who)s.") % {"who": ", ".join(_in_a_line(one) for one in contact.never)})
    said = said_of(contact.rules)
    if said:
        lines.append(f"{said[0].upper()}{said[1:]}.")
    return "\n".join(line for line in lines if line)


def said_of(rules: Rules) -> str:
    """`never ring, may be texted, after 6 only, her sister may answer`; "" where nobody said anything."""
    said = [LINES[channel, getattr(rules, channel)] for channel in Channel if getattr(rules, channel)]
    parts = [str(one) for one in said]
    if rules.when:
        parts.append(rules.when)
    if rules.answered_by:
        parts.append(_("%(who)s may answer") % {"who": rules.answered_by})
    return ", ".join(parts)


def contacts(contact: Contact) -> Values:
    """Ways to reach somebody: the shape of components/contacts.html."""
    return [
        {
            "label": WAYS.get(one.kind, WAYS["other"]),
            "text": one.value,
            "kind": one.kind if one.kind in ("phone", "email") else "text",
            "note": note_of(one),
        }
        for one in contact.ways
    ]


def note_of(way: Way) -> str:
    """What stands beside a number or an address: what was said of it, and the note."""
    return beside([said_of(way.rules), way.note])


def more_rows(contact: Contact) -> Values:
    """The code word, and when this was settled and by whom; nothing where nobody wrote any."""
    rows: Values = []
    if contact.code_word:
        rows.append({"label": _("Code word"), "value": contact.code_word})
    if contact.since or contact.said_by:
        settled = [dates.plain(contact.since) if contact.since else "", contact.said_by]
        rows.append({"label": _("Settled"), "value": ", ".join(part for part in settled if part)})
    return rows


def contact_rows(contact: Contact) -> Values:
    """Contact as a summary list: where a form is drawn again beside what was saved meanwhile."""
    rows: Values = [{"label": _("Safe contact"), "value": contact.safe_note}]
    rows += [
        {"label": CHANNELS[channel], "value": str(SAID[getattr(contact.rules, channel)])}
        for channel in CHANNELS
        if getattr(contact.rules, channel)
    ]
    rows += [{"label": one["label"], "values": [one]} for one in contacts(contact)]
    rows += [{"label": _("Must hear nothing"), "value": _never(one)} for one in contact.never]
    return rows + more_rows(contact)


def _in_a_line(one: Never) -> str:
    """A kind begins with its article, which inside a sentence is not written large; a name stays as it is."""
    said = _never(one)
    return said if one.kind == "person" else said[:1].lower() + said[1:]


def _never(one: Never) -> str:
    kind = str(NEVER.get(one.kind, NEVER["other"]))
    if one.kind == "person":
        return one.who
    return f"{kind} ({one.who})" if one.who else kind
