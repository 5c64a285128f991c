"""The page of one action: what it says, what may be done, what happened, whether it worked."""

from collections.abc import Mapping
from datetime import timedelta

from portal.readmodels.actions import ActionPage, EditorForm, MoveForm
from portal.readmodels.cards import Choice, Head
from portal.security.permissions import Permission
from portal.services import (
    action_asking,
    action_cards,
    action_editor,
    action_history,
    action_verdicts,
    action_words,
    actions,
    moments,
    typed_words,
    viewpoints,
)
from portal.services.action_cards import ActionCard
from portal.services.action_editor import Sending, Subject, Typed
from portal.services.action_words import HOME, Words
from portal.services.desks import Desk
from portal.services.ownership import everybody
from portal.workflow.action import STEPS, ActionState, Move, Party, may_change, moves_for

_AGAIN = timedelta(days=28)
_BUTTONS: Mapping[Move, str] = {
    Move.AGREE: "Agree to it",
    Move.ACCEPT: "Accept it",
    Move.DECLINE: "Decline",
    Move.FINISH: "It is done",
    Move.DROP: "Drop it",
    Move.CARRY_OVER: "Carry it over",
    Move.REOPEN: "Open it again",
}


def read(desk: Desk, action: str, query: Mapping[str, str], csrf: str) -> ActionPage:
    """Return the page of an action.

    Raises:
        NoActionError: if there is none of that id that the person sees.
    """
    card = actions.one(desk.session, desk.actor, typed_words.one_id("action", action))
    said, parts = action_words.words(desk), action_cards.parties(desk.actor, card, desk.reach)
    changes = desk.may(Permission.ACTION_EDIT) and may_change(card.state, parts)
    known = card.kpi in desk.catalogue and card.open
    asked = changes and known and query.get("edit") == "1"
    return ActionPage(
        head=_head(said, card),
        state=action_words.state(card),
        notice="" if card.open else _CLOSED,
        facts=_facts(said, card),
        moves=_moves(desk, card, parts) if desk.may(Permission.ACTION_EDIT) else (),
        csrf=csrf,
        edit=f"{action_words.address(card)}?edit=1" if changes and known and not asked else "",
        form=_form(desk, card, query, csrf) if asked else None,
        verdict=action_verdicts.panel(said, card),
        early=_early(said, card),
        history=action_history.told(desk, actions.events(desk.session, card.id)),
    )


_CLOSED = "You see this action because it is yours. What its number does is not open to you."
_STALE = (
    "Somebody changed this action while you were writing. The fields hold what you wrote; what now"
    " stands is below. Nothing is saved until you save again."
)


def _head(said: Words, card: ActionCard) -> Head:
    return Head(
        card.title,
        f"To move {said.kpi_name(card.kpi)}, {said.whose(card.who)}.",
        crumbs=(
            Choice("Actions", HOME),
            Choice(said.kpi_name(card.kpi), f"{HOME}?kpi={card.kpi}"),
        ),
        tags=(card.kind.capitalize(),),
    )


def _facts(said: Words, card: ActionCard) -> tuple[tuple[str, str, str], ...]:
    created = said.day(said.desk.calendar.local_date(moments.naive(card.created_at)))
    rows = [
        ("KPI", said.kpi_name(card.kpi), said.kpi_href(card.kpi, card.who) if card.open else ""),
        ("Whose number", said.whose(card.who), ""),
        ("Owner", card.owner.name, f"{HOME}?who={card.owner.id}"),
        ("When", ", ".join(filter(None, (said.when(card), said.late(card)))), ""),
        ("Expected", said.expected(card), ""),
        ("Guardrail", said.limit(card.limit) if card.limit else "none", ""),
        ("Asked for", f"by {card.created_by_name}, {created}", ""),
    ]
    if card.review is not None and card.review in said.reviews:
        rows.append(("Review", said.reviews[card.review], f"/reviews/{card.review}"))
    if card.carried_from is not None:
        rows.append(("Carried over from", "the action before", f"{HOME}/{card.carried_from}"))
    return tuple(rows)


def _moves(desk: Desk, card: ActionCard, parts: frozenset[Party]) -> tuple[MoveForm, ...]:
    """Return the moves that the table allows, the one that leads on first."""
    return tuple(_move(desk, card, move) for move in moves_for(card.state, parts))


def _move(desk: Desk, card: ActionCard, move: Move) -> MoveForm:
    carries, finishes = move is Move.CARRY_OVER, move is Move.FINISH
    later = max(card.due, desk.today) + _AGAIN
    return MoveForm(
        _BUTTONS[move],
        f"{action_words.address(card)}/{'carry' if carries else 'move'}",
        (("version", str(card.version)), *(() if carries else (("move", move.value),))),
        move in {Move.AGREE, Move.ACCEPT} or (finishes and card.state is ActionState.ACCEPTED),
        STEPS[card.state, move].reason,
        "Since" if finishes else "Now due" if carries else "",
        desk.today.isoformat() if finishes else later.isoformat() if carries else "",
    )


def _form(desk: Desk, card: ActionCard, query: Mapping[str, str], csrf: str) -> EditorForm:
    """Return the editor: with what stands, or after a refusal with what was typed."""
    view = viewpoints.of_who(desk, card.who)
    subject = Subject(desk.catalogue.kpi(card.kpi), card.who, view.name, view.query)
    tried, stale = query.get("try") == "1", query.get("stale") == "1"
    stands = action_editor.typed_of(desk, card)
    typed = Typed.of(query) if tried or stale else stands
    sending = Sending(
        "Change the action",
        f"{action_words.address(card)}/change",
        csrf,
        "Save over theirs" if stale else "Save",
        {"version": str(card.version)},
        cancel=action_words.address(card),
        error=_STALE if stale else action_asking.fault(desk, subject, typed) if tried else "",
        theirs=_theirs(desk, typed, stands) if stale else (),
    )
    return action_editor.form(desk, subject, typed, sending)


_LABELS = {"person": "Owner", "lag": "Days until it shows", "side": "Guardrail's side"}


def _theirs(desk: Desk, mine: Typed, stands: Typed) -> tuple[tuple[str, str], ...]:
    """Return what now stands where it differs from what was typed."""
    names = {str(one.id): one.name for one in everybody(desk.session).values()}
    told, theirs = mine.told(), stands.told()
    return tuple(
        (
            _LABELS.get(name, name.capitalize()),
            names.get(theirs[name] or "", theirs[name] or "none"),
        )
        for name in theirs
        if told[name] != theirs[name]
    )


def _early(said: Words, card: ActionCard) -> str:
    """Return why there is no verdict."""
    if card.judgement is not None:
        return ""
    if not card.open:
        return "What the numbers say of it is not open to you."
    if card.state is not ActionState.DONE:
        return "Whether it worked is looked at once it is done and has had time to show."
    return f"It is too early. The first look is {said.measured(card).removeprefix('from ')}."
