"""The frozen number of a review as its page shows it: value, target, chart, what it is against."""

from kpi_engine.language import mark, tr, trn
from kpi_engine.periods import Period
from kpi_engine.statistics.xmr import Sign
from portal.readmodels.cards import Bullet, OwnerShare, Tone
from portal.readmodels.charts import Axes, Level, XmrChart
from portal.readmodels.reviews import FactLine, FrozenNumber
from portal.services import (
    absences,
    beginnings,
    review_quality,
    statuses,
    trend_signals,
    why_none,
)
from portal.services.addresses import kpi_page
from portal.services.desks import Desk
from portal.services.kpi_strip import goal_levels
from portal.services.kpi_strip import target_text as aim_text
from portal.services.quotients import parts_text
from portal.services.review_cards import Frozen, ReviewCard
from portal.services.review_glance import local
from portal.services.stories import goodness

_SCALE_END = 1.3
_UPPER, _MEAN, _LOWER = mark("Upper {value}"), mark("Mean {value}"), mark("Lower {value}")


def number(desk: Desk, card: ReviewCard, frozen: Frozen) -> FrozenNumber:
    """Return the number with all that it is read against."""
    formats, reading, unit = desk.formats, frozen.reading, frozen.unit
    known = frozen.kpi in desk.catalogue
    kpi = desk.catalogue[frozen.kpi] if known else None
    absence = ""
    if reading.value is None:
        absence = why_none.of(reading)
        if kpi is not None:
            absence = absences.in_words(desk.catalogue, kpi, reading, card.period, formats)
    chart = _chart(desk, card, frozen)
    sure, doubt = review_quality.shown(desk, frozen.quality, card.period)
    return FrozenNumber(
        title=name_of(frozen),
        question=frozen.question,
        status=statuses.said(frozen.status),
        href=kpi_page(frozen.kpi, period=card.period.label) if known else "",
        value="" if reading.value is None else formats.short(reading.value, unit),
        absence=absence[:1].upper() + absence[1:],
        beside=parts_text(kpi, reading, formats) if kpi is not None else f"n {reading.n}",
        target=target_of(desk, frozen),
        attained=""
        if frozen.attained is None
        else tr("{share} attained", share=formats.per_cent(frozen.attained)),
        bullet=_bullet(frozen),
        owners=owners_of(frozen),
        chart=chart,
        chart_sub=_chart_sub(chart, frozen),
        summary=_summary(desk, frozen),
        facts=_facts(desk, card, frozen),
        stamp=_stamp(desk, frozen),
        confidence=sure,
        doubt=doubt,
    )


def name_of(frozen: Frozen) -> str:
    """Return the KPI's name, with the team or person whose it is."""
    return f"{frozen.kpi_name}, {frozen.scope_name}" if frozen.scope_name else frozen.kpi_name


def value_of(desk: Desk, frozen: Frozen) -> str:
    """Return the frozen value as a row says it."""
    value = frozen.reading.value
    return tr("no number") if value is None else desk.formats.short(value, frozen.unit)


def target_of(desk: Desk, frozen: Frozen) -> str:
    """Return the target as it was: 'Target 28.0 %'; empty where there was none."""
    if frozen.target is None or frozen.kpi not in desk.catalogue:
        return ""
    aim = aim_text(desk.catalogue[frozen.kpi], frozen.target, desk.formats)
    return tr("Target {value}", value=aim)


def owners_of(frozen: Frozen) -> tuple[OwnerShare, ...]:
    """Return who owned the KPI, with the split where it was shared."""
    if frozen.shares:
        return tuple(OwnerShare(one.name, "", round(one.percent)) for one in frozen.shares)
    return (OwnerShare(frozen.accountable_name, ""),) if frozen.accountable_name else ()


def _bullet(frozen: Frozen) -> Bullet | None:
    if frozen.attained is None:
        return None
    filled = min(max(frozen.attained, 0.0) / _SCALE_END, 1.0)
    return Bullet(filled, 1 / _SCALE_END, frozen.status.tone, tr("Attained against the target"))


def _periods(desk: Desk, card: ReviewCard, frozen: Frozen) -> list[Period]:
    return [desk.calendar.holding(one.start, card.period.grain) for one in frozen.trend]


