"""What the data can show of an action to come: the first look, and how large an effect."""

from datetime import date

from kpi_engine.definitions.kinds import Kpi
from kpi_engine.language import tr, trn
from kpi_engine.statistics.effect import Detectable
from kpi_engine.units import Unit
from portal.services import effect_windows, effects
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
        day = effect_windows.first_check(desk.calendar, effect_windows.shifted(due, lag))
        first = tr("First check on {day}.", day=said.day(day)) + " "
    found = effects.shows(effects.ground(desk.session, desk.now), kpi.key, who, size)
    return first + _power(said, kpi.unit, found, size)


def _power(said: Words, unit: Unit, found: Detectable | None, size: float | None) -> str:
    if found is None:
        return tr("There are too few months with a number to say what an action would show.")
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
