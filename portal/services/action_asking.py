"""Asking for an action: which number it is to move, and the editor of a new one."""

from collections.abc import Mapping

from kpi_engine.language import tr
from portal.errors import BadInputError
from portal.readmodels.actions import ChooseKpi, NewActionPage
from portal.readmodels.cards import Choice, Head
from portal.services import action_editor, action_rows, addresses, catalogue_words
from portal.services.action_editor import Sending, Subject, Typed
from portal.services.action_words import HOME
from portal.services.desks import Desk


def new(desk: Desk, query: Mapping[str, str], csrf: str) -> NewActionPage | ChooseKpi:
    """Return the page on which an action is asked for; without a KPI, the choice of one.

    Raises:
        KpiError: if there is no such KPI.
        BadInputError: if the team or person is none, or not open to the reader.
    """
    if not query.get("kpi"):
        return _choose(desk)
    subject = action_editor.subject_of(desk, query)
    tried = query.get("try") == "1"
    typed = Typed.of(query) if tried else action_editor.blank(desk, subject.kpi)
    along = {name: query[name] for name in ("review", "back") if query.get(name)}
    kept = {"kpi": subject.kpi.key, **subject.query, **along}
    back = addresses.kpi_page(subject.kpi.key, **dict(subject.query))
    sending = Sending(
        tr("New action"), f"{HOME}/create", csrf, tr("Ask for it"), kept, cancel=back,
        error=fault(desk, subject, typed) if tried else "",
    )  # fmt: skip
    head = Head(
        tr("New action"),
        tr("To move {kpi}, {whose}.", kpi=subject.kpi.name, whose=subject.name),
        crumbs=(Choice(tr("Actions"), HOME), Choice(subject.kpi.name, back)),
    )
    form = action_editor.form(desk, subject, typed, sending)
    return NewActionPage(head, form, tr("Say what you expect now; the portal checks it later."))


def _choose(desk: Desk) -> ChooseKpi:
    groups: dict[str, list[Choice]] = {}
    for kpi in sorted(desk.catalogue.values(), key=lambda one: one.name):
        stage = catalogue_words.titled(kpi.stage)
        href = addresses.address(f"{HOME}/new", kpi=kpi.key)
        groups.setdefault(stage, []).append(Choice(kpi.name, href))
    head = Head(
        tr("New action"),
        tr("Which number is it to move?"),
        crumbs=(Choice(tr("Actions"), HOME),),
    )
    return ChooseKpi(head, tuple((name, tuple(rows)) for name, rows in groups.items()))


def fault(desk: Desk, subject: Subject, typed: Typed) -> str:
    """Return what keeps an action from being taken as it was typed; empty if nothing does."""
    try:
        action_rows.check(
            desk.session, action_editor.draft_of(desk, subject.kpi, typed), desk.today
        )
    except BadInputError as error:
        return str(error)
    return ""
