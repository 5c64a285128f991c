"""The page of one action: what it says, what may be done, what happened, whether it worked."""

from collections.abc import Mapping

from kpi_engine.language import mark, tr, trc
from portal.readmodels.actions import ActionPage, EditorForm
from portal.readmodels.cards import Choice, Head
from portal.security.permissions import Permission
from portal.services import (
    action_asking,
    action_cards,
    action_editor,
    action_history,
    action_kinds,
    action_moves,
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
from portal.workflow.action import ActionState, may_change


def read(desk: Desk, action: str, query: Mapping[str, str], csrf: str) -> ActionPage:
    """Return the page of an action.

    Raises:
        NoActionError: if there is none of that id that the person sees.
    """
    which = typed_words.one_id("action", action)
    card = actions.one(desk.session, desk.actor, which, desk.today)
    said, parts = action_words.words(desk), action_cards.parties(desk.actor, card, desk.reach)
    changes = desk.may(Permission.ACTION_EDIT) and may_change(card.state, parts)
    known = card.kpi in desk.catalogue and card.open
    asked = changes and known and query.get("edit") == "1"
    return ActionPage(
        head=_head(said, card),
        state=action_words.state(card),
        notice="" if card.open else tr(_CLOSED),
        facts=_facts(said, card),
        moves=action_moves.moves(desk, card, parts, query),
        csrf=csrf,
        edit=f"{action_words.address(card)}?edit=1" if changes and known and not asked else "",
        form=_form(desk, card, query, csrf) if asked else None,
        verdict=action_verdicts.panel(said, card),
        early=_early(said, card),
        history=action_history.told(desk, actions.events(desk.session, card.id)),
    )


_CLOSED = mark("You see this action because it is yours. What its number does is not open to you.")
_STALE = mark(
    "Somebody changed this action while you were writing. The fields hold what you wrote; what now"
    " stands is below. Nothing is saved until you save again."
)


def _head(said: Words, card: ActionCard) -> Head:
    return Head(
        card.title,
        tr("To move {kpi}, {whose}.", kpi=said.kpi_name(card.kpi), whose=said.whose(card.who)),
        crumbs=(
            Choice(tr("Actions"), HOME),
            Choice(said.kpi_name(card.kpi), f"{HOME}?kpi={card.kpi}"),
        ),
        tags=(action_kinds.titled(card.kind),),
    )


def _facts(said: Words, card: ActionCard) -> tuple[tuple[str, str, str], ...]:
    created = said.day(said.desk.calendar.local_date(moments.naive(card.created_at)))
    rows = [
        (
            tr("KPI"),
            said.kpi_name(card.kpi),
            said.kpi_href(card.kpi, card.who) if card.open else "",
        ),
        (tr("Whose number"), said.whose(card.who), ""),
        (tr("Owner"), card.owner.name, f"{HOME}?who={card.owner.id}"),
        (tr("When"), ", ".join(filter(None, (said.when(card), said.late(card)))), ""),
        (tr("Expected"), said.expected(card), ""),
        (tr("Guardrail"), said.limit(card.limit) if card.limit else trc("guardrail", "none"), ""),
        (tr("Asked for"), tr("by {name}, {day}", name=card.created_by_name, day=created), ""),
    ]
    if card.review is not None and card.review in said.reviews:
        rows.append((tr("Review"), said.reviews[card.review], f"/reviews/{card.review}"))
    if card.carried_from is not None:
        rows.append(
            (tr("Carried over from"), tr("the action before"), f"{HOME}/{card.carried_from}")
        )
    return tuple(rows)


def _form(desk: Desk, card: ActionCard, query: Mapping[str, str], csrf: str) -> EditorForm:
    """Return the editor: with what stands, or after a refusal with what was typed."""
    view = viewpoints.of_who(desk, card.who)
    subject = Subject(desk.catalogue.kpi(card.kpi), card.who, view.name, view.query)
    tried, stale = query.get("try") == "1", query.get("stale") == "1"
    stands = action_editor.typed_of(desk, card)
    typed = Typed.of(query) if tried or stale else stands
    sending = Sending(
        tr("Change the action"),
        f"{action_words.address(card)}/change",
        csrf,
        tr("Save over theirs") if stale else tr("Save"),
        {"version": str(card.version)},
        cancel=action_words.address(card),
        error=tr(_STALE) if stale else action_asking.fault(desk, subject, typed) if tried else "",
        theirs=_theirs(desk, typed, stands) if stale else (),
    )
    return action_editor.form(desk, subject, typed, sending)


_LABELS = {
    "title": mark("Title"),
    "person": mark("Owner"),
    "due": mark("Due"),
    "kind": mark("Kind"),
    "direction": mark("Direction"),
    "size": mark("Size"),
    "lag": mark("Days until it shows"),
    "guardrail": mark("Guardrail"),
    "side": mark("Guardrail's side"),
    "limit": mark("Limit"),
}
_CODES = {"up": mark("up"), "down": mark("down"), "least": mark("least"), "most": mark("most")}


def _theirs(desk: Desk, mine: Typed, stands: Typed) -> tuple[tuple[str, str], ...]:
    """Return what now stands where it differs from what was typed."""
    names = {str(one.id): one.name for one in everybody(desk.session).values()}
    told, theirs = mine.told(), stands.told()
    return tuple(
        (
            tr(_LABELS[name]),
            names.get(theirs[name] or "") or _field(name, theirs[name] or ""),
        )
        for name in theirs
        if told[name] != theirs[name]
    )


def _field(name: str, typed: str) -> str:
    """Return what stands in a field, in words."""
    if not typed:
        return trc("field", "none")
    if name == "kind":
        return action_kinds.plain(typed)
    return tr(_CODES[typed]) if name in {"direction", "side"} and typed in _CODES else typed


def _early(said: Words, card: ActionCard) -> str:
    """Return why there is no verdict."""
    if card.judgement is not None:
        return ""
    if not card.open:
        return tr("What the numbers say of it is not open to you.")
    if card.state is not ActionState.DONE:
        return tr("Whether it worked is looked at once it is done and has had time to show.")
    return tr("It is too early. The first look is {day}.", day=said.first_look(card))
