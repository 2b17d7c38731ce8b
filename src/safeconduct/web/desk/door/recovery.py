"""Bringing a member's keys back with kits, from outside; and, inside, what any member may do about one that waits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters

from safeconduct.accounts.actions import recovery as actions
from safeconduct.accounts.faults import HeldAlone, NobodyToRecover, NothingToOpen, NotYet, RecoveryOver
from safeconduct.core.sealing.faults import WeakPassphrase

from ...access import Request
from ...forms import KitField, LineField, PassphraseField
from ...words.accounts import TWO_DIFFER
from ...words.dates import instant
from .kits import WRONG_WORDS, say_wrong


class AskForm(forms.Form):
    """Whose keys, and the words of enough kits."""

    sign_in = LineField(label=gettext_lazy("Sign-in name of who lost their passphrase"), max_length=60)
    first = KitField(label=gettext_lazy("Words of one kit"))
    second = KitField(
        label=gettext_lazy("Words of another kit"),
        required=False,
        help_text=gettext_lazy("Where three guardians or more hold kits, any two are needed."),
    )


class FinishForm(AskForm):
    """The same once the wait is over, and the passphrase from then on."""

    passphrase = PassphraseField(
        label=gettext_lazy("New passphrase"), help_text=gettext_lazy("The member types it, and nobody else sees it.")
    )
    again = PassphraseField(label=gettext_lazy("New passphrase again"))
    lost_factors = forms.BooleanField(
        label=gettext_lazy("Their security keys are lost too"),
        required=False,
        help_text=gettext_lazy("Codes from an app have to be set up anew in any case."),
    )

    without_teams = forms.BooleanField(
        label=gettext_lazy("Finish, and lose the records of the team that only they hold"), required=False
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._asked_only_then = self.fields["without_teams"]
        if "without_teams" not in self.data:
            del self.fields["without_teams"]

    def ask_without_teams(self) -> None:
        """Show the box that is there only once it is known that something would be lost."""
        self.fields["without_teams"] = self._asked_only_then

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if "passphrase" in typed and "again" in typed and typed["passphrase"] != typed["again"]:
            self.add_error("again", TWO_DIFFER)
        return typed


@sensitive_post_parameters()
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for it; then it is announced, and the wait begins."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            asked = actions.ask(name=typed["sign_in"], typed=[typed["first"], typed["second"]])
        except WRONG_WORDS as fault:
            say_wrong(form, fault)
        except NobodyToRecover as fault:
            form.add_error("sign_in", str(fault))
        else:
            return render(request, "desk/recovery_asked.html", {"ready": instant(asked.ready_at)})
    return render(request, "desk/recovery.html", {"form": form, "finishing": False})


@sensitive_post_parameters()
def finish(request: HttpRequest) -> HttpResponse:
    """After the wait: the words again, and a new passphrase."""
    form = FinishForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            done = actions.complete(
                name=typed["sign_in"],
                typed=[typed["first"], typed["second"]],
                passphrase=typed["passphrase"],
                lost_factors=typed["lost_factors"],
                without_teams=typed.get("without_teams", False),
            )
        except WRONG_WORDS as fault:
            say_wrong(form, fault)
        except NobodyToRecover as fault:
            form.add_error("sign_in", str(fault))
        except WeakPassphrase as fault:
            form.add_error("passphrase", str(fault))
        except HeldAlone as fault:
            form.ask_without_teams()
            form.add_error(None, str(fault))
        except (NotYet, RecoveryOver, NothingToOpen) as fault:
            form.add_error(None, str(fault))
        else:
            return render(request, "desk/recovery_done.html", {"lost": _lost(done.lost), "gone": _gone(done.gone)})
    return render(request, "desk/recovery.html", {"form": form, "finishing": True})


def stop(request: Request, handle: UUID) -> HttpResponse:
    """What is asked for, since when, and one press to stop it. Raises `Recovery.DoesNotExist`."""
    waiting = actions.pending(request.actor.organisation).get(handle=handle)
    problem = ""
    if request.method == "POST":
        try:
            actions.stop(by=request.actor, handle=handle)
        except RecoveryOver as fault:
            problem = str(fault)
        else:
            return redirect("today")
    context = {
        "section": "settings",
        "problem": problem,
        "heading": _("A recovery"),
        "eyebrow": waiting.member.name,
        "lede": _(
            "On %(asked)s somebody with the recovery kits asked for this member's keys. From %(ready)s on they can set"
            " a new passphrase for them. Ask the member, by voice. If they know nothing of it, stop it, and find"
            " out whose kits were used."
        )
        % {"asked": instant(waiting.asked_at).text, "ready": instant(waiting.ready_at).text},
        "form": forms.Form(),
        "destroys": True,
        "save": _("Stop this recovery"),
        "cancel_url": reverse("today"),
    }
    return render(request, "desk/form.html", context, status=409 if problem else 200)


def _lost(teams: int) -> str:
    if not teams:
        return ""
    return ngettext(
        "The keys of %(count)d team were not in escrow: somebody of that team has to add the member again.",
        "The keys of %(count)d teams were not in escrow: somebody of those teams has to add the member again.",
        teams,
    ) % {"count": teams}


def _gone(teams: int) -> str:
    if not teams:
        return ""
    return ngettext(
        "Nobody holds the keys of %(count)d team any more: its records stay sealed.",
        "Nobody holds the keys of %(count)d teams any more: their records stay sealed.",
        teams,
    ) % {"count": teams}
