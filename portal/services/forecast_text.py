"""The forecast in words and places: what was promised, what a plain model expects, what came."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from kpi_engine.language import tr, trc, trn
from kpi_engine.units import Unit
from portal.readmodels.cards import Status, Tone
from portal.readmodels.formats import Formats
from portal.readmodels.leader_home import ForecastChart, ForecastPanel, JudgedRow, Label
from portal.readmodels.tongues import NBSP
from portal.services.deals import NOTHING
from portal.services.forecast_verdict import BAD, NOTABLE, astray, verdict
from portal.services.forecasting import JUDGED, Expected, Judged
from portal.services.sales_facts import PeriodView, TeamFacts

_APART = 0.085
"""Heights of words at the end of lines are kept so far apart, in parts of the chart."""


def forecast_panel(
    facts: TeamFacts,
    seen: PeriodView,
    formats: Formats,
    quota: float | None,
    team_of: Callable[[str], str],
) -> ForecastPanel:
    """Return the forecast of the period, and what earlier ones were worth."""
    period = formats.period(seen.period)
    title = tr("Forecast")
    if not facts.has_deals:
        empty = tr("No opportunity of this team was ever loaded, so nothing can be forecast.")
        return ForecastPanel(title, "", None, None, (), "", "", "", "", empty)
    said = facts.said[-1][1] if facts.said else None
    over = seen.until >= seen.period.end
    expected = None if over else facts.expected
    fact, rest = verdict(facts, seen, formats, said)
    return ForecastPanel(
        title,
        _sub(facts, period, formats, expected, said),
        None if said is None or expected is None else _pill(said, expected, formats),
        _chart(facts, seen, formats, quota),
        tuple(_row(one, facts, formats) for one in facts.judged if one.accuracy is not None),
        tr("The team's total, last {count} quarters. Bar: promised; tick: model.", count=JUDGED),
        _plain(facts, expected, over=over),
        fact,
        rest + astray(facts, formats, team_of),
    )


def _sub(
    facts: TeamFacts, period: str, formats: Formats, expected: Expected | None, said: Decimal | None
) -> str:
    parts = []
    if said is None:
        parts.append(tr("Nobody of the team has submitted a forecast for {period}.", period=period))
    else:
        told = trn(
            "Submitted {amount} by {count} person, last changed {day}.",
            "Submitted {amount} by {count} people, last changed {day}.",
            len(facts.said_by),
            amount=_money(formats, said),
            day=formats.day(facts.said[-1][0], year=False),
        )
        parts.append(told)
    if expected is not None:
        parts.append(tr("The model expects {range}.", range=_between(formats, expected)))
    return " ".join(parts)


def _plain(facts: TeamFacts, expected: Expected | None, *, over: bool) -> str:
    if over:
        return ""
    if expected is None:
        if facts.has_dates:
            return tr("No model: too few earlier quarters.")
        return tr("No model: close dates were not followed.")
    return tr(
        "Model: what is won, and of the open deals due the part that the rest of"
        " {count} earlier quarters brought. {share} range.",
        count=expected.periods,
        share=f"80{NBSP}%",
    )


def _pill(said: Decimal, expected: Expected, formats: Formats) -> Status:
    if said > expected.high:
        by = _money(formats, said - expected.high)
        return Status(Tone.WATCH, tr("{amount} above the range", amount=by))
    if said < expected.low:
        by = _money(formats, expected.low - said)
        return Status(Tone.NEUTRAL, tr("{amount} below the range", amount=by))
    return Status(Tone.GOOD, tr("Within the model's range"))


def _between(formats: Formats, expected: Expected) -> str:
    return formats.range(float(expected.low), float(expected.high), Unit.MONEY)


def _money(formats: Formats, amount: Decimal) -> str:
    return formats.short(float(amount), Unit.MONEY)


def _of_model(one: Judged, facts: TeamFacts, formats: Formats) -> str:
    if one.model is not None:
        return formats.per_cent(one.model)
    return tr("too few quarters") if facts.has_dates else tr("dates not followed")


def _row(one: Judged, facts: TeamFacts, formats: Formats) -> JudgedRow:
    accuracy, bias = one.accuracy or 0.0, one.bias or 0.0
    tone = Tone.BAD if abs(bias) > BAD else Tone.WATCH if abs(bias) > NOTABLE else Tone.NEUTRAL
    shown = f"{formats.signed(bias * 100)}{NBSP}%"
    off = tr("{share} over", share=shown) if bias > 0 else tr("{share} under", share=shown)
    return JudgedRow(
        trn("{count} day", "{count} days", one.days) if one.days else tr("at the end"),
        formats.per_cent(accuracy),
        accuracy * 100,
        None if one.model is None else one.model * 100,
        _of_model(one, facts, formats),
        off if round(bias * 100) else trc("of several", "none"),
        tone,
    )


_LINES = 6
_AIR = 1.02
"""What is largest stands a little below the last line."""


def _chart(
    facts: TeamFacts, seen: PeriodView, formats: Formats, quota: float | None
) -> ForecastChart | None:
    over = seen.until >= seen.period.end
    expected = None if over else facts.expected
    won = facts.won[-1][1] if facts.won else NOTHING
    said = facts.said[-1][1] if facts.said else None
    levels = [float(won), float(said or 0), quota or 0.0]
    levels += [float(expected.high)] if expected is not None else []
    top = max(levels)
    if top <= 0:
        return None
    ticks = formats.ticks([0.0, top * _AIR], Unit.MONEY, _LINES)
    scale = ticks[-1][0]
    now = (seen.until - seen.period.start).days / seen.period.days
    fan = None
    if expected is not None:
        fan = tuple(float(one) / scale for one in (expected.low, expected.middle, expected.high))
    labels = _labels(formats, scale, won if over else None, (said, expected, quota))
    return ForecastChart(
        won=_line(facts.won, seen, scale, now),
        said=_line(facts.said, seen, scale, now),
        now=now,
        fan=None if fan is None else (fan[0], fan[1], fan[2]),
        target=None if quota is None else quota / scale,
        ticks=tuple((tick / scale, text) for tick, text in ticks),
        days=_days(seen, formats),
        labels=labels,
        today="" if over else _today(seen, formats, won),
        summary=_summary(formats, won, said, expected, quota),
    )


def _today(seen: PeriodView, formats: Formats, won: Decimal) -> str:
    left = (seen.period.end - seen.until).days
    return tr("Won {amount}, {count} days to go", amount=_money(formats, won), count=left)


def _line(
    steps: Sequence[tuple[date, Decimal]], seen: PeriodView, scale: float, now: float
) -> tuple[tuple[float, float], ...]:
    """Return a line that rises by steps, from the period's start to today."""
    found: list[tuple[float, float]] = []
    for day, amount in steps:
        at = min(max((day - seen.period.start).days, 0) / seen.period.days, 1.0)
        if found and found[-1][0] == at:
            found.pop()
        found.append((at, float(amount) / scale))
    if found and found[-1][0] < now:
        found.append((now, found[-1][1]))
    return tuple(found)


