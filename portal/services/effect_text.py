"""What the data can show of an action to come: the first look, and how large an effect."""

from datetime import date

from kpi_engine.definitions.kinds import Kpi
from kpi_engine.language import tr, trn
from kpi_engine.statistics.effect import MOST_PERIODS, Detectable
from kpi_engine.units import Unit
from portal.services import effect_spans, effect_windows, effects
from portal.services.action_words import Words
from portal.services.desks import Desk
from portal.services.numbers import Who

_LATER = (3, 6)


def outlook(
    desk: Desk, subject: tuple[Kpi, Who], size: float | None, begins: tuple[date | None, int]
) -> str:
    """Say when an action is looked at first, and how large an effect its number can show.

    Args:
        desk: The reader's.
        subject: The KPI that it is to move, and whose.
        size: How far it is to move it, if somebody said.
        begins: The day that it is due, if somebody said, and the days until it shows.
    """
    said, (kpi, who), (due, lag) = Words(desk, {}), subject, begins
    first = ""
    if due is not None:
        shows_from = effect_windows.shifted(due, lag)
        grain = effect_windows.grain_of(kpi)
        day = effect_windows.first_check(desk.calendar, shows_from, grain)
        first = tr("First check on {day}.", day=said.day(day)) + " "
    on = effects.ground(desk.session, desk.now)
    found = effects.shows(on, kpi.key, who, size)
    if found is None:
        return first + _too_few(said, kpi, effects.judged_from(on, kpi.key, who))
    if effect_windows.grain_of(kpi) is not effect_windows.GRAIN:
        return first + _coarse(said, kpi, found, size)
    return first + _power(said, kpi.unit, found, size)


def _too_few(said: Words, kpi: Kpi, since: date | None) -> str:
    """Say that nothing can be said yet, and from when on it can."""
    told = tr("There are too few months with a number to say what an action would show.")
    if effect_windows.grain_of(kpi) is not effect_windows.GRAIN:
        told = tr("There are too few periods with a number to say what an action would show.")
    return f"{told} {effect_spans.enough(said.day(since))}" if since is not None else told


def _coarse(said: Words, kpi: Kpi, found: Detectable, size: float | None) -> str:
    """Say what a KPI shows that is told more coarsely than by the month."""
    grain, unit = effect_windows.grain_of(kpi), kpi.unit
    period, one = effect_spans.counted(grain, 1), _bare(said, found.one, unit)
    if size is None:
        many = effect_windows.CHECKS[grain][1]
        later, amount = effect_spans.counted(grain, many), _bare(said, found.shown[many - 1], unit)
        return tr(
            "{period} shows {amount} or more, {later} {least}.",
            period=period, amount=one, later=later, least=amount,
        )  # fmt: skip
    if found.periods == 1:
        return tr("Large enough to be seen in {period}.", period=period)
    told = {"period": period, "amount": one, "effect": _bare(said, abs(size), unit)}
    if found.periods is None:
        return tr(
            "{period} shows {amount} or more; an effect of {effect} would not be seen in"
            " {periods}.",
            periods=effect_spans.counted(grain, MOST_PERIODS),
            **told,
        )
    return tr(
        "{period} shows {amount} or more; an effect of {effect} takes about {periods}.",
        periods=effect_spans.counted(grain, found.periods),
        **told,
    )


def _power(said: Words, unit: Unit, found: Detectable, size: float | None) -> str:
    one = _bare(said, found.one, unit)
    if size is None:
        later = ", ".join(
            tr(
                "{count} months {amount}",
                count=many,
                amount=_bare(said, found.shown[many - 1], unit),
            )
            for many in _LATER
        )
        return tr("One month shows {amount} or more, {later}.", amount=one, later=later)
    if found.periods == 1:
        return tr("Large enough to be seen in one month.")
    told = _bare(said, abs(size), unit)
    if found.periods is None:
        return tr(
            "One month shows {amount} or more; an effect of {effect} would not be seen in a year.",
            amount=one,
            effect=told,
        )
    return trn(
        "One month shows {amount} or more; an effect of {effect} takes about {count} month.",
        "One month shows {amount} or more; an effect of {effect} takes about {count} months.",
        found.periods,
        amount=one,
        effect=told,
    )


def _bare(said: Words, amount: float, unit: Unit) -> str:
    return said.moved(amount, unit).lstrip("+")
