"""The state of a KPI's life as pages show it."""

from collections.abc import Mapping
from dataclasses import replace

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from portal.readmodels.cards import Status, Tone
from portal.services.desks import Desk
from portal.services.framework_tabs import CATALOGUE
from portal.services.lifecycles import Life, LifeState

NOT_ADOPTED = Status(Tone.NEUTRAL, mark("Not adopted"), "circle")
_STATUSES: Mapping[LifeState, Status] = {
    LifeState.PROPOSED: Status(Tone.NEUTRAL, mark("Proposed"), "hourglass-split"),
    LifeState.ACTIVE: Status(Tone.NEUTRAL, mark("Active"), "check-circle"),
    LifeState.UNDER_REVIEW: Status(Tone.WATCH, mark("Under review"), "question-circle"),
    LifeState.RETIRED: Status(Tone.NEUTRAL, mark("Retired"), "slash-circle"),
}


def status(state: LifeState | None) -> Status:
    """Return a state as a status; None is a KPI that nobody adopted."""
    found = NOT_ADOPTED if state is None else _STATUSES[state]
    return replace(found, word=tr(found.word))


def notable(life: Life | None) -> Status | None:
    """Return the status of what is not simply in use."""
    if life is None or life.state is LifeState.ACTIVE:
        return None
    return status(life.state)


def state_of(kpi: KpiKey, life: Life | None, used: frozenset[KpiKey]) -> LifeState | None:
    """Return where a KPI stands; one that nobody moved is active where it is in use."""
    if life is not None:
        return life.state
    return LifeState.ACTIVE if kpi in used else None


def beside(kpi: KpiKey, life: Life | None) -> str:
    """Return where a KPI and what follows it stand side by side; empty where nothing follows."""
    if life is None or life.successor is None:
        return ""
    return f"{CATALOGUE}?compare={kpi},{life.successor}#comparison"


def note(desk: Desk, life: Life | None) -> str:
    """Tell why a KPI stands as it does, since when, and what follows it."""
    if life is None or not life.reason:
        return ""
    reason = life.reason if life.reason[-1] in ".!?" else f"{life.reason}."
    told = f"{reason} {life.by}, {desk.formats.day(life.since)}."
    if life.successor is None:
        return told
    after = desk.catalogue.get(life.successor)
    name = life.successor if after is None else after.name
    if life.parallel_until is None:
        return " ".join((told, tr("Followed by {kpi}.", kpi=name)))
    day = desk.formats.day(life.parallel_until)
    follows = tr("Followed by {kpi}, side by side until {day}.", kpi=name, day=day)
    return f"{told} {follows}"
