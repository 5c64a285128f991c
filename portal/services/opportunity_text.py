"""A rep's open deals in words: flagged first, then by close date, and what would fill the gap."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from kpi_engine.language import tr, trn
from kpi_engine.units import Unit
from portal.readmodels.cards import Bullet, Status, Tone
from portal.readmodels.formats import Formats
from portal.readmodels.rep_home import DealPanel, DealRow, GapBox, Part
from portal.services import listed
from portal.services.deals import NOTHING
from portal.services.opportunities import Flag, Gap, OpenDeal, at_risk
from portal.services.sales_facts import OwnFacts

_MOST = 40
_NAMED = 4
_SCALE = 3.0
"""The bar of an age ends at so many times the usual."""


def panel(facts: OwnFacts, gap: Gap | None, today: date, formats: Formats) -> DealPanel:
    """Return all open deals of a person."""
    deals = facts.open
    if not deals:
        return DealPanel("", (), None, (), ("", "", ""), "", _nothing(facts))
    fills = {one.deal.key for one in gap.fillers} if gap is not None else set()
    risky, without = at_risk(deals), sum(not one.deal.next_step for one in deals)
    pills = []
    if risky:
        pills.append(Status(Tone.BAD, tr("{count} at risk", count=len(risky))))
    if without:
        pills.append(Status(Tone.WATCH, tr("{count} no next step", count=without)))
    # The total is that of the rows as they are read.
    amount = sum((_rounded(one.deal.amount) for one in deals), NOTHING)
    valued = any(one.deal.valued for one in deals)
    total = (
        tr("{count} open", count=len(deals)),
        _whole(formats, amount) if valued else tr("not set"),
        _weighted(deals, formats) if valued else "",
    )
    more = len(deals) - _MOST
    return DealPanel(
        sub=_sub(facts, deals, formats),
        pills=tuple(pills),
        gap=None if gap is None else _gap(gap, formats),
        rows=tuple(_row(one, fills, today, formats) for one in deals[:_MOST]),
        total=total,
        foot=trn(
            "{count} more deal is not shown; it is due last.",
            "{count} more deals are not shown; they are due last.",
            more,
        )
        if more > 0
        else "",
        empty="",
    )


def _weighted(deals: Sequence[OpenDeal], formats: Formats) -> str:
    weighted = [_rounded(one.weighted) for one in deals if one.weighted is not None]
    return _whole(formats, sum(weighted, NOTHING)) if weighted else tr("no probability")


def _nothing(facts: OwnFacts) -> str:
    if facts.has_deals:
        told = tr("No deal of yours is open. New ones come in here from the CRM.")
        return " ".join([told, *_undated(facts)])
    return tr("No opportunity of yours was ever loaded.")


def _sub(facts: OwnFacts, deals: Sequence[OpenDeal], formats: Formats) -> str:
    del formats
    parts = [tr("{count} open. Needs attention first, then by expected close.", count=len(deals))]
    if any(one.usual is not None for one in deals):
        parts.append(tr("The tick in “age” is the stage's usual time."))
    elif not facts.has_stages:
        parts.append(tr("No stage change is recorded: age counts from the deal's beginning."))
    return " ".join([*parts, *_undated(facts)])


def _undated(facts: OwnFacts) -> list[str]:
    """Name the open deals that no list has: a deal that never began has no age and no place."""
    if not facts.undated:
        return []
    told = trn(
        "{count} more open deal is not listed: it lacks the day it was created.",
        "{count} more open deals are not listed: they lack the day they were created.",
        facts.undated,
    )
    return [told]


def _row(one: OpenDeal, fills: set[str], today: date, formats: Formats) -> DealRow:
    deal = one.deal
    late = deal.due is not None and deal.due < today
    return DealRow(
        account=deal.account or deal.name,
        name=deal.name if deal.account else "",
        step=one.step,
        steps=one.steps,
        stage=deal.stage,
        amount=_whole(formats, deal.amount) if deal.valued else tr("not set"),
        weighted=_weighted_one(one, formats),
        due=tr("no date")
        if deal.due is None
        else formats.day(deal.due, year=deal.due.year != today.year),
        late=late,
        age=tr("{days}\N{NO-BREAK SPACE}d", days=int(one.age)),
        age_bar=_age(one, formats),
        next_step=deal.next_step,
        flag=_flag(one, fills, formats),
    )


def _weighted_one(one: OpenDeal, formats: Formats) -> str:
    if not one.deal.valued:
        return tr("not set")
    return "" if one.weighted is None else _whole(formats, one.weighted)


def _age(one: OpenDeal, formats: Formats) -> Bullet | None:
    if one.usual is None:
        return None
    scale = _SCALE * max(one.usual, 1.0)
    days = formats.number(one.usual)
    tone = Tone.BAD if one.flag is Flag.STALLED else Tone.NEUTRAL
    summary = tr("{days} days in the stage, usually {usual}.", days=int(one.age), usual=days)
    return Bullet(min(one.age / scale, 1.0), one.usual / scale, tone, summary)


def _flag(one: OpenDeal, fills: set[str], formats: Formats) -> Status | None:
    del formats
    if one.flag is Flag.STALLED:
        return Status(Tone.BAD, tr("Stalled {days}\N{NO-BREAK SPACE}d", days=int(one.age)))
    if one.flag is Flag.PAST_DUE:
        told = tr("Past close date {days}\N{NO-BREAK SPACE}d", days=one.late)
        return Status(Tone.BAD, told, "calendar-x")
    if one.flag is Flag.NO_NEXT_STEP:
        return Status(Tone.WATCH, tr("No next step"))
    if one.deal.key in fills:
        return Status(Tone.NEUTRAL, tr("Fills the gap"), "bullseye")
    return None


def _gap(gap: Gap, formats: Formats) -> GapBox:
    names = [one.deal.account or one.deal.name for one in gap.fillers]
    deals = listed.with_more(names, _NAMED)
    last = max((one.deal.due for one in gap.fillers if one.deal.due), default=None)
    if last is not None:
        due = formats.day(last, year=False)
        deals = tr("{deals}, due by {day},", deals=deals, day=due)
    text = f"{_lacking(gap, formats)} {_worth(gap, deals, formats)}"
    top = max(gap.worth, gap.lacks)
    parts = tuple(
        Part(f"{name} {_money(formats, one.weighted or NOTHING)}",
             float((one.weighted or NOTHING) / top) * 100)
        for name, one in zip(names, gap.fillers, strict=True)
    )  # fmt: skip
    return GapBox(
        text,
        parts,
        float(gap.lacks / top),
        tr("needs {amount}", amount=_money(formats, gap.lacks)),
    )


def _lacking(gap: Gap, formats: Formats) -> str:
    return tr("{amount} is missing.", amount=_money(formats, gap.lacks))


def _worth(gap: Gap, deals: str, formats: Formats) -> str:
    worth, count = _money(formats, gap.worth), len(gap.fillers)
    if gap.worth >= gap.lacks:
        return trn(
            "{deals} is worth {amount} weighted by stage, which closes it.",
            "{deals} are worth {amount} weighted by stage, which closes it.",
            count,
            deals=deals,
            amount=worth,
        )
    return trn(
        "{deals} is worth {amount} weighted by stage, which does not close it.",
        "{deals} are worth {amount} weighted by stage, which does not close it.",
        count,
        deals=deals,
        amount=worth,
    )


def _money(formats: Formats, amount: Decimal) -> str:
    return formats.short(float(amount), Unit.MONEY)


def _whole(formats: Formats, amount: Decimal) -> str:
    """Return money in full, so that the rows add up to their total."""
    return formats.value(float(_rounded(amount)), Unit.MONEY)


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), ROUND_HALF_UP)
