"""What happened to an action, in words."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from kpi_engine.language import mark, tr
from portal.models.actions import ActionEvent
from portal.readmodels.actions import Happening
from portal.services.desks import Desk
from portal.services.ownership import everybody
from portal.workflow.action import Move

_DONE: Mapping[Move, str] = {
    Move.AGREE: mark("agreed to it"),
    Move.ACCEPT: mark("accepted it"),
    Move.DECLINE: mark("declined it"),
    Move.FINISH: mark("finished it"),
    Move.DROP: mark("dropped it"),
    Move.CARRY_OVER: mark("carried it over"),
    Move.REOPEN: mark("opened it again"),
}
_FIELDS: Mapping[str, str] = {
    "title": mark("the action"),
    "kind": mark("the kind"),
    "owner": mark("the owner"),
    "due_on": mark("the due day"),
    "direction": mark("the direction"),
    "size": mark("the size"),
    "lag_days": mark("the days until it shows"),
    "guardrail": mark("the guardrail"),
    "guardrail_side": mark("the guardrail"),
    "guardrail_limit": mark("the guardrail's limit"),
}


def told(desk: Desk, events: Sequence[ActionEvent]) -> tuple[Happening, ...]:
    """Return what happened, in the order of the events."""
    names = {one.id: one.name for one in everybody(desk.session).values()}
    return tuple(_happened(desk, one, names) for one in events)


def _happened(desk: Desk, event: ActionEvent, names: Mapping[UUID, str]) -> Happening:
    what = tr("asked for it")
    if event.move is not None:
        what = tr(_DONE[Move(event.move)])
        if event.done_on is not None:
            since = desk.formats.day(event.done_on)
            what = tr("{what}, in force since {day}", what=what, day=since)
    elif event.kind == "changed":
        fields = ", ".join(dict.fromkeys(_changed(event.changes, names)))
        what = tr("changed {fields}", fields=fields)
    return Happening(desk.moment(event.at), event.person_name, what, event.note)


def _changed(changes: Mapping[str, Any], names: Mapping[UUID, str]) -> list[str]:
    """Return which fields were changed, an owner by both names."""
    told = []
    for field, (before, now) in changes.items():
        if field == "owner":
            both = {"before": names[UUID(before)], "now": names[UUID(now)]}
            told.append(tr("the owner from {before} to {now}", **both))
        else:
            told.append(tr(_FIELDS.get(field, f"the {field}")))
    return told
