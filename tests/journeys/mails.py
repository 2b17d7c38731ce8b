"""Putting mail into the tray of a demo desk, as somebody does it on the tray's own page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from safeconduct.accounts.keys import today
from tests.journeys import steps
from tests.support import papers
from tests.support.desk import LiveDesk
from tests.support.mails import WRITES, mail

if TYPE_CHECKING:  # Playwright is slow to import, and most runs of one test do without it
    from playwright.sync_api import Page


def put_in(page: Page, desk: LiveDesk, mails: list[bytes]) -> None:
    """Choose files on the tray's own page."""
    steps.go(page, desk, "/tray")
    page.get_by_label("Team").last.select_option(label="Westmere office")
    page.get_by_label("Mail", exact=True).set_input_files(
        [{"name": f"{at}.eml", "mimeType": "message/rfc822", "buffer": one} for at, one in enumerate(mails)]
    )
    page.get_by_role("button", name="Put it in the tray").click()
    page.get_by_text("in the tray.").first.wait_for()


def with_everything(reference: str) -> bytes:
    """A reply with everything a message's page can show: quoted mail, HTML, files, a promise."""
    says = f"{WRITES['no_timeframe']} We will write to you again within 8 weeks."
    return mail(
        says,
        on=today() - timedelta(days=1),
        reference=reference,
        subject=f"RE: {reference} Your enquiry",
        answers="We wrote on behalf of our constituent.\nWhen can a decision be expected?",
        html=f"<p>{says}</p><table><tr><th>Our reference</th><td>{reference}</td></tr></table>",
        attached=[("letter.txt", b"A letter."), ("photograph.png", papers.png())],
        number=801,
    )


def about_another() -> bytes:
    """A reply about somebody else."""
    return mail(WRITES["wrong_person"], on=today() - timedelta(days=1), subject="Another of yours", number=802)
