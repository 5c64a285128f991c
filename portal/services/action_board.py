"""All actions that somebody sees: as a board by state, or as a list that can be sorted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpi_engine.language import mark, tr, trn
from portal.readmodels.actions import Board, Lane
from portal.readmodels.cards import Choice, Finding, Head, Menu, Tone
from portal.readmodels.tables import Column, Order
from portal.security.permissions import Permission
from portal.services import action_words, actions, addresses
from portal.services.action_cards import ActionCard
from portal.services.action_words import HOME, Words
from portal.services.desks import Desk
from portal.workflow.action import ActionState

KEPT = ("view", "mine", "overdue", "kpi", "who", "sort", "state")
_LANES = (ActionState.PROPOSED, ActionState.OPEN, ActionState.ACCEPTED, ActionState.DONE)
_MOST = 6
_ON = "1"
_MANY = 200


@dataclass(frozen=True, slots=True)
class _Asked:
    desk: Desk
    words: Words
    query: Mapping[str, str]

    def address(self, **changes: str | None) -> str:
        """Return the address of the page with some of its words changed; None takes one out."""
        kept = {name: self.query.get(name) or None for name in KEPT}
        return addresses.address(HOME, **(kept | changes))

    def toggled(self, text: str, **words: str) -> Choice:
        """Return a link that asks for something, or where it is asked for, no longer does."""
        on = all(self.query.get(name) == value for name, value in words.items())
        changes: dict[str, str | None] = dict.fromkeys(words) if on else dict(words)
        return Choice(text, self.address(**changes), on)


def read(desk: Desk, query: Mapping[str, str]) -> Board:
    """Return the page as the address asks for it."""
    every = actions.every(desk.session, desk.actor, desk.today)
    asked = _Asked(desk, action_words.words(desk), query)
    found = [card for card in every if _is_asked(asked, card)]
    as_list = query.get("view") == "list"
    late = [card for card in every if card.is_overdue(desk.today)]
    return Board(
        head=_head(asked, every),
        finding=_finding(asked, late),
        views=(
            Choice(tr("Board"), asked.address(view=None, sort=None, state=None), not as_list),
            Choice(tr("List"), asked.address(view="list"), as_list),
        ),
        filters=_filters(asked, every),
        lanes=() if as_list else _lanes(asked, found),
        columns=_columns(asked) if as_list else (),
        rows=tuple(map(asked.words.row, _sorted(asked, found)[:_MANY])) if as_list else (),
        counted=_counted(len(found), len(every)) if as_list else _on_board(found, len(every)),
        empty="" if found else _empty(every),
    )


def _is_asked(asked: _Asked, card: ActionCard) -> bool:
    query, desk = asked.query, asked.desk
    wanted = (
        query.get("mine") != _ON or card.owner.id == desk.actor.person,
        query.get("overdue") != _ON or card.is_overdue(desk.today),
        not query.get("kpi") or card.kpi == query["kpi"],
        not query.get("who") or str(card.owner.id) == query["who"],
        not query.get("state") or card.state.value == query["state"],
    )
    return all(wanted)


def _head(asked: _Asked, every: Sequence[ActionCard]) -> Head:
    kpis = sorted({(asked.words.kpi_name(one.kpi), one.kpi) for one in every})
    people = sorted({(one.owner.name, str(one.owner.id)) for one in every})
    menus = (
        _menu(asked, (tr("KPI"), "bar-chart-line", "kpi"), tr("Every KPI"), kpis),
        _menu(asked, (tr("Owner"), "person", "who"), tr("Every owner"), people),
    )
    return Head(
        tr("Actions"),
        tr("What is done to move the numbers, and whether it did."),
        menus=tuple(one for one in menus if len(one.choices) > 1),
        actions=(Choice(tr("What worked"), f"{HOME}/library"), *_new(asked)),
    )


def _new(asked: _Asked) -> tuple[Choice, ...]:
    if not asked.desk.may(Permission.ACTION_EDIT):
        return ()
    return (Choice(tr("New action"), f"{HOME}/new"),)


def _menu(
    asked: _Asked, told: tuple[str, str, str], every: str, choices: Sequence[tuple[str, str]]
) -> Menu:
    name, icon, word = told
    chosen = asked.query.get(word, "")
    rows = [
        Choice(every, asked.address(**{word: None}), not chosen),
        *(Choice(text, asked.address(**{word: value}), value == chosen) for text, value in choices),
    ]
    label = next((text for text, value in choices if value == chosen), name)
    return Menu(name, label, icon, tuple(rows))


def _filters(asked: _Asked, every: Sequence[ActionCard]) -> tuple[Choice, ...]:
    mine = sum(one.owner.id == asked.desk.actor.person for one in every)
    late = sum(one.is_overdue(asked.desk.today) for one in every)
    return (
        asked.toggled(tr("Mine {count}", count=mine), mine=_ON),
        asked.toggled(tr("Overdue {count}", count=late), overdue=_ON),
    )


def _finding(asked: _Asked, late: Sequence[ActionCard]) -> Finding | None:
    """Say what is overdue, the longest first."""
    if not late:
        return None
    first = min(late, key=lambda one: one.due)
    told = trn(
        "The longest: “{title}” ({owner}) by {count} day.",
        "The longest: “{title}” ({owner}) by {count} days.",
        first.days_over(asked.desk.today),
        title=first.title,
        owner=first.owner.name,
    )
    href = asked.address(overdue=_ON, view="list")
    return Finding(overdue(len(late)), told, tr("See them"), href, Tone.BAD)


def overdue(count: int) -> str:
    """Say how many actions are overdue."""
    return trn("One action is overdue.", "{count} actions are overdue.", count)


def _lanes(asked: _Asked, found: Sequence[ActionCard]) -> tuple[Lane, ...]:
    return tuple(_lane(asked, state, found) for state in _LANES)


def _lane(asked: _Asked, state: ActionState, found: Sequence[ActionCard]) -> Lane:
    mine = [one for one in found if one.state is state]
    if state is ActionState.DONE:
        mine.sort(key=lambda one: one.done_on or one.due, reverse=True)
    rest = len(mine) - _MOST
    more = None
    if rest > 0:
        href = asked.address(view="list", state=state.value)
        more = Choice(tr("{count} more", count=rest), href)
    rows = tuple(asked.words.row(one) for one in mine[:_MOST])
    return Lane(action_words.state_name(state), rows, more, len(mine))


_Key = Callable[[_Asked, ActionCard], Any]
_SORTS: Mapping[str, _Key] = {
    "action": lambda _, card: card.title.casefold(),
    "kpi": lambda asked, card: asked.words.kpi_name(card.kpi),
    "owner": lambda _, card: card.owner.name.casefold(),
    "when": lambda _, card: card.done_on or card.due,
    "verdict": lambda _, card: (
        card.verdict is None,
        card.verdict or "",
        list(ActionState).index(card.state),
    ),
}
_COLUMNS = (
    (mark("Action"), "action"),
    (mark("KPI"), "kpi"),
    (mark("Owner"), "owner"),
    (mark("Done or due"), "when"),
    (mark("Expected"), ""),
    (mark("Measured (95 %)"), ""),
    (mark("Verdict or state"), "verdict"),
)


def _columns(asked: _Asked) -> tuple[Column, ...]:
    """Return the heads; one that sorts already turns the order round."""
    sort = asked.query.get("sort", "")
    return tuple(
        Column(
            tr(text),
            number=text.startswith(("Expected", "Measured")),
            sort=asked.address(sort=f"-{name}" if sort == name else name) if name else "",
            order=_order(sort, name),
        )
        for text, name in _COLUMNS
    )


def _order(sort: str, name: str) -> Order:
    if not name or sort.removeprefix("-") != name:
        return Order.NONE
    return Order.DOWN if sort.startswith("-") else Order.UP


def _sorted(asked: _Asked, found: Sequence[ActionCard]) -> list[ActionCard]:
    sort = asked.query.get("sort", "")
    key = _SORTS.get(sort.removeprefix("-"), _SORTS["when"])
    turned = sort.startswith("-") or not sort
    return sorted(found, key=lambda card: key(asked, card), reverse=turned)


def _counted(many: int, all_of: int) -> str:
    if many == all_of:
        return trn("{count} action", "{count} actions", many)
    return tr("{count} of {total} actions", count=many, total=all_of)


def _on_board(found: Sequence[ActionCard], all_of: int) -> str:
    """Say how many actions there are, and how many of them have no lane because they ended."""
    told, ended = _counted(len(found), all_of), sum(one.state not in _LANES for one in found)
    if not ended:
        return told
    return trn(
        "{told}, one of them in the list alone: it was dropped or carried over.",
        "{told}, {count} of them in the list alone: they were dropped or carried over.",
        ended,
        told=told,
    )


def _empty(every: Sequence[ActionCard]) -> str:
    if every:
        return tr("No action fits what is asked for. Take a filter away.")
    return tr("Nobody has asked for an action yet. Begin with the number that needs one most.")
