"""Actions on other pages: those of a KPI, those of a review, and what is overdue for a home."""

from collections.abc import Mapping
from uuid import UUID

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr
from portal.readmodels.actions import ActionsPanel, OverduePanel
from portal.security.permissions import Permission
from portal.services import action_board, action_words, actions, addresses, viewpoints
from portal.services.action_cards import open_to
from portal.services.action_words import HOME
from portal.services.desks import Desk
from portal.services.numbers import Who

_MOST, _MOST_LATE = 5, 3


def of_kpi(desk: Desk, kpi: KpiKey, who: Who) -> ActionsPanel:
    """Return what was done to move a KPI, for those whose numbers the page shows."""
    said = action_words.words(desk)
    found = open_to(actions.of_kpi(desk.session, kpi, who, desk.reach), desk.actor, desk.reach)
    query: Mapping[str, str] = viewpoints.of_who(desk, who).query
    new = addresses.address(f"{HOME}/new", kpi=kpi, **query)
    shown = min(len(found), _MOST)
    foot = tr("Measured against the time before, with limits of 95\u00a0%.")
    if found:
        counted = tr("{shown} of {total} actions.", shown=shown, total=len(found))
        foot = f"{counted} {foot}"
    return ActionsPanel(
        tr("What was done to move this number, and whether it did."),
        tuple(map(said.row, found[:_MOST])),
        foot,
        addresses.address(HOME, kpi=kpi, view="list"),
        new if desk.may(Permission.ACTION_EDIT) else "",
    )


def of_review(desk: Desk, review: UUID) -> ActionsPanel:
    """Return the actions that came from a review."""
    said = action_words.words(desk)
    found = open_to(actions.of_review(desk.session, review, desk.reach), desk.actor, desk.reach)
    return ActionsPanel(
        tr("Say what you expect now; the portal checks it later."),
        tuple(map(said.row, found)),
        "",
        HOME,
        "",
    )


def overdue(desk: Desk) -> OverduePanel | None:
    """Return what should have been done by now; None where nothing is overdue."""
    found = actions.overdue(desk.session, desk.actor, desk.today)
    if not found:
        return None
    said = action_words.words(desk)
    return OverduePanel(
        action_board.overdue(len(found)),
        tuple(map(said.row, found[:_MOST_LATE])),
        addresses.address(HOME, overdue="1", view="list"),
    )
