"""A KPI's card: how it stands, as the design's card tells it."""

from kpi_engine.definitions.described import Better
from kpi_engine.language import tr
from kpi_engine.reading import State
from kpi_engine.units import Unit
from portal.readmodels.cards import Bullet, KpiCard, OwnerShare, Status
from portal.readmodels.formats import Formats
from portal.services import score_lines, statuses, why_none
from portal.services.standings import Standing, usual
from portal.services.targets import Target

_TICK = 0.8
"""Where the target stands on a bullet's scale: a quarter more than it still has room."""
_POINTS = 13


def card(
    standing: Standing,
    formats: Formats,
    href: str,
    *,
    late: bool = False,
    owners: tuple[OwnerShare, ...] | None = None,
) -> KpiCard:
    """Return the card of a KPI in its last period; `late` names it, as the page is of another."""
    kpi, judged, target = standing.kpi, standing.judged[-1], standing.targets[-1]
    value = standing.now.value
    period = formats.period(standing.points[-1].period)
    return KpiCard(
        key=kpi.key,
        title=kpi.name,
        href=href,
        value="" if value is None else formats.short(value, kpi.unit),
        absence="" if value is not None else f"{_reason(standing)}, {period}",
        status=judged.status,
        change=score_lines.change(standing, formats),
        spark=score_lines.spark(_recent(standing), formats),
        target=target_text(target, kpi.better, kpi.unit, formats),
        attained="" if judged.attained is None else _attained(judged.attained, formats),
        bullet=_bullet(judged.attained, judged.status, formats),
        owners=owners,
        foot=_foot(standing, formats),
        note=_note(standing, period if late else ""),
    )


def _reason(standing: Standing) -> str:
    reason = standing.now.reason
    return why_none.told(reason) if reason else tr("No number")


def _note(standing: Standing, period: str) -> str:
    few = standing.judged[-1].status == statuses.TOO_FEW
    parts = [tr("{period}, the last that is ripe", period=period)] if period else []
    if few:
        parts.append(tr("n {count}, too small", count=standing.now.n))
    return ", ".join(parts)


def target_text(target: Target | None, better: Better, unit: Unit, formats: Formats) -> str:
    """Return a target in words: 'Target ≤ 66 days'; empty where none was set."""
    aimed = _aimed(target, better, unit, formats)
    return tr("Target {value}", value=aimed) if aimed else ""


def _aimed(target: Target | None, better: Better, unit: Unit, formats: Formats) -> str:
    """Return a target as a sentence tells it: '≤ 66 days'; empty where none was set."""
    if target is None:
        return ""
    if target.low is not None and target.high is not None:
        return formats.range(target.low, target.high, unit)
    if target.value is None:
        return ""
    return formats.target(target.value, unit, lower_is_better=better is Better.LOWER)


def _attained(share: float, formats: Formats) -> str:
    # A target that is just missed never reads as attained in full.
    places = 1 if _NEARLY <= share < 1 else 0
    return tr("{share} attained", share=formats.per_cent(share, places))


_NEARLY = 0.995


def _bullet(attained: float | None, status: Status, formats: Formats) -> Bullet | None:
    if attained is None:
        return None
    filled = min(max(attained * _TICK, 0.0), 1.0)
    return Bullet(filled, _TICK, status.tone, _attained(attained, formats))


def _recent(standing: Standing) -> Standing:
    return Standing(
        standing.kpi,
        standing.points[-_POINTS:],
        standing.targets[-_POINTS:],
        standing.judged[-_POINTS:],
    )


def _foot(standing: Standing, formats: Formats) -> tuple[tuple[str, str], ...]:
    unit = standing.kpi.unit
    found: list[tuple[str, str]] = []
    limits = usual(standing.known, standing.kpi)
    if limits is not None:
        found.append((tr("Usual"), formats.range(limits.low, limits.high, unit)))
    last_year = _last_year(standing)
    if last_year is not None:
        found.append((tr("Last year"), formats.short(last_year, unit)))
    return tuple(found)


_MONTHS = 13


def _last_year(standing: Standing) -> float | None:
    """Return the number of the same month a year before, where the series reaches so far."""
    if len(standing.points) < _MONTHS:
        return None
    point = standing.points[-_MONTHS]
    if (point.period.start.month, point.period.start.day) != (
        standing.points[-1].period.start.month,
        standing.points[-1].period.start.day,
    ):
        return None
    return point.reading.value if point.reading.state is State.FINAL else None
