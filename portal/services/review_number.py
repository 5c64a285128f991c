"""The frozen number of a review as its page shows it: value, target, chart, what it is against."""

from kpi_engine.periods import Period
from portal.readmodels.cards import Bullet, OwnerShare, Tone
from portal.readmodels.charts import Axes, Level, XmrChart
from portal.readmodels.reviews import FactLine, FrozenNumber
from portal.services import absences
from portal.services.addresses import kpi_page
from portal.services.desks import Desk
from portal.services.kpi_strip import goal_of, parts_text
from portal.services.kpi_strip import target_text as aim_text
from portal.services.review_cards import Frozen, ReviewCard
from portal.services.review_glance import local
from portal.services.stories import goodness

_SCALE_END = 1.3


def number(desk: Desk, card: ReviewCard, frozen: Frozen) -> FrozenNumber:
    """Return the number with all that it is read against."""
    formats, reading, unit = desk.formats, frozen.reading, frozen.unit
    known = frozen.kpi in desk.catalogue
    kpi = desk.catalogue[frozen.kpi] if known else None
    absence = ""
    if reading.value is None:
        absence = reading.reason or "no number"
        if kpi is not None:
            absence = absences.in_words(desk.catalogue, kpi, reading, card.period, formats)
    chart = _chart(desk, card, frozen)
    return FrozenNumber(
        title=name_of(frozen),
        question=frozen.question,
        status=frozen.status,
        href=kpi_page(frozen.kpi, period=card.period.label) if known else "",
        value="" if reading.value is None else formats.short(reading.value, unit),
        absence=absence,
        beside=parts_text(kpi, reading, formats) if kpi is not None else f"n {reading.n}",
        target=target_of(desk, frozen),
        attained="" if frozen.attained is None else f"{formats.per_cent(frozen.attained)} attained",
        bullet=_bullet(frozen),
        owners=owners_of(frozen),
        chart=chart,
        chart_sub=_chart_sub(chart, frozen),
        summary=_summary(desk, frozen),
        facts=_facts(desk, card, frozen),
        stamp=_stamp(desk, frozen),
    )


def name_of(frozen: Frozen) -> str:
    """Return the KPI's name, with the team or person whose it is."""
    return f"{frozen.kpi_name}, {frozen.scope_name}" if frozen.scope_name else frozen.kpi_name


def value_of(desk: Desk, frozen: Frozen) -> str:
    """Return the frozen value as a row says it."""
    value = frozen.reading.value
    return "no number" if value is None else desk.formats.short(value, frozen.unit)


def target_of(desk: Desk, frozen: Frozen) -> str:
    """Return the target as it was: 'Target 28.0 %'; empty where there was none."""
    if frozen.target is None or frozen.kpi not in desk.catalogue:
        return ""
    return f"Target {aim_text(desk.catalogue[frozen.kpi], frozen.target, desk.formats)}"


def owners_of(frozen: Frozen) -> tuple[OwnerShare, ...]:
    """Return who owned the KPI, with the split where it was shared."""
    if frozen.shares:
        return tuple(OwnerShare(one.name, "", round(one.percent)) for one in frozen.shares)
    return (OwnerShare(frozen.accountable_name, ""),) if frozen.accountable_name else ()


def _bullet(frozen: Frozen) -> Bullet | None:
    if frozen.attained is None:
        return None
    filled = min(max(frozen.attained, 0.0) / _SCALE_END, 1.0)
    return Bullet(filled, 1 / _SCALE_END, frozen.status.tone, "Attained against the target")


def _periods(desk: Desk, card: ReviewCard, frozen: Frozen) -> list[Period]:
    return [desk.calendar.holding(one.start, card.period.grain) for one in frozen.series]


def _chart(desk: Desk, card: ReviewCard, frozen: Frozen) -> XmrChart | None:
    values = tuple(one.value for one in frozen.series)
    inside = [value for value in values if value is not None]
    if not inside:
        return None
    formats, unit = desk.formats, frozen.unit
    levels: dict[str, Level] = {}
    if frozen.usual is not None:
        for key, word, at in (
            ("upper", "Upper", frozen.usual.high),
            ("mean", "Mean", frozen.usual.mean),
            ("lower", "Lower", frozen.usual.low),
        ):
            levels[key] = Level(at, f"{word} {formats.short(at, unit)}")
    goal = goal_of(frozen.target)
    if goal is not None:
        levels["target"] = Level(goal, f"Target {formats.short(goal, unit)}")
    inside += [one.value for one in levels.values()]
    periods = _periods(desk, card, frozen)
    texts = (
        formats.short(one.value, unit) if one.value is not None else one.reason
        for one in frozen.series
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
        signals=tuple(at for at, one in enumerate(frozen.series) if one.signal),
    )


def _chart_sub(chart: XmrChart | None, frozen: Frozen) -> str:
    if chart is None:
        return ""
    usual = "" if frozen.usual is not None else " Too few closed periods to tell what is usual."
    low = chart.axes.y[0]
    cut = f" Axis starts at {low[1]}." if low[0] > 0 else ""
    return f"XmR, {len(frozen.series)} periods, as frozen.{usual}{cut}"


def _summary(desk: Desk, frozen: Frozen) -> str:
    signals = sum(bool(one.signal) for one in frozen.series)
    told = f"{frozen.kpi_name} as frozen: {value_of(desk, frozen)}."
    if frozen.usual is None:
        return f"{told} Too few closed periods to tell what is usual."
    word = {0: "No signal", 1: "One signal"}.get(signals, f"{signals} signals")
    return f"{told} {word} in {len(frozen.series)} periods."


def _facts(desk: Desk, card: ReviewCard, frozen: Frozen) -> tuple[FactLine, ...]:
    formats, unit = desk.formats, frozen.unit
    before = desk.calendar.previous(card.period)
    year = desk.calendar.last_year(card.period)
    found = [
        _moved(desk, frozen, formats.period(before), frozen.before),
        *([] if year == before else [_moved(desk, frozen, formats.period(year), frozen.last_year)]),
    ]
    if frozen.usual is not None:
        text = formats.range(frozen.usual.low, frozen.usual.high, unit)
        found.append(FactLine("Usual range", text))
    for name, amount in frozen.moved:
        text = formats.difference(amount, 0.0, unit)
        tone = goodness(frozen.better, amount) if text[:1] in "+\N{MINUS SIGN}" else Tone.NEUTRAL
        found.append(FactLine(name, text, tone))
    if frozen.score is not None and not frozen.moved:
        found.append(FactLine("Score, 0 to 10", formats.number(frozen.score, 1)))
    return tuple(found)


def _moved(desk: Desk, frozen: Frozen, name: str, before: float | None) -> FactLine:
    now = frozen.reading.value
    if now is None or before is None:
        return FactLine(f"Against {name}", "no number")
    formats, unit = desk.formats, frozen.unit
    text = formats.change(now, before, unit) or formats.difference(now, before, unit)
    same = formats.short(now, unit) == formats.short(before, unit)
    tone = Tone.NEUTRAL if same else goodness(frozen.better, now - before)
    return FactLine(f"Against {name}", text, tone)


def _stamp(desk: Desk, frozen: Frozen) -> str:
    parts = []
    if frozen.known_at is not None:
        parts.append(f"facts as known {local(desk, frozen.known_at)}")
    if frozen.store_version:
        parts.append(f"load {frozen.store_version}")
    if frozen.definition:
        version = f" version {frozen.definition_version}" if frozen.definition_version else ""
        parts.append(f"definition{version} {frozen.definition}")
    told = ", ".join(parts)
    return f"{told[0].upper()}{told[1:]}." if told else ""
