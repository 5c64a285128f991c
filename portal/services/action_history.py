"""What happened to an action, in words."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.models.actions import ActionEvent
from portal.readmodels.actions import Happening
from portal.services.desks import Desk
from portal.services.ownership import everybody
from portal.workflow.action import Move

_DONE: Mapping[Move, str] = {
    Move.AGREE: "agreed to it",
    Move.ACCEPT: "accepted it",
    Move.DECLINE: "declined it",
    Move.FINISH: "finished it",
    Move.DROP: "dropped it",
    Move.CARRY_OVER: "carried it over",
    Move.REOPEN: "opened it again",
}
_FIELDS: Mapping[str, str] = {
    "title": "action",
    "kind": "kind",
    "owner": "owner",
    "due_on": "due day",
    "direction": "direction",
    "size": "size",
    "lag_days": "days until it shows",
    "guardrail": "guardrail",
    "guardrail_side": "guardrail",
    "guardrail_limit": "guardrail's limit",
}


def told(desk: Desk, events: Sequence[ActionEvent]) -> tuple[Happening, ...]:
    """Return what happened, in the order of the events."""
    names = {one.id: one.name for one in everybody(desk.session).values()}
    return tuple(_happened(desk, one, names) for one in events)


def _happened(desk: Desk, event: ActionEvent, names: Mapping[UUID, str]) -> Happening:
    local = event.at.astimezone(ZoneInfo(desk.card.timezone))
    what = "asked for it"
    if event.move is not None:
        what = _DONE[Move(event.move)]
        if event.done_on is not None:
            what += f", in force since {desk.formats.day(event.done_on)}"
    elif event.kind == "changed":
        what = "changed " + ", ".join(dict.fromkeys(_changed(event.changes, names)))
    return Happening(desk.formats.moment(local), event.person_name, what, event.note)


def _changed(changes: Mapping[str, Any], names: Mapping[UUID, str]) -> list[str]:
    """Return which fields were changed, an owner by both names."""
    told = []
    for field, (before, now) in changes.items():
        if field == "owner":
            told.append(f"the owner from {names[UUID(before)]} to {names[UUID(now)]}")
        else:
            told.append(f"the {_FIELDS.get(field, field)}")
    return told
