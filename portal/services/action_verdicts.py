"""What the numbers say of an action, for its page: sentence, chart, figures, every look so far."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kpi_engine.statistics.effect import Form, Verdict
from kpi_engine.units import Unit
from portal.models import actions as questions
from portal.models.actions import ActionVerdict
from portal.readmodels.actions import EffectChart, VerdictPanel
from portal.readmodels.charts import Axes
from portal.services import action_cards, moments
from portal.services.action_cards import ActionCard, Judgement
from portal.services.action_words import VERDICTS, Words
from portal.services.effect_windows import GRAIN

_FORMS: Mapping[Form, str] = {
    Form.LEVEL: "the level of {n} months before",
    Form.TREND: "the trend of {n} months before",
    Form.SEASON: "the same month of the year before, by {n} months before",
}
_PARTS = {"before": "before", "between": "not yet to show", "after": "after"}
_HELD = {
    "held": "held",
    "broken": "broken",
    "not_known": "no number",
}


def panel(said: Words, card: ActionCard) -> VerdictPanel | None:
    """Return what the newest verdict says; None where there is none, or it is not open."""
    if card.judgement is None:
        return None
    rows = said.desk.session.scalars(questions.verdicts_of(card.id)).all()
    row = rows[0]
    return VerdictPanel(
        sub=_sub(said, row),
        pill=VERDICTS[card.judgement.verdict],
        sentence=said.sentence(card, card.judgement),
        chart=_chart(said, card, row),
        facts=_facts(said, card, row),
        points=_points(said, card, row),
        checks=tuple(_check(said, card, one) for one in rows),
        foot=_foot(said, row),
    )


def _sub(said: Words, row: ActionVerdict) -> str:
    if not row.method:
        return f"Looked at {_until(said, row)}."
    against = _FORMS[Form(row.method)].format(n=row.n_before)
    names = [str(one["name"]) for one in row.controls]
    beside = f", beside {', '.join(names)}" if names else ""
    return f"Against {against}{beside}; {_until(said, row)}."


def _until(said: Words, row: ActionVerdict) -> str:
    last = said.desk.calendar.previous(said.desk.calendar.holding(row.until, GRAIN))
    many = f"{row.n_after} {'month' if row.n_after == 1 else 'months'}"
    return f"{many} after it, up to {said.formats.period(last)}"


def _facts(said: Words, card: ActionCard, row: ActionVerdict) -> tuple[tuple[str, str], ...]:
    found = card.judgement
    rows = [("Expected", said.expected(card))]
    if found is not None and found.measured is not None:
        rows.append(("Measured, 95 %", said.interval(found.measured, said.unit(card.kpi))))
    if card.limit is not None and row.guardrail is not None:
        unit = said.unit(card.limit.kpi)
        worst = row.guardrail_value
        at = "" if worst is None else f", at worst {said.formats.value(worst, unit)}"
        rows.append(("Guardrail", f"{said.limit(card.limit)}: {_HELD[row.guardrail]}{at}"))
    others = ", ".join(found.confounders if found is not None else ())
    rows.append(("Other actions then", others or "none"))
    return tuple(rows)


def _points(
    said: Words, card: ActionCard, row: ActionVerdict
) -> tuple[tuple[str, str, str, str], ...]:
    unit = said.unit(card.kpi)
    return tuple(
        (
            said.formats.period(said.desk.calendar.holding(_start(one), GRAIN)),
            "none" if one["value"] is None else said.formats.value(one["value"], unit),
            _expected(said, one, unit),
            _PARTS[one["part"]],
        )
        for one in reversed(row.points)
    )


def _expected(said: Words, one: Mapping[str, Any], unit: Unit) -> str:
    if one["expected"] is None:
        return ""
    limits = said.limits(one["low"], one["high"], unit)
    return f"{said.formats.value(one['expected'], unit)} ({limits})"


def _check(said: Words, card: ActionCard, row: ActionVerdict) -> tuple[str, str, str]:
    found: Judgement = action_cards.judgement(row, said.desk.reach)
    day = said.desk.calendar.local_date(moments.naive(row.judged_at))
    measured = (
        said.interval(found.measured, said.unit(card.kpi)) if found.measured is not None else ""
    )
    told = VERDICTS[Verdict(row.verdict)].word
    if row.done_on != card.done_on:
        told += ", by another day"
    return f"{said.day(day)}, {_months(row)}", told, measured


def _months(row: ActionVerdict) -> str:
    return f"{row.n_after} {'month' if row.n_after == 1 else 'months'}"


def _foot(said: Words, row: ActionVerdict) -> str:
    day = said.desk.calendar.local_date(moments.naive(row.judged_at))
    return (
        f"Known on {said.formats.day(day)}, store version {row.store_version},"
        f" definition {row.definition[:8]}."
    )


def _start(one: Mapping[str, Any]) -> date:
    return date.fromisoformat(one["start"])


def _chart(said: Words, card: ActionCard, row: ActionVerdict) -> EffectChart | None:
    """Return the chart; None where hardly a month has a number."""
    points: Sequence[Mapping[str, Any]] = row.points
    values = tuple(one["value"] for one in points)
    if sum(one is not None for one in values) < 2:  # noqa: PLR2004 - a line
        return None
    unit, formats = said.unit(card.kpi), said.formats
    periods = [said.desk.calendar.holding(_start(one), GRAIN) for one in points]
    told = {name: tuple(one[name] for one in points) for name in ("expected", "low", "high")}
    seen = [one for each in (values, told["low"], told["high"]) for one in each if one is not None]
    parts = [one["part"] for one in points]
    return EffectChart(
        axes=Axes(formats.axis(periods), formats.ticks(seen, unit)),
        names=tuple(formats.period(one) for one in periods),
        values=values,
        texts=tuple("" if one is None else formats.value(one, unit) for one in values),
        expected=told["expected"],
        low=told["low"],
        high=told["high"],
        done=parts.count("before"),
        after=len(parts) - parts.count("after"),
        summary=said.sentence(card, card.judgement) if card.judgement else "",
    )
