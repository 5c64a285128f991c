"""A rep's open deals in words: flagged first, then by close date, and what would fill the gap."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from kpi_engine.units import Unit
from portal.readmodels.cards import Bullet, Status, Tone
from portal.readmodels.formats import Formats
from portal.readmodels.rep_home import DealPanel, DealRow, GapBox, Part
from portal.readmodels.tongues import NBSP
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
        pills.append(Status(Tone.BAD, f"{len(risky)} at risk"))
    if without:
        pills.append(Status(Tone.WATCH, f"{without} no next step"))
    # The total is that of the rows as they are read.
    weighted = [Decimal(round(one.weighted)) for one in deals if one.weighted is not None]
    amount = sum((Decimal(round(one.deal.amount)) for one in deals), NOTHING)
    total = (
        f"{len(deals)} open",
        _whole(formats, amount),
        _whole(formats, sum(weighted, NOTHING)) if weighted else "no probability",
    )
    more = len(deals) - _MOST
    return DealPanel(
        sub=_sub(facts, deals, formats),
        pills=tuple(pills),
        gap=None if gap is None else _gap(gap, formats),
        rows=tuple(_row(one, fills, today, formats) for one in deals[:_MOST]),
        total=total,
        foot=f"{more} more deals are not shown; they are due last." if more > 0 else "",
        empty="",
    )


def _nothing(facts: OwnFacts) -> str:
    if facts.has_deals:
        return "No deal of yours is open. New ones come in here from the CRM."
    return "No opportunity of yours was ever loaded."


def _sub(facts: OwnFacts, deals: Sequence[OpenDeal], formats: Formats) -> str:
    del formats
    parts = [f"{len(deals)} open. Needs attention first, then by expected close."]
    if any(one.usual is not None for one in deals):
        parts.append("The tick in \N{LEFT DOUBLE QUOTATION MARK}age\N{RIGHT DOUBLE QUOTATION MARK}"
                     " is the stage's usual time.")  # fmt: skip
    elif not facts.has_stages:
        parts.append("No stage change is recorded: age counts from the deal's beginning.")
    return " ".join(parts)


def _row(one: OpenDeal, fills: set[str], today: date, formats: Formats) -> DealRow:
    deal = one.deal
    late = deal.due is not None and deal.due < today
    return DealRow(
        account=deal.account or deal.name,
        name=deal.name if deal.account else "",
        step=one.step,
        steps=one.steps,
        stage=deal.stage,
        amount=_whole(formats, deal.amount) if deal.amount else "not set",
        weighted="" if one.weighted is None else _whole(formats, one.weighted),
        due="no date"
        if deal.due is None
        else formats.day(deal.due, year=deal.due.year != today.year),
        late=late,
        age=f"{int(one.age)}{NBSP}d",
        age_bar=_age(one, formats),
        next_step=deal.next_step,
        flag=_flag(one, fills, formats),
    )


def _age(one: OpenDeal, formats: Formats) -> Bullet | None:
    if one.usual is None:
        return None
    scale = _SCALE * max(one.usual, 1.0)
    days = formats.number(one.usual)
    tone = Tone.BAD if one.flag is Flag.STALLED else Tone.NEUTRAL
    summary = f"{int(one.age)} days in the stage, usually {days}."
    return Bullet(min(one.age / scale, 1.0), one.usual / scale, tone, summary)


def _flag(one: OpenDeal, fills: set[str], formats: Formats) -> Status | None:
    del formats
    if one.flag is Flag.STALLED:
        return Status(Tone.BAD, f"Stalled {int(one.age)}{NBSP}d")
    if one.flag is Flag.PAST_DUE:
        return Status(Tone.BAD, f"Past close date {one.late}{NBSP}d", "calendar-x")
    if one.flag is Flag.NO_NEXT_STEP:
        return Status(Tone.WATCH, "No next step")
    if one.deal.key in fills:
        return Status(Tone.NEUTRAL, "Fills the gap", "bullseye")
    return None


def _gap(gap: Gap, formats: Formats) -> GapBox:
    names = [one.deal.account or one.deal.name for one in gap.fillers]
    shown = names[:_NAMED]
    rest = len(names) - len(shown)
    listed = ", ".join(shown) + (f" and {rest} more" if rest else "")
    last = max((one.deal.due for one in gap.fillers if one.deal.due), default=None)
    due = f", due by {formats.day(last, year=False)}," if last is not None else ""
    enough = "which closes it" if gap.worth >= gap.lacks else "which does not close it"
    is_one = len(names) == 1
    text = (
        f"{_money(formats, gap.lacks)} are missing. {listed}{due} {'is' if is_one else 'are'} worth"
        f" {_money(formats, gap.worth)} weighted by stage, {enough}."
    )
    top = max(gap.worth, gap.lacks)
    parts = tuple(
        Part(f"{name} {_money(formats, one.weighted or NOTHING)}",
             float((one.weighted or NOTHING) / top) * 100)
        for name, one in zip(names, gap.fillers, strict=True)
    )  # fmt: skip
    return GapBox(text, parts, float(gap.lacks / top), f"needs {_money(formats, gap.lacks)}")


def _money(formats: Formats, amount: Decimal) -> str:
    return formats.short(float(amount), Unit.MONEY)


def _whole(formats: Formats, amount: Decimal) -> str:
    """Return money in full, so that the rows add up to their total."""
    return formats.value(float(round(amount)), Unit.MONEY)
