"""django-helpdesk as it comes, on PostgreSQL: filled with open tickets, its list asked for on demand.

Run by the Python of a place of its own (see bench/today.py): `site.py ADDRESS COUNT`. It says `ready`, and for each
line it reads the milliseconds that its open ticket list took: the page, and the rows that the page then asks for.
"""

from __future__ import annotations

import re
import sys
import time
import types

import django
from django.conf import settings
from django.urls import include, path

ADDRESS, COUNT = sys.argv[1], int(sys.argv[2])
_ORDER = {"order[0][column]": "0", "order[0][dir]": "asc"}
PASSWORD = "figures only, nobody here"

settings.configure(
    SECRET_KEY="for measuring only",
    DEBUG=False,
    ALLOWED_HOSTS=["127.0.0.1"],
    USE_TZ=True,
    TIME_ZONE="Europe/London",
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql"}},
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "django.contrib.sites",
        "django.contrib.humanize",
        "rest_framework",
        "helpdesk",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    "django.template.context_processors.static",
                ]
            },
        }
    ],
    ROOT_URLCONF="site_addresses",
    STATIC_URL="/static/",
    SITE_ID=1,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    HELPDESK_TEAMS_MODE_ENABLED=False,
    HELPDESK_PUBLIC_ENABLED=False,
    MEDIA_ROOT="/nonexistent",
)


def _connect() -> None:
    """The address as libpq reads it."""
    from psycopg.conninfo import conninfo_to_dict

    known = conninfo_to_dict(ADDRESS)
    settings.DATABASES["default"].update(
        NAME=known["dbname"],
        USER=known.get("user", ""),
        PASSWORD=known.get("password", ""),
        HOST=known.get("host", ""),
        PORT=str(known.get("port", "")),
        CONN_MAX_AGE=None,
    )


_connect()
django.setup()
addresses = types.ModuleType("site_addresses")
addresses.urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
sys.modules["site_addresses"] = addresses


def fill() -> object:
    """So many open tickets in ten queues, with one answer each, and a browser of a member of staff."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from helpdesk.models import FollowUp, Queue, Ticket

    call_command("migrate", verbosity=0)
    user = get_user_model().objects.create_superuser("staff", "staff@example.org", PASSWORD)
    queues = [Queue.objects.create(title=f"Queue {number}", slug=f"queue{number}") for number in range(10)]
    first = Ticket.objects.create(
        queue=queues[0], title="Delay", description="No decision", submitter_email="a@b.example"
    )
    answer = FollowUp.objects.create(ticket=first, title="Answered", comment="Acknowledged", user=user, public=True)
    with connection.cursor() as cursor:
        other = {"id": "g + t.id", "queue_id": f"{queues[0].pk} + g % 10", "status": "1 + g % 2"}
        other |= {"created": "t.created - g * interval '30 seconds'", "title": "'Delay ' || g"}
        other["assigned_to_id"] = f"CASE WHEN g % 3 = 0 THEN {user.pk} END"
        _copies(cursor, Ticket, first.pk, COUNT - 1, other)
        _copies(cursor, FollowUp, answer.pk, COUNT - 1, {"id": "g + t.id", "ticket_id": f"{first.pk} + g"})
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    assert Ticket.objects.filter(status__in=(1, 2)).count() == COUNT
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(user)
    return browser


def _copies(cursor: object, model: object, of: int, count: int, other: dict[str, str]) -> None:
    columns = [field.column for field in model._meta.local_concrete_fields]
    values = ", ".join(other.get(name, f't."{name}"') for name in columns)
    names, table = ", ".join(f'"{name}"' for name in columns), model._meta.db_table
    cursor.execute(
        f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}" t, generate_series(1, {count}) g'
        f" WHERE t.id = {of}"
    )


def listed(browser: object) -> float:
    """Milliseconds of the list of open tickets: its page, and its first rows as its own script asks for them."""
    start = time.perf_counter()
    page = browser.get("/tickets/")
    query = re.search(r"datatables_ticket_list/([A-Za-z0-9+/=]+)", page.content.decode())
    assert query, "the page asks for its rows as it does in 2.6"
    rows = browser.get(
        f"/datatables_ticket_list/{query[1]}",
        {
            "draw": "1",
            "start": "0",
            "length": "25",
            "order[0][column]": "0",
            "order[0][dir]": "asc",
            "search[value]": "",
        },
    )
    taken = (time.perf_counter() - start) * 1000
    shown = rows.json()
    assert (page.status_code, len(shown["data"]), shown["recordsFiltered"]) == (200, min(25, COUNT), COUNT), shown
    return taken


if __name__ == "__main__":
    staff = fill()
    listed(staff)
    print("ready", flush=True)
    for _ in sys.stdin:
        print(listed(staff), flush=True)
