"""A member's calendar for a program of their own: days, kinds and counts. It names nobody, and leads nowhere.

Whoever holds its address reads it, without a session: so its address is told once, its hash alone is kept, and it can
be ended or made again at any time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from safeconduct.agenda.actions.feed import end_feed, make_feed
from safeconduct.agenda.feeds import Days, read_feed
from safeconduct.agenda.models import Feed, Item

from ...access import Request
from ...words import dates
from ...words.due import IN_CALENDAR


def view(_request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of whoever's secret it is; 404 for any other, after as much work."""
    found = read_feed(secret)
    written = _written(found or _NOTHING)
    if found is None:
        return HttpResponseNotFound(b"", content_type="text/plain; charset=utf-8")
    return HttpResponse(written, content_type="text/calendar; charset=utf-8")


def own(request: Request) -> HttpResponse:
    """Whether a member has one; make it, make it again, end it."""
    by = request.actor
    once = ""
    if request.method == "POST":
        if request.POST.get("do") == "end":
            end_feed(by=by)
            return redirect("feed-own")
        once = request.build_absolute_uri(reverse("feed", args=[make_feed(by=by)]))
    feed = Feed.objects.filter(member=by.member).first()
    context = {
        "made": dates.day(feed.made_on) if feed else None,
        "read": dates.day(feed.read_on) if feed and feed.read_on else None,
        "once": once,
    }
    return render(request, "desk/feed.html", context)


def _written(days: Days) -> bytes:
    """One event for each day and kind that lasts the day, takes no time and names nobody."""
    calendar = Calendar()
    calendar.add("prodid", "-//Safeconduct//Desk//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Desk"))
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    stamp = datetime.combine(days.on, time(), tzinfo=UTC)
    order = list(Item.Kind.values)
    for (day, kind), count in sorted(days.counts.items(), key=lambda one: (one[0][0], order.index(one[0][1]))):
        event = Event()
        event.add("uid", f"{day:%Y%m%d}-{order.index(kind)}-{days.feed.hex}")
        event.add("dtstamp", stamp)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", f"{IN_CALENDAR[kind]}: {count}")
        event.add("transp", "TRANSPARENT")
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


# As long to write as an empty calendar of somebody's.
_NOTHING = Days(feed=UUID(int=0), on=date(2026, 1, 1), counts=MappingProxyType({}))
