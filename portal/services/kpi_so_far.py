"""A period that runs, on the page of a KPI: told beside as many days of earlier ones.

Ten days of a month are never held against a whole month: the number would seem to have fallen.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from kpi_engine.definitions.kinds import Kpi
from kpi_engine.language import mark, tr
from kpi_engine.reading import Absence, Reading
from portal.readmodels.cards import Change, Finding, Tone
from portal.readmodels.formats import Formats
from portal.readmodels.kpi_page import Cell
from portal.services import kpi_pace, numbers, statuses
from portal.services.empty_tops import Tops
from portal.services.numbers import ToDate
from portal.services.quotients import parts_text

Changed = Callable[[Kpi, Reading, Reading, Formats], Change | None]
"""How a number moved; None where one of the two is missing."""


def cell(tops: Tops, change: Changed) -> Cell | None:
    """Return the open period beside a closed one that is looked at; it gets no status."""
    sight, told = tops.sight, _told(tops)
    if told.read_on is None:
        return None
    formats = sight.desk.formats
    title = tr(
        "{period} so far, to {day}",
        period=formats.period_short(told.period),
        day=formats.day(told.read_on, year=False),
    )
    if told.so_far.value is None:
        return Cell(title, absence=sight.absence(told.so_far, told.period), hatched=True)
    return Cell(
        title,
        value=formats.short(told.so_far.value, sight.kpi.unit),
        beside=parts_text(sight.kpi, told.so_far, formats),
        notes=tuple(filter(None, (_elapsed(tops, told, change), kpi_pace.said(sight), tr(_LATER)))),
        hatched=True,
    )


_LATER = mark("Its status is told when the period has ended.")


def against(tops: Tops, change: Changed) -> tuple[Cell, ...]:
    """Return the cells that hold the open period against as many days of earlier periods."""
    told, calendar = _told(tops), tops.sight.desk.calendar
    found = [_cell(tops, told, (told.previous, told.previous_days), change)]
    if calendar.last_year(told.period) != calendar.previous(told.period):
        found.append(_cell(tops, told, (told.last_year, told.last_year_days), change))
    return tuple(found)


def _cell(
    tops: Tops, told: ToDate, other: tuple[Reading, tuple[date, date]], change: Changed
) -> Cell:
    formats, kpi, (reading, days) = tops.sight.desk.formats, tops.sight.kpi, other
    title = tr("Against {period}", period=_span(days, told, formats))
    made = None if tops.bare(reading) else change(kpi, told.so_far, reading, formats)
    if made is None or reading.value is None or tops.missing(told.so_far, told.period):
        return Cell(title, absence=tr("nothing to compare"))
    if any(statuses.too_few(kpi, one) for one in (told.so_far, reading)):
        made = replace(made, tone=Tone.NEUTRAL)
    value = formats.short(reading.value, kpi.unit)
    return Cell(title, change=made, notes=(tr("{value} in these days", value=value),))


def finding(tops: Tops, link: str, href: str) -> Finding:
    """Say what the open period reads, against as many days of the one before."""
    sight, told = tops.sight, _told(tops)
    formats, kpi = sight.desk.formats, sight.kpi
    words = {
        "kpi": kpi.name,
        "value": formats.short(told.so_far.value or 0.0, kpi.unit),
        "period": formats.period(told.period),
    }
    if told.previous.value is None or tops.bare(told.previous) or tops.bare(told.so_far):
        return Finding(tr("{kpi} is {value} so far in {period}.", **words), "", link, href)
    days = _span(told.previous_days, told, formats)
    was = formats.short(told.previous.value, kpi.unit)
    fact = tr(
        "{kpi} is {value} so far in {period}; in {days} it was {before}.",
        days=days,
        before=was,
        **words,
    )
    return Finding(fact, "", link, href)


def _told(tops: Tops) -> ToDate:
    sight, desk = tops.sight, tops.sight.desk
    asked = ((sight.kpi.key,), sight.grain, sight.view.who, desk.today)
    return numbers.to_date(desk.session, desk.calendar, *asked)[sight.kpi.key]


def _span(days: tuple[date, date], told: ToDate, formats: Formats) -> str:
    """Return days as a range; with their year where it is another one than the period's."""
    first, last = days[0], days[1] - timedelta(days=1)
    year = last.year != told.period.start.year
    if first == last:
        return formats.day(last, year=year)
    begins = formats.day(first, year=first.year != last.year)
    return f"{begins}\N{EN DASH}{formats.day(last, year=year)}"


def _elapsed(tops: Tops, told: ToDate, change: Changed) -> str:
    sight, kpi = tops.sight, tops.sight.kpi
    formats, days = sight.desk.formats, _span(told.previous_days, told, tops.sight.desk.formats)
    made = change(kpi, told.so_far, told.previous, formats)
    if made is None or told.previous.value is None:
        why = sight.absence(told.previous, sight.desk.calendar.previous(told.period))
        # What there was none of names a period, and these are days of one.
        if not why or told.previous.reason in {Absence.NO_ROWS, Absence.ZERO_DENOMINATOR}:
            return tr("No number to compare")
        return tr("{days} has no number to compare: {reason}", days=days, reason=why)
    value = formats.short(told.previous.value, kpi.unit)
    if lacks := tops.missing(told.so_far, told.period):
        return tr("No {records} so far; {value} in {days}", records=lacks, value=value, days=days)
    if tops.bare(told.previous):
        return tr("{value} in {days}", value=value, days=days)
    return tr("{change} against {days} ({value})", change=made.text, days=days, value=value)
