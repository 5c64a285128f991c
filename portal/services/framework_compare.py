"""Two or three KPIs side by side: what they mean, what they need, and how they ran."""

from collections.abc import Callable, Mapping, Sequence

from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.definitions.words import in_words
from kpi_engine.language import mark, tr, trc
from kpi_engine.periods import Grain
from portal.readmodels.cards import Spark
from portal.readmodels.framework import Compared, Comparison
from portal.services import (
    addresses,
    catalogue_words,
    life_words,
    numbers,
    owner_words,
    score_lines,
    why_none,
)
from portal.services.causes import entities_of
from portal.services.desks import Desk, NoReachError, widest
from portal.services.kpi_sights import ADJECTIVES
from portal.services.lifecycles import LifeState
from portal.services.standings import Asked, Standing, standings

LEAST, MOST = 2, 3
_POINTS = 12
_ORDER = list(Grain)
_ROWS = (
    mark("Question"),
    mark("In words"),
    mark("Unit"),
    mark("Better"),
    mark("Cadence"),
    mark("Class"),
    mark("Made by records of"),
    mark("Guardrails"),
    mark("Drives"),
    mark("Owner"),
    mark("State"),
)
_BETTER = {"higher": mark("Higher"), "lower": mark("Lower"), "range": mark("Within a range")}


def comparison(
    desk: Desk,
    kpis: Sequence[KpiKey],
    at: Callable[..., str],
    state: Callable[[KpiKey], LifeState | None],
) -> Comparison | None:
    """Return the KPIs side by side; None where none was chosen. `at` makes addresses."""
    if not kpis:
        return None
    chosen = [desk.catalogue[key] for key in kpis]
    told = _standings(desk, chosen)
    return Comparison(
        title=_title(chosen),
        rows=tuple(tr(row) for row in _ROWS),
        kpis=tuple(
            Compared(
                kpi.name,
                addresses.kpi_page(kpi.key),
                _value(desk, told.get(kpi.key)),
                _spark(desk, told.get(kpi.key)),
                _facts(desk, kpi, life_words.status(state(kpi.key)).word),
                at(compare=",".join(key for key in kpis if key != kpi.key)),
            )
            for kpi in chosen
        ),
        clear=at(compare=""),
        hint=tr("Choose a second KPI below to see them side by side.")
        if len(chosen) < LEAST
        else "",
    )


def _title(chosen: Sequence[Kpi]) -> str:
    if len(chosen) > LEAST:
        return tr("Three KPIs")
    if len(chosen) < LEAST:
        return chosen[0].name
    return tr("{one} and {other}", one=chosen[0].name, other=chosen[1].name)


def _standings(desk: Desk, kpis: Sequence[Kpi]) -> Mapping[KpiKey, Standing]:
    """Return how the KPIs ran, told alike: by the coarsest cadence among them."""
    try:
        who = widest(desk)[0]
    except NoReachError:
        return {}
    grain = max((kpi.cadence for kpi in kpis), key=_ORDER.index)
    last = numbers.latest(desk.session, desk.calendar, grain, desk.today)
    return standings(desk, list(kpis), Asked(who, last, _POINTS))


def _value(desk: Desk, standing: Standing | None) -> str:
    if standing is None:
        return tr("No numbers are open to you")
    period = desk.formats.period(standing.points[-1].period)
    if standing.now.value is None:
        reason = standing.now.reason
        reason = why_none.told(reason) if reason else tr("never taken")
        return tr("No number, {period}: {reason}", period=period, reason=reason)
    return f"{desk.formats.value(standing.now.value, standing.kpi.unit)}, {period}"


def _spark(desk: Desk, standing: Standing | None) -> Spark | None:
    if standing is None or not standing.measured:
        return None
    return score_lines.spark(standing, desk.formats)


def _facts(desk: Desk, kpi: Kpi, state: str) -> tuple[str, ...]:
    shares = owner_words.known(desk, [kpi.key]).get(kpi.key, ())
    closure = desk.catalogue.closure([kpi.key])
    entities = sorted(set().union(*(entities_of(one.measure) for one in closure)))
    timing = catalogue_words.plain(kpi.timing)
    return (
        kpi.question,
        in_words(kpi.measure),
        catalogue_words.of_unit(kpi.unit),
        tr(_BETTER[kpi.better.value]),
        catalogue_words.begun(tr(ADJECTIVES[kpi.cadence])),
        f"{catalogue_words.titled(kpi.kpi_class)}, {timing}",
        ", ".join(entities) or trc("of several", "none"),
        _names(desk, kpi.guardrails),
        _names(desk, kpi.drives),
        owner_words.names(shares, kpi) if shares else tr("nobody yet"),
        state,
    )


def _names(desk: Desk, keys: Sequence[KpiKey]) -> str:
    known = [desk.catalogue[key].name for key in keys if key in desk.catalogue]
    return ", ".join(known) or trc("of several", "none")
