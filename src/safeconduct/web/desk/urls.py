"""The addresses of the desk: one block a part of it. Each name has its terms in `web/access.py`.

Addresses carry handles and days, never a name, a reference or anything somebody typed.
"""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from ..archive import urls as archive
from .cases import (
    case,
    case_edit,
    case_new,
    case_people,
    case_urgent,
    cases,
    clock,
    closing,
    deadline,
    enquiry,
    event,
    intake,
    served,
    tasks,
    urgent,
    urgent_edit,
)
from .day import calls, calls_log, saved, sitting, surgery, today, week
from .door import drafts, factors, key_options, kits, passphrase, recovery, session, sign_in, start, unlock
from .imports import import_columns, import_done, import_preview, import_run, imports
from .mail import incident, message, message_html, message_incident, tray
from .office import (
    alarms,
    assign,
    cover,
    directory,
    erasures,
    export,
    feed,
    guardian,
    load,
    log,
    member_change,
    members,
    promise,
    review,
    settings,
    teams,
)
from .office import help as keys
from .people import (
    account,
    erase,
    history,
    household,
    paper,
    papers,
    people,
    person,
    person_edit,
    person_new,
    person_same,
)


class Facet(StringConverter):
    """A facet of a person that has a page to change it."""

    regex = "|".join(person_edit.EDITORS)


class Secret(StringConverter):
    """The secret of a calendar's address."""

    regex = "[A-Za-z0-9_-]{43}"


class Change(StringConverter):
    """What changes of where a member stands; disabling has an address of its own."""

    regex = "|".join(name for name in member_change.CHANGES if name != "disable")


register_converter(Facet, "facet")
register_converter(Secret, "secret")
register_converter(Change, "change")