def _chart(desk: Desk, card: ReviewCard, frozen: Frozen) -> XmrChart | None:
    values = tuple(one.value for one in frozen.trend)
    inside = [value for value in values if value is not None]
    if not inside:
        return None
    formats, unit = desk.formats, frozen.unit
    levels: dict[str, Level] = {}
    along = tuple(one.usual for one in frozen.trend)
    if frozen.usual is not None:
        for key, word, at in (
            ("upper", _UPPER, frozen.usual.high),
            ("mean", _MEAN, frozen.usual.mean),
            ("lower", _LOWER, frozen.usual.low),
        ):
            if key != "mean" or not frozen.moving:
                levels[key] = Level(at, tr(word, value=formats.short(at, unit)))
    levels |= goal_levels(frozen.target, unit, formats)
    inside += [one.value for one in levels.values()]
    inside += [edge for one in along if one is not None for edge in one]
    periods = _periods(desk, card, frozen)
    texts = (
        formats.short(one.value, unit) if one.value is not None else why_none.told(one.reason)
        for one in frozen.trend
    )
    return XmrChart(
        Axes(formats.axis(periods), formats.ticks(inside, unit, 5)),
        tuple(formats.period(one) for one in periods),
        values,
        tuple(texts),
        mean=levels.get("mean"),
        lower=levels.get("lower"),
        upper=levels.get("upper"),
        target=levels.get("target"),
        floor=levels.get("floor"),
        signals=tuple(at for at, one in enumerate(frozen.trend) if one.signal),
        runs=trend_signals.runs(_signs(frozen)),
        along=along if frozen.moving else (),
    )


def _chart_sub(chart: XmrChart | None, frozen: Frozen) -> str:
    if chart is None:
        return ""
    told = [tr("XmR, {count} periods, as frozen.", count=len(frozen.trend))]
    if frozen.usual is None:
        told.append(tr("Too few closed periods to tell what is usual."))
    elif chart.along:
        told.append(tr("Limits tell what usually follows the period before."))
    low = chart.axes.y[0]
    if low[0] > 0:
        told.append(tr("Axis starts at {value}.", value=low[1]))
    return " ".join(told)


def _signs(frozen: Frozen) -> list[Sign | None]:
    return [Sign(one.signal) if one.signal else None for one in frozen.trend]


def _summary(desk: Desk, frozen: Frozen) -> str:
    values = [one.value for one in frozen.trend]
    signals = len(trend_signals.told(_signs(frozen), values))
    told = tr("{kpi} as frozen: {value}.", kpi=frozen.kpi_name, value=value_of(desk, frozen))
    if frozen.usual is None:
        few = tr("Too few closed periods to tell what is usual.")
        return f"{told} {few}"
    periods = len(frozen.trend)
    word = trn(
        "One signal in {periods} periods.",
        "{count} signals in {periods} periods.",
        signals,
        periods=periods,
    )
    if not signals:
        word = tr("No signal in {periods} periods.", periods=periods)
    return f"{told} {word}"


def _facts(desk: Desk, card: ReviewCard, frozen: Frozen) -> tuple[FactLine, ...]:
    formats, unit = desk.formats, frozen.unit
    before = desk.calendar.previous(card.period)
    year = desk.calendar.last_year(card.period)
    found = [
        _moved(desk, frozen, before, frozen.before),
        *([] if year == before else [_moved(desk, frozen, year, frozen.last_year)]),
    ]
    if frozen.usual is not None:
        text = formats.range(frozen.usual.low, frozen.usual.high, unit)
        found.append(FactLine(tr("Usual range"), text))
    for name, amount in frozen.moved:
        text = formats.difference(amount, 0.0, unit)
        tone = goodness(frozen.better, amount) if text[:1] in "+\N{MINUS SIGN}" else Tone.NEUTRAL
        found.append(FactLine(name, text, tone))
    if frozen.score is not None and not frozen.moved:
        found.append(FactLine(tr("Score, 0 to 10"), formats.number(frozen.score, 1)))
    return tuple(found)


def _moved(desk: Desk, frozen: Frozen, period: Period, before: float | None) -> FactLine:
    now, begins = frozen.reading.value, frozen.begins(period.start)
    against = tr("Against {period}", period=beginnings.labelled(period, begins, desk.formats))
    if now is None or before is None:
        return FactLine(against, tr("no number"))
    if frozen.of_nothing(now) or frozen.of_nothing(before):
        return FactLine(against, tr("nothing was spent"))
    formats, unit = desk.formats, frozen.unit
    text = formats.change(now, before, unit) or formats.difference(now, before, unit)
    same = formats.short(now, unit) == formats.short(before, unit)
    plain = same or begins is not None
    tone = Tone.NEUTRAL if plain else goodness(frozen.better, now - before)
    return FactLine(against, text, tone)


def _stamp(desk: Desk, frozen: Frozen) -> str:
    parts = []
    if frozen.known_at is not None:
        parts.append(tr("facts as known {moment}", moment=local(desk, frozen.known_at)))
    if frozen.store_version:
        parts.append(tr("load {number}", number=frozen.store_version))
    if frozen.definition:
        print_ = frozen.definition
        told = tr("definition {fingerprint}", fingerprint=print_)
        if frozen.definition_version:
            version = frozen.definition_version
            told = tr(
                "definition version {version} {fingerprint}", version=version, fingerprint=print_
            )
        parts.append(told)
    told = ", ".join(parts)
    return f"{told[0].upper()}{told[1:]}." if told else ""
