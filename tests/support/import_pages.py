"""The pages an import goes through, walked as a browser without JavaScript walks them."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from safeconduct.casework.models import Arrival
from tests.builders import Colleague


def upload(browser: Client, data: bytes, *, name: str = "casework.csv", **fields: str) -> HttpResponse:
    """Send a file, with the fields the page itself has in its form."""
    form = browser.get(reverse("imports")).context["form"]
    own = {"team": form["team"].initial or ""}
    return browser.post(reverse("imports"), {**own, "file": SimpleUploadedFile(name, data), **fields})


def say_columns(browser: Client, arrival: Arrival, **changes: str) -> HttpResponse:
    """Send the page of columns as it stands, but for `changes` (column_3="notes")."""
    address = reverse("import-columns", args=[arrival.handle])
    form = browser.get(address).context["form"]
    fields = {bound.html_name: bound.value() for bound in form if bound.name != "keep"}
    return browser.post(address, {**fields, **{key.replace("_", "-", 1): value for key, value in changes.items()}})


def previewed(browser: Client, data: bytes, *, name: str = "casework.csv", **fields: str) -> Arrival:
    """An import at its preview."""
    assert upload(browser, data, name=name, **fields).status_code == 302
    arrival = Arrival.objects.latest("id")
    answer = say_columns(browser, arrival)
    assert answer.headers["Location"] == reverse("import-preview", args=[arrival.handle])
    arrival.refresh_from_db()
    return arrival


def preview(browser: Client, arrival: Arrival, query: str = "") -> HttpResponse:
    answer = browser.get(reverse("import-preview", args=[arrival.handle]) + query)
    assert answer.status_code == 200
    return answer


def press(browser: Client, arrival: Arrival, act: str, **fields: str) -> HttpResponse:
    """Press a button of the preview, with its form as it stands but for `fields`."""
    form = preview(browser, arrival).context["form"]
    shown = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, "")}
    sent = {**shown, **{key.replace("_", "-"): value for key, value in fields.items()}, "do": act}
    return browser.post(reverse("import-preview", args=[arrival.handle]), sent)


def bring_in(browser: Client, arrival: Arrival) -> HttpResponse:
    """Start and press Continue until it is done; the page that says so."""
    assert press(browser, arrival, "bring").headers["Location"] == reverse("import-run", args=[arrival.handle])
    for _ in range(50):
        answer = browser.post(reverse("import-run", args=[arrival.handle]))
        assert answer.status_code == 302
        if answer.headers["Location"] == reverse("import-done", args=[arrival.handle]):
            return browser.get(answer.headers["Location"])
    raise AssertionError("the import did not end")


def brought_in(by: Colleague, data: bytes) -> Arrival:
    browser = by.client
    arrival = previewed(browser, data)
    bring_in(browser, arrival)
    arrival.refresh_from_db()
    assert arrival.state == "done"
    return arrival


def figures(answer: HttpResponse) -> dict[str, str]:
    return {one["text"]: one["n"] for one in answer.context["counts"]}
