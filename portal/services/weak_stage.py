"""The weak stage in words: how far it falls short, for how long, and which of its KPIs moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.definitions.described import Stage
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import mark, tr, trc, trn
from kpi_engine.reading import Reading
from portal.readmodels.journey import Moved, Weakest
from portal.services import attainment, journey_map, score_lines, statuses, stories
from portal.services.addresses import kpi_page
from portal.services.attainment import Attainment
from portal.services.desks import Desk, View
from portal.services.kpi_strip import target_text
from portal.services.movers import movers
from portal.services.quotients import of_nothing
from portal.services.standings import Standing

_MOST_SHOWN = 4
_MOST_MONTHS = 12
_IN_A_ROW = (
    "",
    "",
    mark("second month in a row the lowest"),
    mark("third month in a row the lowest"),
    mark("fourth month in a row the lowest"),
    mark("fifth month in a row the lowest"),
    mark("sixth month in a row the lowest"),
)


@dataclass(frozen=True, slots=True)
class Weak:
    """The finding about the weak stage, and its panel."""

    fact: str
    cause: str
    told: Weakest


def weak_stage(
    desk: Desk, view: View, found: Mapping[KpiKey, Standing], stage: Stage
) -> Weak | None:
    """Tell of the weakest stage what makes it weak; None where none of its KPIs falls short."""
    short = sorted(
        (one for one in found.values() if one.kpi.stage is stage and _share(one) is not None),
        key=lambda one: _share(one) or 0.0,
    )
    if not short:
        return None
    worst = short[0]
    name = tr(next(leg.name for leg in journey_map.LEGS if leg.stage is stage))
    share = attainment.of_stage(found.values(), stage).share or 0.0
    title = tr(
        "{stage} is the weakest stage: {share} of its targets",
        stage=name,
        share=desk.formats.per_cent(share),
    )
    if long := _how_long(found, stage):
        title = f"{title}, {long}"
    text = f"{_missed(short[:_MOST_SHOWN], desk)}{_moved_worse(desk, view, worst)}"
    href = kpi_page(worst.kpi.key, period=view.last.label, team=view.team or None)
    told = Weakest(title, text, href, tuple(_moved(one, desk, view) for one in short[:_MOST_SHOWN]))
    return Weak(f"{title}.", _missed(short[:2], desk), told)


def _share(standing: Standing) -> float | None:
    judged = standing.judged[-1]
    return judged.attained if judged.score is not None else None


def _how_long(found: Mapping[KpiKey, Standing], stage: Stage) -> str:
    stages = [leg.stage for leg in journey_map.LEGS]
    months = attainment.run(found.values(), stages, stage, _MOST_MONTHS)
    if months < 2:  # noqa: PLR2004 - once is no row
        return ""
    if months < len(_IN_A_ROW):
        return tr(_IN_A_ROW[months])
    return tr("the lowest for {count} months in a row", count=months)


def _missed(short: Sequence[Standing], desk: Desk) -> str:
    """Say which KPIs miss their targets, and by what."""
    formats = desk.formats
    words = [
        tr(
            "{kpi} {value} against {target}",
            kpi=one.kpi.name,
            value=formats.short(one.now.value, one.kpi.unit),
            target=target_text(one.kpi, target, formats),
        )
        for one in short
        if one.now.value is not None
        and (target := one.targets[-1]) is not None
        and (_share(one) or 0.0) < 1
    ]
    return f"{'; '.join(words)}." if words else ""


def _moved_worse(desk: Desk, view: View, worst: Standing) -> str:
    """Tell what the worst one did, if that was for the worse; empty otherwise."""
    story = _story(desk, view, worst) if score_lines.is_worse(worst) else None
    return "" if story is None else f" {story.text}"


def _story(desk: Desk, view: View, worst: Standing) -> stories.Story | None:
    key = worst.kpi.key
    before = desk.calendar.previous(view.last)
    moved = movers(desk, [key], view.who, view.last, before)
    return score_lines.story_of(worst, moved.of(key), moved.names, desk.formats)


def _moved(standing: Standing, desk: Desk, view: View) -> Moved:
    before = standing.before
    return Moved(
        standing.kpi.name,
        "" if before is None or before.value is None else _told(standing.kpi, before, desk),
        _told(standing.kpi, standing.now, desk),
        kpi_page(standing.kpi.key, period=view.last.label, team=view.team or None),
    )


def _told(kpi: Kpi, reading: Reading, desk: Desk) -> str:
    if reading.value is None:
        return trc("a number", "none")
    if of_nothing(kpi, reading):
        return statuses.within(statuses.NOTHING_SPENT)
    return desk.formats.short(reading.value, kpi.unit)


def none_weak(attained: Sequence[Attainment], *, whole: bool) -> str:
    """Say why no stage is told to be the weakest; `whole`: the reader sees all of the journey.

    A stage without a target meets none: what is said of the others is not said of it.
    """
    if not whole:
        return tr("Which stage is the weakest is told to whose role sees all KPIs of the journey.")
    shares = [one.share for one in attained]
    aimed = sum(share is not None for share in shares)
    if not aimed:
        return tr(
            "No KPI of the journey has a target this month, so no stage can be told to be weak."
        )
    if aimed == len(shares):
        return tr("Every stage meets its targets on the whole; none is weak.")
    return trn(
        "{count} of {stages} stages has targets, and meets them on the whole. Of the others nothing"
        " can be said.",
        "{count} of {stages} stages have targets, and meet them on the whole. Of the others nothing"
        " can be said.",
        aimed,
        stages=len(shares),
    )
