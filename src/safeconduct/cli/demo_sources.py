"""What the demo's archive holds: a thread with a gap, a letter and its copy, a post in Arabic, a file in confidence."""

from __future__ import annotations

import contextlib
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.accounts.actor import Actor
    from safeconduct.accounts.models import Team

_THREAD: Final = (
    "Some of you asked what happened at the Tidewell Road hotel on Friday night, so here is what we know. All of this"
    " was told to us by people who live there. 1/\n"
    "At half past nine two coaches came. Nobody had been told. People were given twenty minutes and one bag each, and"
    " the families on the second floor were woken by the doors. 2/\n"
    "The manager said it had been decided “above us” and gave a number. We rang it eleven times. It is the number of a"
    " helpline that closes at six. 4/\n\n"
    "tidewell-news.example/2020/11/coach…\n"
    "We asked the ministry who decided it. The answer was that they do not comment on “operational matters”. 5/6\n\n"
    "• • •\n\n"
    "Missing some Tweet in this thread? You can try to force a refresh\n\n"
    "Keep Current with Marlow Invented\n\n"
    "This Thread may be Removed Anytime!\n\n"
    "More from @marlow_invented\n\n"
    "18 Nov\n"
    "THREAD: what a hotel costs by the night, and who is paid for it. 1/\n"
    "Read 9 tweets\n\n"
    "Did Thread Reader help you today?\n"
)
_ASKS: Final = (
    "We write because forty people, eleven of them children, were moved out of the Tidewell Road hotel at night, with "
    "twenty minutes to pack and no word of where they would sleep. The school was not told. The doctor was not told.",
    "We ask the ministry to say in writing who decided this, when it was decided, and what it was told about the "
    "children before it was. We ask that nobody is moved again without a week of notice and an interpreter.",
    "An answer that it does not comment on operational matters is no answer to forty people on a coach.",
)
_LETTER: Final = (
    '<!doctype html><html lang="en-GB"><head><title>Open letter on the Tidewell Road hotel</title>'
    '<meta name="author" content="Westmere Welcome (invented)">'
    '<meta property="article:published_time" content="2020-11-24T09:00:00+00:00">'
    "<style>body { font: 18px/1.5 serif; max-width: 40em; margin: 2em auto }</style></head><body><article>"
    "<h1>Open letter on the Tidewell Road hotel</h1>"
    + "".join(f"<p>{one}</p>" for one in _ASKS)
    + "<p>Signed by ninety-one neighbours.</p></article></body></html>"
)
_COPY: Final = "Handed on from our friends at Westmere Welcome, please sign:\n\n" + "\n\n".join(_ASKS[:2]) + "\n"
_ARABIC: Final = (
    '<!doctype html><html lang="ar" dir="rtl"><head><title>ليلة الحافلات</title><meta name="author" content="سلمى '
    'المخترعة"><meta property="article:published_time" content="2020-11-22"></head><body><article><h1>ليلة الحافلات'
    "</h1><p>جاءت الحافلات في التاسعة والنصف ليلاً ولم يخبرنا أحد. قالوا لنا: عشرون دقيقة وحقيبة واحدة لكل شخص.</p>"
    "<p>سألنا إلى أين نذهب فقالوا إنهم لا يعرفون. وصلنا إلى مدينة أخرى قبل الفجر، ولم تكن هناك غرف للعائلات.</p>"
    "</article></body></html>"
)
_ROTA: Final = """Rota for the night of the 20th, as it hung in the office (invented)

Coaches at 21.30, both doors. Second floor first. Do not say where to. Questions to the helpline.
"""


def put_in(by: Actor, team: Team) -> None:
    """Take them in, where this machine can read files of others."""
    if find_spec("trafilatura") is None or find_spec("warcio") is None:
        return
    from safeconduct.archive.actions.cite import cite_words  # here: Django is started now
    from safeconduct.archive.actions.confidence import take_in_confidence
    from safeconduct.archive.actions.notes import add_collection, add_note, add_tag, collect
    from safeconduct.archive.actions.take_in import take_in
    from safeconduct.archive.faults import CannotRead, NotTakenIn

    with contextlib.suppress(CannotRead):
        named = ("thread.txt", "https://threads.example/tidewell")
        thread = take_in(by=by, data=_THREAD.encode(), name=named[0], address=named[1]).source
        there = "https://westmere-welcome.example/2020/11/open-letter"
        letter = take_in(by=by, data=_LETTER.encode(), address=there).source
        take_in(by=by, data=_COPY.encode(), name="copy.txt", address="https://tidewell-friends.example/please-sign")
        arabic = take_in(by=by, data=_ARABIC.encode(), address="https://salma.example/2020/11/night").source
        take_in_confidence(
            by=by, team=team, data=_ROTA.encode(), name="rota.txt", note="Handed over at the food bank. Never named."
        )
        told = cite_words(by=by, source=thread, quote="People were given twenty minutes and one bag each")
        asked = cite_words(by=by, source=letter, quote="forty people, eleven of them children, were moved")
        minutes = cite_words(by=by, source=arabic, quote="عشرون دقيقة وحقيبة واحدة لكل شخص")
        night = add_collection(by=by, team=team, name="The night of the coaches")
        for source, passage in ((thread, told), (arabic, minutes), (letter, asked), (letter, None)):
            collect(by=by, collection=night, source=source, passage=passage)
        add_tag(by=by, team=team, source=letter, word="Tidewell Road")
        add_note(by=by, team=team, source=letter, passage=asked, text="The school confirmed eleven. Ask which years.")
        with contextlib.suppress(NotTakenIn):
            take_in(by=by, data=b"%PDF-1.7\n% cut short while it was saved\n", name="statement.pdf")