urlpatterns: list[URLPattern] = [
    # Coming in and going out
    path("start", start.view, name="start"),
    path("sign-in", sign_in.view, name="sign-in"),
    path("unlock", unlock.view, name="unlock"),
    path("lock", session.lock, name="lock"),
    path("sign-out", session.sign_out, name="sign-out"),
    path("passphrase", passphrase.view, name="passphrase"),
    path("sign-in/key", key_options.for_sign_in, name="sign-in-key"),
    path("unlock/key", key_options.for_unlock, name="unlock-key"),
    path("draft", drafts.keep, name="draft-keep"),
    path("draft/open", drafts.open_, name="draft-open"),
    path("draft/drop", drafts.drop, name="draft-drop"),
    path("factors", factors.view, name="factors"),
    path("factors/code", factors.add_code, name="code-add"),
    path("factors/code/remove", factors.remove_code, name="code-remove"),
    path("factors/key", factors.add_key, name="key-add"),
    path("factors/key/<uuid:handle>/remove", factors.remove_key, name="key-remove"),
    path("recovery", recovery.ask, name="recovery"),
    path("recovery/finish", recovery.finish, name="recovery-finish"),
    path("recovery/<uuid:handle>/stop", recovery.stop, name="recovery-stop"),
    path("promise", promise.view, name="promise"),
    path("keys", keys.view, name="keys"),
    # The office
    path("settings", settings.view, name="settings"),
    path("settings/days", settings.days, name="office-days"),
    path("settings/guardian", guardian.view, name="guardian"),
    path("settings/kits/new", kits.new, name="kits-new"),
    path("settings/kits/own", kits.own, name="kit"),
    path("settings/kits/own/confirm", kits.confirm, name="kit-confirm"),
    path("settings/kits/try", kits.drill, name="drill"),
    path("members", members.view, name="members"),
    path("members/new", members.new, name="member-new"),
    path("members/<uuid:handle>/disable", member_change.view, {"what": "disable"}, name="member-disable"),
    path("members/<uuid:handle>/cover", cover.view, name="cover"),
    path("members/<uuid:handle>/cover/<uuid:cover>/end", cover.end, name="cover-end"),
    path("members/<uuid:handle>/<change:what>", member_change.view, name="member-change"),
    path("members/<uuid:handle>/factors", factors.remove_of_member, name="member-factors"),
    path("teams/new", teams.new, name="team-new"),
    path("teams/<uuid:handle>/join", teams.join, name="team-join"),
    path("teams/<uuid:handle>/leave", teams.leave, name="team-leave"),
    path("teams/<uuid:handle>/keys", teams.keys, name="team-keys"),
    path("log", log.view, name="log"),
    path("alarms", alarms.view, name="alarms"),
    path("alarms/<uuid:handle>", alarms.answer, name="alarm-answer"),
    path("settings/reading", alarms.tripwire, name="tripwire"),
    # People
    path("people", people.view, name="people"),
    path("people/search", people.search, name="people-search"),
    path("people/found/<uuid:handle>", people.found, name="found"),
    path("people/new", person_new.view, name="person-new"),
    path("people/<uuid:handle>", person.view, name="person"),
    path("people/<uuid:handle>/<facet:facet>", person_edit.view, name="person-edit"),
    path("people/<uuid:handle>/not-same/<uuid:other>", person.not_same, name="person-not-same"),
    path("people/<uuid:handle>/same", person_same.choose, name="person-same"),
    path("people/<uuid:handle>/merge/<uuid:other>", person_same.merge, name="person-merge"),
    path("people/<uuid:handle>/unmerge/<uuid:other>", person_same.unmerge, name="person-unmerge"),
    path("people/<uuid:handle>/household", household.new, name="household-new"),
    path("households/<uuid:handle>", household.view, name="household"),
    path("households/<uuid:handle>/add", household.add, name="household-add"),
    path("households/<uuid:handle>/edit", household.edit, name="household-edit"),
    # Kept with a record: a person's, a case's or a household's
    path("records/<uuid:handle>/papers", papers.view, name="papers"),
    path("records/<uuid:handle>/papers/<uuid:paper>", paper.view, name="paper"),
    path("records/<uuid:handle>/papers/<uuid:paper>/pages/<int:number>", paper.page, name="paper-page"),
    path("records/<uuid:handle>/papers/<uuid:paper>/original", paper.original, name="paper-original"),
    path("records/<uuid:handle>/papers/<uuid:paper>/remove", paper.remove, name="paper-remove"),
    path("records/<uuid:handle>/account", account.view, name="account"),
    path("records/<uuid:handle>/account/new", account.new, name="narrative-new"),
    path("records/<uuid:handle>/account/<uuid:narrative>", account.change, name="narrative-change"),
    path("records/<uuid:handle>/erase", erase.view, name="erase"),
    path("erasures", erasures.view, name="erasures"),
    path("erasures/<uuid:handle>", erasures.one, name="erasure"),
    path("records/<uuid:handle>/history", history.view, name="history"),
    path("records/<uuid:handle>/history/<uuid:step>/strike", history.strike, name="history-strike"),
    # Mail
    path("tray", tray.view, name="tray"),
    path("tray/<uuid:handle>", message.view, name="message"),
    path("tray/<uuid:handle>/html", message_html.view, name="message-html"),
    path("tray/<uuid:handle>/aside", message.aside, name="message-aside"),
    path("tray/<uuid:handle>/back", message.back, name="message-back"),
    path("tray/<uuid:handle>/incident", message_incident.view, name="message-incident"),
    path("incidents", incident.listing, name="incidents"),
    path("incidents/<uuid:handle>", incident.view, name="incident"),
    # Casework
    path("", today.view, name="today"),
    path("week", week.view, name="week"),
    path("load", load.view, name="load"),
    path("assign", assign.view, name="assign"),
    path("filters", saved.keep, name="filters"),
    path("filters/<uuid:handle>/remove", saved.remove, name="filter-remove"),
    path("calendar", feed.own, name="feed-own"),
    path("calendar/<secret:secret>.ics", feed.view, name="feed"),
    path("cases", cases.view, name="cases"),
    path("people/<uuid:handle>/case", case_new.view, name="case-new"),
    path("cases/<uuid:handle>", case.view, name="case"),
    path("cases/<uuid:handle>/edit", case_edit.view, name="case-edit"),
    path("cases/<uuid:handle>/close", closing.close, name="case-close"),
    path("cases/<uuid:handle>/reopen", closing.reopen, name="case-reopen"),
    path("cases/<uuid:handle>/keep", closing.keep, name="case-keep"),
    path("review", review.view, name="review"),
    # A removal
    path("urgent", urgent.view, name="urgent"),
    path("people/<uuid:handle>/urgent", urgent.start, name="urgent-start"),
    path("cases/<uuid:handle>/urgent", case_urgent.view, name="case-urgent"),
    path("cases/<uuid:handle>/urgent/edit", urgent_edit.view, name="case-urgent-edit"),
    path("cases/<uuid:handle>/urgent/end", case_urgent.end, name="case-urgent-end"),
    path("cases/<uuid:handle>/urgent/sheet", case_urgent.sheet, name="case-urgent-sheet"),
    path("directory", directory.view, name="directory"),
    path("directory/<uuid:handle>/edit", directory.edit, name="directory-edit"),
    path("directory/<uuid:handle>/checked", directory.checked, name="directory-checked"),
    path("cases/<uuid:handle>/people", case_people.view, name="case-people"),
    path("cases/<uuid:handle>/people/add", case_people.add, name="case-person-add"),
    path("cases/<uuid:handle>/intake", intake.view, name="case-intake"),
    path("cases/<uuid:handle>/events/<uuid:event>/correct", event.correct, name="event-correct"),
    path("cases/<uuid:handle>/letters/new", enquiry.new, name="enquiry-new"),
    path("cases/<uuid:handle>/letters/<uuid:enquiry>/clock", clock.view, name="enquiry-clock"),
    path("cases/<uuid:handle>/decision/new", served.new, name="decision-new"),
    path("cases/<uuid:handle>/limits/new", deadline.new, name="deadline-new"),
    path("cases/<uuid:handle>/limits/<uuid:deadline>/met", deadline.met, name="deadline-met"),
    path("cases/<uuid:handle>/call", calls_log.view, name="case-call"),
    path("cases/<uuid:handle>/tasks/new", tasks.new, name="task-new"),
    path("cases/<uuid:handle>/tasks/<uuid:task>", tasks.change, name="task-change"),
    path("cases/<uuid:handle>/tasks/<uuid:task>/done", tasks.done, name="task-done"),
    path("cases/<uuid:handle>/tasks/<uuid:task>/back", tasks.put_back, name="task-put-back"),
    # Many people, quickly
    path("calls", calls.view, name="calls"),
    path("calls/found/<uuid:handle>", calls.found, name="calls-found"),
    path("sitting", sitting.view, name="sitting"),
    path("surgery", surgery.view, name="surgery"),
    path("surgery/next", surgery.sheet, name="surgery-next"),
    path("surgery/end", surgery.end, name="surgery-end"),
    path("surgery/sheet", surgery.blank, name="surgery-blank"),
    path("surgery/list", surgery.day_list, name="surgery-list"),
    # Exports
    path("export", export.view, name="export"),
    path("export/cases", export.cases, name="export-cases"),
    # Imports
    path("imports", imports.view, name="imports"),
    path("imports/<uuid:handle>/columns", import_columns.view, name="import-columns"),
    path("imports/<uuid:handle>/preview", import_preview.view, name="import-preview"),
    path("imports/<uuid:handle>/faults.csv", import_preview.faults, name="import-faults"),
    path("imports/<uuid:handle>/run", import_run.view, name="import-run"),
    path("imports/<uuid:handle>/cancel", import_run.cancel, name="import-cancel"),
    path("imports/<uuid:handle>/done", import_done.view, name="import-done"),
    path("imports/<uuid:handle>/undo", import_done.undo, name="import-undo"),
    # The archive
    *archive.urlpatterns,
]
