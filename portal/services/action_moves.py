"""The forms by which an action moves on, filled in again where one was refused."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from kpi_engine.language import mark, tr
from portal.readmodels.actions import MoveForm
from portal.security.permissions import Permission
from portal.services import action_words, kept_forms
from portal.services.action_cards import ActionCard
from portal.services.action_words import HOME
from portal.services.desks import Desk
from portal.services.kept_forms import Kept
from portal.workflow.action import STEPS, ActionState, Move, Party, moves_for

_AGAIN = timedelta(days=28)
_ALONG = ("review", "back")
"""What a form of another page sends along, and that is sent along again."""
_BUTTONS: Mapping[Move, str] = {
    Move.AGREE: mark("Agree to it"),
    Move.ACCEPT: mark("Accept it"),
    Move.DECLINE: mark("Decline"),
    Move.FINISH: mark("It is done"),
    Move.DROP: mark("Drop it"),
    Move.CARRY_OVER: mark("Carry it over"),
    Move.REOPEN: mark("Open it again"),
}


def moves(
    desk: Desk, card: ActionCard, parts: frozenset[Party], query: Mapping[str, str]
) -> tuple[MoveForm, ...]:
    """Return the moves that the table allows, the one that leads on first."""
    if not desk.may(Permission.ACTION_EDIT):
        return ()
    place = place_of(card.id)
    kept = kept_forms.kept(desk.session, desk.actor, place, query, desk.now) or Kept({}, "")
    # A form that carries an action over names no move: its address does.
    asked = kept.one("move") or (Move.CARRY_OVER.value if kept.why else "")
    return tuple(
        _move(desk, card, move, kept if move.value == asked else Kept({}, ""))
        for move in moves_for(card.state, parts)
    )


def place_of(action: UUID) -> str:
    """Return under which place the forms of an action's moves are kept."""
    return f"{HOME}/{action}/moves"


def _move(desk: Desk, card: ActionCard, move: Move, kept: Kept) -> MoveForm:
    carries, finishes = move is Move.CARRY_OVER, move is Move.FINISH
    later = max(card.due, desk.today) + _AGAIN
    usual = desk.today.isoformat() if finishes else later.isoformat() if carries else ""
    along = tuple((name, kept.one(name)) for name in _ALONG if kept.one(name))
    return MoveForm(
        tr(_BUTTONS[move]),
        f"{action_words.address(card)}/{'carry' if carries else 'move'}",
        (("version", str(card.version)), *(() if carries else (("move", move.value),)), *along),
        move in {Move.AGREE, Move.ACCEPT} or (finishes and card.state is ActionState.ACCEPTED),
        STEPS[card.state, move].reason,
        tr("Since") if finishes else tr("Now due") if carries else "",
        kept.one("day", usual),
        kept.one("note"),
        kept.why,
    )
