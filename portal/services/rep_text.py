"""A rep's targets, activities and finding in words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil

from kpi_engine.language import mark, tr, trn
from kpi_engine.periods import Grain
from kpi_engine.units import Unit
from portal.readmodels.cards import Bullet, Finding, Tone
from portal.readmodels.formats import Formats
from portal.readmodels.rep_home import MixPanel, MixRow, TargetBar, TargetPanel
from portal.services.activities import Doing, Mix
from portal.services.deals import NOTHING
from portal.services.opportunities import at_risk
from portal.services.sales_facts import OwnFacts
from portal.services.tasks import Tasks
from portal.services.working_time import Days, pace_status

_CALLED = {
    Doing.CALLS: mark("Calls"),
    Doing.EMAILS: mark("E-mails"),
    Doing.MEETINGS: mark("Meetings"),
    Doing.FOLLOW_UPS: mark("Follow-ups"),
}
_FEW_CALLS = 20


@dataclass(frozen=True, slots=True)
class Quota:
    """One quota, what was won of it, and the days of its period."""

    days: Days
    won: float
    amount: float

    @property
    def pace(self) -> float:
        """What would have been won by now at an even pace over the working days."""
        return self.amount * self.days.part

    @property
    def ahead(self) -> float:
        """By how much it is ahead of pace; below 0 behind."""
        return self.won - self.pace

    @property
    def lacks(self) -> Decimal:
        """What is still to be won."""
        return Decimal(str(max(self.amount - self.won, 0.0)))

    def name(self, formats: Formats) -> str:
        """Return what a person calls its period."""
        period = formats.period(self.days.period)
        return period.rpartition("\N{NO-BREAK SPACE}")[0] or period


def target_panel(
    quotas: tuple[Quota, ...], facts: OwnFacts, today: date, formats: Formats
) -> TargetPanel:
    """Return the quotas of the month and the quarter against their pace."""
    day = formats.day(today, year=False)
    sub = tr("Closed won, to {day}. Pace is by working days.", day=day)
    if not quotas:
        won = _money(formats, float(facts.won[Grain.QUARTER]))
        empty = tr(
            "No quota is set for you this quarter. You have won {amount} in it so far.", amount=won
        )
        return TargetPanel(sub, (), empty)
    return TargetPanel(sub, tuple(_bar(one, facts, formats) for one in quotas), "")


def _bar(quota: Quota, facts: OwnFacts, formats: Formats) -> TargetBar:
    share, part = quota.won / quota.amount, quota.days.part
    status = pace_status(
        share / part if part else 1.0, over=quota.days.over, early=quota.days.early
    )
    gap = _money(formats, abs(quota.ahead))
    word = tr("{amount} ahead of pace.", amount=gap)
    if quota.ahead < 0:
        word = tr("{amount} behind pace.", amount=gap)
        if quota.days.early:
            word = tr("Too early to tell the pace.")
    if quota.days.over:
        word = f"{status.word}."
    summary = tr(
        "{share} of the quota, pace {pace}.",
        share=formats.per_cent(share),
        pace=formats.per_cent(part),
    )
    scale = max(share, 1.0)
    return TargetBar(
        name=formats.period(quota.days.period),
        won=_money(formats, quota.won),
        of=_money(formats, quota.amount),
        share=formats.per_cent(share),
        bar=Bullet(share / scale, part / scale, status.tone, summary),
        pace="" if quota.days.over else tr("pace {amount}", amount=_money(formats, quota.pace)),
        verdict=type(status)(status.tone, word),
        rest=_needs(quota, facts, formats),
    )


def _needs(quota: Quota, facts: OwnFacts, formats: Formats) -> str:
    lacks = float(quota.lacks)
    if not lacks:
        return tr("The quota is reached.")
    left = quota.days.all - quota.days.gone
    money = _money(formats, lacks)
    if quota.days.over:
        return tr("{amount} short.", amount=money)
    if facts.average is None or not facts.average:
        return trn(
            "{amount} to go in {count} working day.",
            "{amount} to go in {count} working days.",
            left,
            amount=money,
        )
    return trn(
        "{amount} to go in {count} working day: {deals}.",
        "{amount} to go in {count} working days: {deals}.",
        left,
        amount=money,
        deals=trn(
            "{count} average deal of {amount}",
            "{count} average deals of {amount}",
            ceil(lacks / float(facts.average)),
            amount=_money(formats, float(facts.average)),
        ),
    )


def mix_panel(
    mix: tuple[Mix, ...], facts: OwnFacts, today: date, formats: Formats, *, last: bool = False
) -> MixPanel:
    """Return this week's activities against the usual; with `last`, those of the week before."""
    weekday = formats.day(today, weekday=True).split(",")[0].split(" ")[0]
    sub = tr("This week to {weekday}, against your usual to {weekday}.", weekday=weekday)
    if last:
        sub = tr("Last week, against your usual week.")
    if not facts.did:
        empty = tr("No call, mail or meeting of yours was recorded in the last nine weeks.")
        return MixPanel(sub, (), "", "", empty)
    top = max([1.0, *(float(one.count) for one in mix), *(one.usual or 0.0 for one in mix)])
    rows = []
    for one in mix:
        usual = "" if one.usual is None else tr("usual {count}", count=formats.number(one.usual))
        tick = None if one.usual is None else one.usual / top
        name = tr(_CALLED[one.doing])
        bar = Bullet(one.count / top, tick, Tone.NEUTRAL, f"{name}: {one.count}, {usual}")
        rows.append(MixRow(name, bar, formats.number(one.count), usual))
    fact, rest = _meetings(mix, formats)
    return MixPanel(sub, tuple(rows), fact, rest, "")


