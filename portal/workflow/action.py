"""The life of an action: one table says which move leads where and who may make it.

The page's buttons and the guard read the same table, so they cannot disagree.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from kpi_engine.language import mark, tr, trc
from portal.errors import PortalError


class ActionState(StrEnum):
    """Where an action stands."""

    PROPOSED = "proposed"
    """Somebody wants it; nobody has agreed to it."""
    OPEN = "open"
    """It is to be done; its owner has not said yes."""
    ACCEPTED = "accepted"
    DONE = "done"
    DROPPED = "dropped"
    CARRIED_OVER = "carried_over"
    """Ended unfinished; an action of the next review goes on with it."""


class Move(StrEnum):
    """What can be done to an action."""

    AGREE = "agree"
    ACCEPT = "accept"
    DECLINE = "decline"
    FINISH = "finish"
    DROP = "drop"
    CARRY_OVER = "carry_over"
    REOPEN = "reopen"


class Party(StrEnum):
    """What somebody is to an action; one person may be several of these."""

    OWNER = "owner"
    """Who is to do it."""
    CREATOR = "creator"
    LEADER = "leader"
    """Leads those whose numbers it is about."""
    EXECUTIVE = "executive"


@dataclass(frozen=True, slots=True)
class Step:
    """Where a move leads, who may make it, and whether it needs a word of why."""

    to: ActionState
    by: frozenset[Party]
    reason: bool = False


class MoveRefusedError(PortalError):
    """A move that the action's state or the person's part in it does not allow."""


_S, _M = ActionState, Move
_OWNER = frozenset({Party.OWNER})
_ABOVE = frozenset({Party.LEADER, Party.EXECUTIVE})
_ALL = frozenset(Party)

STEPS: Mapping[tuple[ActionState, Move], Step] = MappingProxyType(
    {
        (_S.PROPOSED, _M.AGREE): Step(_S.OPEN, _ABOVE),
        (_S.PROPOSED, _M.ACCEPT): Step(_S.ACCEPTED, _OWNER),
        (_S.PROPOSED, _M.DROP): Step(_S.DROPPED, _ALL, reason=True),
        (_S.OPEN, _M.ACCEPT): Step(_S.ACCEPTED, _OWNER),
        (_S.OPEN, _M.DECLINE): Step(_S.PROPOSED, _OWNER, reason=True),
        (_S.OPEN, _M.FINISH): Step(_S.DONE, _ALL),
        (_S.OPEN, _M.CARRY_OVER): Step(_S.CARRIED_OVER, _ALL),
        (_S.OPEN, _M.DROP): Step(_S.DROPPED, _ALL, reason=True),
        (_S.ACCEPTED, _M.FINISH): Step(_S.DONE, _ALL),
        (_S.ACCEPTED, _M.CARRY_OVER): Step(_S.CARRIED_OVER, _ALL),
        (_S.ACCEPTED, _M.DROP): Step(_S.DROPPED, _ALL, reason=True),
        (_S.DONE, _M.REOPEN): Step(_S.ACCEPTED, _ABOVE | _OWNER, reason=True),
        (_S.DROPPED, _M.REOPEN): Step(_S.OPEN, _ALL, reason=True),
    }
)
"""Every move that there is. What is not here cannot be done."""

UNFINISHED = frozenset({_S.PROPOSED, _S.OPEN, _S.ACCEPTED})
"""Still to be done: these can be changed, and be overdue."""


def moves_for(state: ActionState, parties: Collection[Party]) -> tuple[Move, ...]:
    """Return the moves that these parties may make, in the order of the table."""
    return tuple(
        move for (at, move), step in STEPS.items() if at is state and step.by & set(parties)
    )


def step(state: ActionState, move: Move, parties: Collection[Party]) -> Step:
    """Return where a move leads.

    Raises:
        MoveRefusedError: if there is no such move in this state, or it is not for these parties.
    """
    found = STEPS.get((state, move))
    if found is None:
        raise MoveRefusedError(
            tr(
                "{doing} an action is not possible while it is {state}.",
                doing=tr(SAID[move]),
                state=tr(NAMES[state]),
            )
        )
    if not found.by & set(parties):
        asked = tr(" or the ").join(_named(one) for one in Party if one in found.by)
        raise MoveRefusedError(
            tr("{doing} this action is for the {parties}.", doing=tr(SAID[move]), parties=asked)
        )
    return found


def _named(party: Party) -> str:
    """Return a party as it stands after 'for the'."""
    return {
        Party.OWNER: trc("party", "owner"),
        Party.CREATOR: trc("party", "creator"),
        Party.LEADER: trc("party", "leader"),
        Party.EXECUTIVE: trc("party", "executive"),
    }[party]


def may_change(state: ActionState, parties: Collection[Party]) -> bool:
    """Say whether what an action says may be changed: by any party, until it has ended."""
    return state in UNFINISHED and bool(parties)


def first_state(parties: Collection[Party], *, answers: bool) -> ActionState:
    """Return the state that a new action begins in.

    Args:
        parties: What its creator is to it.
        answers: Whether its creator answers for KPIs, and may so ask others to act.
    """
    if Party.OWNER in parties:
        return ActionState.ACCEPTED
    return ActionState.OPEN if answers or _ABOVE & set(parties) else ActionState.PROPOSED


NAMES: Mapping[ActionState, str] = MappingProxyType(
    {
        ActionState.PROPOSED: mark("proposed"),
        ActionState.OPEN: mark("open"),
        ActionState.ACCEPTED: mark("accepted"),
        ActionState.DONE: mark("done"),
        ActionState.DROPPED: mark("dropped"),
        ActionState.CARRIED_OVER: mark("carried over"),
    }
)
"""How a person reads a state."""

SAID: Mapping[Move, str] = MappingProxyType(
    {
        Move.AGREE: mark("Agreeing to"),
        Move.ACCEPT: mark("Accepting"),
        Move.DECLINE: mark("Declining"),
        Move.FINISH: mark("Finishing"),
        Move.DROP: mark("Dropping"),
        Move.CARRY_OVER: mark("Carrying over"),
        Move.REOPEN: mark("Reopening"),
    }
)
