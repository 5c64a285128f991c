"""A rep's targets, activities and finding in words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil

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
    Doing.CALLS: "Calls",
    Doing.EMAILS: "E-mails",
    Doing.MEETINGS: "Meetings",
    Doing.FOLLOW_UPS: "Follow-ups",
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
    sub = f"Closed won, to {formats.day(today, year=False)}. Pace is by working days."
    if not quotas:
        won = _money(formats, float(facts.won[Grain.QUARTER]))
        empty = f"No quota is set for you this quarter. You have won {won} in it so far."
        return TargetPanel(sub, (), empty)
    return TargetPanel(sub, tuple(_bar(one, facts, formats) for one in quotas), "")


def _bar(quota: Quota, facts: OwnFacts, formats: Formats) -> TargetBar:
    share, part = quota.won / quota.amount, quota.days.part
    status = pace_status(share / part if part else 1.0, over=quota.days.over)
    gap = _money(formats, abs(quota.ahead))
    word = f"{gap} {'ahead of' if quota.ahead >= 0 else 'behind'} pace."
    if quota.days.over:
        word = f"{status.word}."
    summary = f"{formats.per_cent(share)} of the quota, pace {formats.per_cent(part)}."
    scale = max(share, 1.0)
    return TargetBar(
        name=formats.period(quota.days.period),
        won=_money(formats, quota.won),
        of=_money(formats, quota.amount),
        share=formats.per_cent(share),
        bar=Bullet(share / scale, part / scale, status.tone, summary),
        pace="" if quota.days.over else f"pace {_money(formats, quota.pace)}",
        verdict=type(status)(status.tone, word),
        rest=_needs(quota, facts, formats),
    )


def _needs(quota: Quota, facts: OwnFacts, formats: Formats) -> str:
    lacks = float(quota.lacks)
    if not lacks:
        return "The quota is reached."
    left = quota.days.all - quota.days.gone
    money = _money(formats, lacks)
    if quota.days.over:
        return f"{money} short."
    when = f"in {left} working {'day' if left == 1 else 'days'}"
    if facts.average is None or not facts.average:
        return f"{money} to go {when}."
    deals = ceil(lacks / float(facts.average))
    size = _money(formats, float(facts.average))
    return f"{money} to go {when}: {deals} average {'deal' if deals == 1 else 'deals'} of {size}."


def mix_panel(mix: tuple[Mix, ...], facts: OwnFacts, today: date, formats: Formats) -> MixPanel:
    """Return this week's activities against the usual."""
    weekday = formats.day(today, weekday=True).split(",")[0].split(" ")[0]
    sub = f"This week to {weekday}, against your usual to {weekday}."
    if not facts.did:
        empty = "No call, mail or meeting of yours was recorded in the last nine weeks."
        return MixPanel(sub, (), "", "", empty)
    top = max([1.0, *(float(one.count) for one in mix), *(one.usual or 0.0 for one in mix)])
    rows = []
    for one in mix:
        usual = "" if one.usual is None else f"usual {formats.number(one.usual)}"
        tick = None if one.usual is None else one.usual / top
        name = _CALLED[one.doing]
        bar = Bullet(one.count / top, tick, Tone.NEUTRAL, f"{name}: {one.count}, {usual}")
        rows.append(MixRow(name, bar, formats.number(one.count), usual))
    fact, rest = _meetings(mix, formats)
    return MixPanel(sub, tuple(rows), fact, rest, "")


def _meetings(mix: tuple[Mix, ...], formats: Formats) -> tuple[str, str]:
    counts = {one.doing: one for one in mix}
    calls, meetings = counts[Doing.CALLS], counts[Doing.MEETINGS]
    if calls.count < _FEW_CALLS:
        return "", f"{formats.number(calls.count)} calls: too few to tell meetings per call."
    now = f"{formats.number(100 * meetings.count / calls.count)} meetings per 100 calls"
    if not calls.usual or meetings.usual is None:
        return f"{now}.", ""
    return f"{now};", f"your usual {formats.number(100 * meetings.usual / calls.usual)}."


def finding(
    quotas: tuple[Quota, ...], facts: OwnFacts, todo: Tasks, formats: Formats
) -> Finding | None:
    """Return what stands first: how the quotas keep pace, and what could change it."""
    risky = at_risk(facts.open)
    cause = _risk(facts, formats)
    if not quotas:
        if not risky:
            return _of_tasks(todo)
        return Finding(cause, "", "See the deals", "#deals", tone=Tone.WATCH)
    parts = [_pace(quota, formats) for quota in quotas]
    fact = f"{parts[0]}."
    if len(parts) > 1:
        agree = (quotas[0].ahead >= 0) is (quotas[1].ahead >= 0)
        fact = f"{parts[0]}, {'and' if agree else 'but'} {parts[1]}."
    last = quotas[-1]
    tone = pace_status(last.won / last.pace if last.pace else 1.0, over=last.days.over).tone
    told = [one for one in (_puts_back(last, facts, formats), cause) if one]
    link = ("See the deals", "#deals") if risky else ("See the targets", "#targets")
    return Finding(fact, " ".join(told), *link, tone=tone)


def _pace(quota: Quota, formats: Formats) -> str:
    gap = _money(formats, abs(quota.ahead))
    name = quota.name(formats)
    if quota.days.over:
        return f"{name} ended {gap} {'over' if quota.ahead >= 0 else 'under'} its quota"
    return f"{name} is {gap} {'ahead of' if quota.ahead >= 0 else 'behind'} pace"


def _puts_back(quota: Quota, facts: OwnFacts, formats: Formats) -> str:
    if quota.ahead >= 0 or quota.days.over or not facts.average:
        return ""
    deals = ceil(-quota.ahead / float(facts.average))
    if deals == 1:
        return "One average deal puts it back."
    return f"{formats.number(deals)} average deals put it back."


def _risk(facts: OwnFacts, formats: Formats) -> str:
    risky = at_risk(facts.open)
    if not risky:
        return ""
    amount = sum((one.deal.amount for one in risky), NOTHING)
    total = sum((one.deal.amount for one in facts.open), NOTHING)
    count = "One deal" if len(risky) == 1 else f"{len(risky)} deals"
    verb = "holds" if len(risky) == 1 else "hold"
    return (
        f"{count}, stalled or past the close date, {verb} {_money(formats, float(amount))} of your"
        f" {_money(formats, float(total))} open pipeline."
    )


def _of_tasks(todo: Tasks) -> Finding | None:
    if not todo.overdue:
        return None
    late = len(todo.overdue)
    fact = "One task is overdue." if late == 1 else f"{late} tasks are overdue."
    return Finding(fact, "", "See the tasks", "#tasks", tone=Tone.WATCH)


def _money(formats: Formats, amount: float) -> str:
    return formats.short(amount, Unit.MONEY)