def _labels(
    formats: Formats,
    scale: float,
    won: Decimal | None,
    said: tuple[Decimal | None, Expected | None, float | None],
) -> tuple[Label, ...]:
    """Return the words at the ends of the lines, top down, far enough apart to be read."""
    promised, expected, quota = said
    found = []
    if quota is not None:
        text = tr("Quota {amount}", amount=formats.short(quota, Unit.MONEY))
        found.append(Label(text, quota / scale, "target"))
    if promised is not None:
        text = tr("Submitted {amount}", amount=_money(formats, promised))
        found.append(Label(text, float(promised) / scale, "said"))
    if expected is not None:
        text = tr("Model {amount}", amount=_money(formats, expected.middle))
        found.append(Label(text, float(expected.middle) / scale, "model"))
    if won is not None:
        text = tr("Won {amount}", amount=_money(formats, won))
        found.append(Label(text, float(won) / scale, "won"))
    found.sort(key=lambda label: -label.at)
    kept: list[Label] = []
    for label in found:
        at = min(label.at, 1.0)
        if kept and kept[-1].at - at < _APART:
            at = kept[-1].at - _APART
        kept.append(Label(label.text, max(at, 0.0), label.kind))
    return tuple(kept)


def _days(seen: PeriodView, formats: Formats) -> tuple[tuple[float, str], ...]:
    found = []
    day = seen.period.start
    while day < seen.period.end:
        at = (day - seen.period.start).days / seen.period.days
        found.append((at, formats.day(day, year=False)))
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return tuple(found)


def _summary(
    formats: Formats,
    won: Decimal,
    said: Decimal | None,
    expected: Expected | None,
    quota: float | None,
) -> str:
    parts = [tr("Won {amount}", amount=_money(formats, won))]
    if said is not None:
        parts.append(tr("submitted {amount}", amount=_money(formats, said)))
    if expected is not None:
        low, high = _money(formats, expected.low), _money(formats, expected.high)
        parts.append(tr("the model expects {low} to {high}", low=low, high=high))
    if quota is not None:
        parts.append(tr("quota {amount}", amount=formats.short(quota, Unit.MONEY)))
    return f"{', '.join(parts)}."
