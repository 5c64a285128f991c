"""What the numbers say of an action, for its page: sentence, chart, figures, every look so far."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kpi_engine.language import mark, tr, trc
from kpi_engine.periods import Grain
from kpi_engine.statistics.effect import SEASON_FROM, Form, Verdict, Why
from kpi_engine.units import Unit
from portal.models import actions as questions
from portal.models.actions import ActionVerdict
from portal.readmodels.actions import EffectChart, VerdictPanel
from portal.readmodels.charts import Axes
from portal.services import action_cards, effect_spans, effect_windows, effects, moments
from portal.services.action_cards import ActionCard, Guardrail, Judgement
from portal.services.action_words import Words, verdict_status
from portal.services.effect_windows import GRAIN

_HELD = {
    "held": mark("held"),
    "broken": mark("broken"),
    "not_known": mark("no number"),
}


def panel(said: Words, card: ActionCard) -> VerdictPanel | None:
    """Return what the newest verdict says; None where there is none, or it is not open."""
    if card.judgement is None:
        return None
    rows = said.desk.session.scalars(questions.verdicts_of(card.id)).all()
    row = rows[0]
    return VerdictPanel(
        sub=_sub(said, row),
        pill=verdict_status(card.judgement.verdict),
        sentence=_sentence(said, card, card.judgement),
        chart=_chart(said, card, row),
        facts=_facts(said, card, row),
        points=_points(said, card, row),
        checks=tuple(_check(said, card, one) for one in rows),
        foot=_foot(said, row),
    )


def _sentence(said: Words, card: ActionCard, found: Judgement) -> str:
    """Return the verdict; where too little is known before, from when on an action has enough."""
    told = said.sentence(card, found)
    if found.why is not Why.FEW_BEFORE:
        return told
    day = effects.judged_from(effects.ground(said.desk.session, said.desk.now), card.kpi, card.who)
    if day is None:
        return told
    return f"{told} {effect_spans.enough(said.day(day))}"


def _sub(said: Words, row: ActionVerdict) -> str:
    until = _until(said, row)
    if not row.method:
        return tr("Looked at {months}.", months=until)
    before = effect_spans.form(_grain(row), Form(row.method), row.n_before)
    names = ", ".join(str(one["name"]) for one in row.controls)
    if not names:
        return tr("Against {before}; {months}.", before=before, months=until)
    return tr(
        "Against {before}, beside {names}; {months}.", before=before, names=names, months=until
    )


def _until(said: Words, row: ActionVerdict) -> str:
    grain = _grain(row)
    last = said.desk.calendar.previous(said.desk.calendar.holding(row.until, grain))
    return effect_spans.after(grain, row.n_after, said.formats.period(last))


def _grain(row: ActionVerdict) -> Grain:
    """Return the periods of a look; those of an older one were months and do not say so."""
    return Grain(row.points[0].get("grain", GRAIN)) if row.points else GRAIN


def _facts(said: Words, card: ActionCard, row: ActionVerdict) -> tuple[tuple[str, str], ...]:
    found = card.judgement
    rows = [(tr("Expected"), said.expected(card))]
    if found is not None and found.measured is not None:
        rows.append((tr("Measured, 95 %"), said.interval(found.measured, said.unit(card.kpi))))
    if card.limit is not None and row.guardrail is not None:
        told = f"{said.limit(card.limit)}: {_guarded(said, card, card.limit, row)}"
        rows.append((tr("Guardrail"), told))
    if season := _season(row):
        rows.append((tr("Season"), season))
    others = ", ".join(found.confounders if found is not None else ())
    rows.append((tr("Other actions then"), others or trc("other actions", "none")))
    return tuple(rows)


def _season(row: ActionVerdict) -> str:
    """Say that a change may be a season that nobody has seen yet; empty where that cannot mislead.

    Groups beside it have the same season, and where nothing is shown nothing is put down to one.
    """
    told = row.verdict in {Verdict.AS_EXPECTED, Verdict.WORSE} and row.method != Form.SEASON
    if not told or row.controls or _grain(row) is not Grain.MONTH or row.n_before >= SEASON_FROM:
        return ""
    return tr(
        "not seen in {count} months before it, it takes {least}: part of this may be one",
        count=row.n_before,
        least=SEASON_FROM,
    )


def _guarded(said: Words, card: ActionCard, limit: Guardrail, row: ActionVerdict) -> str:
    """Return how the guardrail came out; one told more coarsely, by which periods or when next."""
    judged = _HELD[row.guardrail or "not_known"]
    held, worst = tr(judged), row.guardrail_value
    grain = effect_windows.grain_of(said.desk.catalogue.get(limit.kpi))
    coarse = effect_spans.coarser(grain, _grain(row))
    if worst is not None:
        value = said.formats.value(worst, said.unit(limit.kpi))
        told = tr("{outcome}, at worst {value}", outcome=held, value=value)
        return f"{told}, {effect_spans.by(grain)}" if coarse else told
    first = effect_windows.first_check(said.desk.calendar, card.shows_from, grain)
    if coarse and said.desk.today < first:
        return effect_spans.not_ended(grain, said.day(first))
    return held


def _points(
    said: Words, card: ActionCard, row: ActionVerdict
) -> tuple[tuple[str, str, str, str], ...]:
    unit = said.unit(card.kpi)
    return tuple(
        (
            said.formats.period(said.desk.calendar.holding(_start(one), _grain(row))),
            trc("number", "none")
            if one["value"] is None
            else said.formats.value(one["value"], unit),
            _expected(said, one, unit),
            _part(one["part"]),
        )
        for one in reversed(row.points)
    )


def _part(word: str) -> str:
    """Return in which part of the time around an action a month is."""
    if word == "between":
        return tr("not yet to show")
    if word == "before":
        return trc("time around an action", "before")
    return trc("time around an action", "after")


def _expected(said: Words, one: Mapping[str, Any], unit: Unit) -> str:
    if one["expected"] is None:
        return ""
    limits = said.limits(one["low"], one["high"], unit)
    return f"{said.formats.value(one['expected'], unit)} ({limits})"


def _check(said: Words, card: ActionCard, row: ActionVerdict) -> tuple[str, str, str]:
    found: Judgement = action_cards.judgement(row, said.desk.reach, card.kpi)
    day = said.desk.calendar.local_date(moments.naive(row.judged_at))
    measured = (
        said.interval(found.measured, said.unit(card.kpi)) if found.measured is not None else ""
    )
    told = verdict_status(Verdict(row.verdict)).word
    if row.done_on != card.done_on:
        told = tr("{verdict}, by another day", verdict=told)
    return f"{said.day(day)}, {effect_spans.counted(_grain(row), row.n_after)}", told, measured


def _foot(said: Words, row: ActionVerdict) -> str:
    day = said.desk.calendar.local_date(moments.naive(row.judged_at))
    return tr(
        "Known on {day}, store version {version}, definition {definition}.",
        day=said.formats.day(day),
        version=row.store_version,
        definition=row.definition[:8],
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
    periods = [said.desk.calendar.holding(_start(one), _grain(row)) for one in points]
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