def _meetings(mix: tuple[Mix, ...], formats: Formats) -> tuple[str, str]:
    counts = {one.doing: one for one in mix}
    calls, meetings = counts[Doing.CALLS], counts[Doing.MEETINGS]
    if calls.count < _FEW_CALLS:
        count = formats.number(calls.count)
        few = trn(
            "{count} call: too few to tell meetings per call.",
            "{count} calls: too few to tell meetings per call.",
            calls.count,
            count=count,
        )
        return "", few
    now = formats.number(100 * meetings.count / calls.count)
    if not calls.usual or meetings.usual is None:
        return tr("{count} meetings per 100 calls.", count=now), ""
    usual = formats.number(100 * meetings.usual / calls.usual)
    return tr("{count} meetings per 100 calls;", count=now), tr("your usual {count}.", count=usual)


def finding(
    quotas: tuple[Quota, ...], facts: OwnFacts, todo: Tasks, formats: Formats
) -> Finding | None:
    """Return what stands first: how the quotas keep pace, and what could change it."""
    risky = at_risk(facts.open)
    cause = _risk(facts, formats)
    quotas = tuple(one for one in quotas if one.ahead >= 0 or not one.days.early)
    if not quotas:
        if not risky:
            return _of_tasks(todo)
        return Finding(cause, "", tr("See the deals"), "#deals", tone=Tone.WATCH)
    parts = [_pace(quota, formats) for quota in quotas]
    fact = f"{parts[0]}."
    if len(parts) > 1:
        agree = (quotas[0].ahead >= 0) is (quotas[1].ahead >= 0)
        fact = tr("{first}, but {second}.", first=parts[0], second=parts[1])
        if agree:
            fact = tr("{first}, and {second}.", first=parts[0], second=parts[1])
    last = quotas[-1]
    tone = pace_status(last.won / last.pace if last.pace else 1.0, over=last.days.over).tone
    told = [one for one in (_puts_back(last, facts, formats), cause) if one]
    link = (tr("See the deals"), "#deals") if risky else (tr("See the targets"), "#targets")
    return Finding(fact, " ".join(told), *link, tone=tone)


def _pace(quota: Quota, formats: Formats) -> str:
    told = {"period": quota.name(formats), "amount": _money(formats, abs(quota.ahead))}
    if quota.days.over:
        if quota.ahead >= 0:
            return tr("{period} ended {amount} over its quota", **told)
        return tr("{period} ended {amount} under its quota", **told)
    if quota.ahead >= 0:
        return tr("{period} is {amount} ahead of pace", **told)
    return tr("{period} is {amount} behind pace", **told)


def _puts_back(quota: Quota, facts: OwnFacts, formats: Formats) -> str:
    if quota.ahead >= 0 or quota.days.over or not facts.average:
        return ""
    deals = ceil(-quota.ahead / float(facts.average))
    return trn(
        "One average deal puts it back.",
        "{count} average deals put it back.",
        deals,
        count=formats.number(deals),
    )


def _risk(facts: OwnFacts, formats: Formats) -> str:
    risky = at_risk(facts.open)
    if not risky:
        return ""
    amount = sum((one.deal.amount for one in risky), NOTHING)
    total = sum((one.deal.amount for one in facts.open), NOTHING)
    if not total:
        return trn(
            "One deal is stalled or past the close date; no open deal of yours has an amount.",
            "{count} deals are stalled or past the close date; no open deal of yours has an"
            " amount.",
            len(risky),
        )
    return trn(
        "One deal, stalled or past the close date, holds {amount} of your {total} open pipeline.",
        "{count} deals, stalled or past the close date, hold {amount} of your {total} open"
        " pipeline.",
        len(risky),
        amount=_money(formats, float(amount)),
        total=_money(formats, float(total)),
    )


def _of_tasks(todo: Tasks) -> Finding | None:
    if not todo.overdue:
        return None
    fact = trn("One task is overdue.", "{count} tasks are overdue.", len(todo.overdue))
    return Finding(fact, "", tr("See the tasks"), "#tasks", tone=Tone.WATCH)


def _money(formats: Formats, amount: float) -> str:
    return formats.short(amount, Unit.MONEY)
