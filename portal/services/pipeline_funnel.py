"""The stages' funnel in words: who entered, who moved on, how long it took."""

from kpi_engine.language import tr, trn
from kpi_engine.units import Unit
from portal.readmodels.cards import Tone
from portal.readmodels.charts import Funnel, Stage
from portal.readmodels.formats import Formats
from portal.readmodels.leader_home import FunnelPanel
from portal.services import stage_funnel
from portal.services.deals import NOTHING
from portal.services.opportunities import at_risk
from portal.services.sales_facts import PeriodView, TeamFacts
from portal.services.stage_funnel import StageRow

_LEAST = 0.01
_WHOLE = 100.0


def funnel_panel(facts: TeamFacts, seen: PeriodView, formats: Formats) -> FunnelPanel:
    """Return how deals pass through the stages."""
    start = formats.day(seen.period.start, year=False)
    sub = tr(
        "Entered since {day}. Moved on: of those that left the stage."
        " In brackets: the 12 months before.",
        day=start,
    )
    found = facts.funnel
    if not facts.has_stages or not found.rows:
        return FunnelPanel(sub, None, (), "", "", _no_funnel(facts))
    stages = [_stage(row, formats) for row in found.rows]
    stages.append(Stage(tr("Won"), found.won, formats.number(found.won)))
    entered = ", ".join(f"{stage.name} {stage.text}" for stage in stages)
    table = tuple(_funnel_cells(row, formats) for row in found.rows)
    fact, rest = weak_words(found, formats)
    rest = " ".join(filter(None, (rest, _ageing(facts, formats))))
    summary = tr("Deals that entered: {stages}.", stages=entered)
    chart = Funnel(summary, tuple(stages), (tr("entered"), tr("moved on"), tr("median days")))
    return FunnelPanel(sub, chart, table, fact, rest)


def _ageing(facts: TeamFacts, formats: Formats) -> str:
    """Say how much of what is open has aged: stalled, or past its close date. Empty for none."""
    deals = [one for mine in facts.open.values() for one in mine]
    aged = at_risk(deals)
    if not aged:
        return ""
    amount = float(sum((one.deal.amount for one in aged), NOTHING))
    if not any(one.deal.amount for one in deals):
        return trn(
            "{count} of {total} open deals is stalled or past its close date; none has an amount.",
            "{count} of {total} open deals are stalled or past their close date; none has an"
            " amount.",
            len(aged),
            total=len(deals),
        )
    return trn(
        "{count} of {total} open deals is stalled or past its close date, {money}.",
        "{count} of {total} open deals are stalled or past their close date, {money}.",
        len(aged),
        total=len(deals),
        money=formats.short(amount, Unit.MONEY),
    )


def _no_funnel(facts: TeamFacts) -> str:
    if not facts.has_deals:
        return tr("No opportunity of this team was ever loaded.")
    return tr(
        "No stage change was recorded, so who moved on and how long it took cannot be told."
        " Bring the entity stage_change in to see it."
    )


def _stage(row: StageRow, formats: Formats) -> Stage:
    share, usual = _share(row, formats), _usual_share(row, formats)
    days, usual_days = _days(row.days, row.ended, formats), _usual_days(row, formats)
    return Stage(
        row.stage,
        row.entered,
        formats.number(row.entered),
        f"{share} ({usual})" if usual else share,
        Tone.BAD if row.fewer else Tone.NEUTRAL,
        f"{days} ({usual_days})" if usual_days else days,
        Tone.BAD if row.slow else Tone.NEUTRAL,
    )


def _funnel_cells(row: StageRow, formats: Formats) -> tuple[str, ...]:
    return (
        row.stage,
        formats.number(row.entered),
        _share(row, formats),
        _usual_share(row, formats) or tr("too few"),
        _days(row.days, row.ended, formats),
        _usual_days(row, formats) or tr("too few"),
        formats.number(row.here),
    )


def _usual_share(row: StageRow, formats: Formats) -> str:
    return "" if row.usual.value is None else formats.per_cent(row.usual.value)


def _usual_days(row: StageRow, formats: Formats) -> str:
    usual = row.usual_days
    return "" if usual is None else formats.number(usual, _places(usual))


def _days(days: float | None, ended: int, formats: Formats) -> str:
    if days is None:
        return _few(ended)
    return tr("{days}\N{NO-BREAK SPACE}d", days=formats.number(days, _places(days)))


def _few(count: int) -> str:
    return tr("n\N{NO-BREAK SPACE}{count}, too few", count=count) if count else tr("none left yet")


def _places(days: float) -> int:
    return 0 if days >= 10 else 1  # noqa: PLR2004 - two figures


def _share(row: StageRow, formats: Formats) -> str:
    if row.moved.value is None:
        return _few(row.moved.left)
    return formats.per_cent(row.moved.value)


def weak_words(found: stage_funnel.Funnel, formats: Formats) -> tuple[str, str]:
    """Return which stage holds deals back, and by how much."""
    weak = found.weak
    if weak is None:
        return tr("No stage holds deals back more than usual."), _unplaced(found)
    parts = []
    if weak.days_above > 0 and weak.days is not None and weak.usual_days is not None:
        days, usual = weak.days, weak.usual_days
        told = formats.number(days, _places(days)), formats.number(usual, _places(usual))
        parts.append(tr("{days} days where {usual} is usual", days=told[0], usual=told[1]))
    if weak.points_below >= _LEAST:
        points = formats.number(weak.points_below * _WHOLE)
        parts.append(tr("{points} pp fewer move on", points=points))
    return tr("{stage} is the weak stage:", stage=weak.stage), f"{', '.join(parts)}."


def _unplaced(found: stage_funnel.Funnel) -> str:
    if not found.unplaced:
        return ""
    stages = ", ".join(found.unplaced)
    return tr("Without an order in the stage map: {stages}.", stages=stages)
