"""The pipeline's waterfall in words: what came in, what left, and what of it is unusual."""

from dataclasses import dataclass
from decimal import Decimal

from kpi_engine.language import mark, tr, trc, trn
from kpi_engine.units import half_up
from portal.readmodels.cards import Tone
from portal.readmodels.charts import Fall, Waterfall
from portal.readmodels.formats import Formats
from portal.readmodels.leader_home import FallPanel
from portal.services import pipeline
from portal.services.pipeline import MOVEMENTS, Step, Usual
from portal.services.sales_facts import PeriodView, TeamFacts

_GOOD_WHEN_MORE = {Step.NEW, Step.PULLED_IN, Step.WON}
_CALLED = {
    Step.NEW: mark("New"),
    Step.PULLED_IN: mark("Pulled in"),
    Step.SLIPPED: mark("Slipped out"),
    Step.WON: mark("Won"),
    Step.LOST: mark("Lost"),
    Step.CHANGED: mark("Amount change"),
}


def worse(step: Step, amount: Decimal, usual: Usual) -> bool:
    """Say whether an unusual amount of a movement is for the worse."""
    if step in _GOOD_WHEN_MORE:
        return abs(amount) < abs(usual.middle)
    return amount < usual.middle


def odd_steps(facts: TeamFacts) -> list[tuple[Step, Decimal, Usual]]:
    """Return the movements outside their usual range, the farthest from it first."""
    found = []
    for step in MOVEMENTS:
        usual, amount = facts.usual.get(step), facts.fall.amount(step)
        if usual is not None and usual.beyond(amount):
            found.append((step, amount, usual))
    found.sort(key=lambda one: -abs(one[1] - one[2].middle))
    return found


def times_usual(formats: Formats, amount: Decimal, usual: Usual) -> str:
    """Return how many times its usual a movement is: '2.0x usual'."""
    if not usual.middle:
        return tr("usually none")
    return tr("{times} usual", times=formats.times(float(amount / usual.middle)))


def fall_panel(facts: TeamFacts, seen: PeriodView, formats: Formats) -> FallPanel:
    """Return what became of the pipeline since the period began."""
    period = formats.period(seen.period)
    title = tr("Pipeline since {day}", day=formats.day(seen.period.start, year=False))
    dated = any(state.due for move in facts.fall.moves for state in move.deal.states)
    if not dated:
        return FallPanel(title, "", None, (), "", "", _no_fall(facts, period))
    scale = _scale_of(facts.fall, formats)
    gone = (seen.until - seen.period.start).days
    count = next(iter(facts.usual.values())).count if facts.usual else 0
    head = tr("usual by day {day}", day=gone) if count else ""
    fact, rest = _verdict(facts, formats)
    rest = " ".join([rest, *_unborn(facts)]).strip()
    falls = _falls(facts, seen, scale)
    steps = (Step.START, *MOVEMENTS, Step.NOW)
    table = tuple(
        (fall.name, _deals(facts.fall.count(step)), fall.text, fall.side)
        for step, fall in zip(steps, falls, strict=True)
    )
    summary = tr(
        "{first} {before}, {last} {now}, {unit}.",
        first=falls[0].name,
        before=falls[0].text,
        last=_last_inside(seen),
        now=falls[-1].text,
        unit=scale.unit,
    )
    return FallPanel(
        title, _sub(period, scale, count), Waterfall(summary, falls, head), table, fact, rest
    )


def _sub(period: str, scale: "_Scale", count: int) -> str:
    told = tr(
        "Open and expected to close in {period}, {unit}. Colour marks the unusual.",
        period=period,
        unit=scale.unit,
    )
    if not count:
        return told
    usual = tr("Usual: the middle of {count} earlier quarters by the same day.", count=count)
    return f"{told} {usual}"


def _last(seen: PeriodView) -> str:
    if seen.until < seen.period.end:
        return trc("level of the pipeline", "Open now")
    return trc("level of the pipeline", "Open at the end")


def _last_inside(seen: PeriodView) -> str:
    if seen.until < seen.period.end:
        return trc("level of the pipeline", "open now")
    return trc("level of the pipeline", "open at the end")


_THOUSANDS_FROM = 1_000_000


@dataclass(frozen=True, slots=True)
class _Scale:
    """How the amounts of one waterfall are written: in units or in thousands."""

    formats: Formats
    unit: str
    size: int

    def whole(self, amount: Decimal) -> int:
        """Return an amount in the unit, rounded."""
        return int(half_up(float(amount / self.size)))

    def signed(self, amount: int) -> str:
        """Return a movement with its sign."""
        return self.formats.signed(amount)


def _scale_of(fall: pipeline.Waterfall, formats: Formats) -> _Scale:
    largest = max(abs(fall.amount(step)) for step in Step)
    currency = formats.currency or tr("amounts")
    if largest >= _THOUSANDS_FROM:
        return _Scale(formats, tr("{currency} thousand", currency=currency), 1000)
    return _Scale(formats, currency, 1)


def _no_fall(facts: TeamFacts, period: str) -> str:
    if not facts.has_deals:
        return tr("No opportunity of this team was ever loaded, so there is no pipeline to follow.")
    return tr(
        "No deal has an expected close in {period}. Deals come in here as soon as the CRM gives"
        " them one.",
        period=period,
    )


def _falls(facts: TeamFacts, seen: PeriodView, scale: _Scale) -> tuple[Fall, ...]:
    """Return the rows. Each level is rounded and a movement is what lies between two of them.

    So the rows as they are read add up, too.
    """
    fall = facts.fall
    level = fall.amount(Step.START)
    day = scale.formats.day(seen.period.start, year=False)
    found = [_level(tr("Open on {day}", day=day), level, scale)]
    for step in MOVEMENTS:
        before = scale.whole(level)
        level += fall.amount(step)
        found.append(_fall(facts, step, scale.whole(level) - before, scale))
    found.append(_level(_last(seen), fall.amount(Step.NOW), scale))
    return tuple(found)


def _level(name: str, amount: Decimal, scale: _Scale) -> Fall:
    return Fall(name, float(amount), scale.formats.number(scale.whole(amount)), level=True)


def _fall(facts: TeamFacts, step: Step, shown: int, scale: _Scale) -> Fall:
    amount, usual = facts.fall.amount(step), facts.usual.get(step)
    text, tone, side = scale.signed(shown), Tone.NEUTRAL, ""
    if usual is not None:
        side = scale.signed(scale.whole(usual.middle))
        if usual.beyond(amount):
            tone = Tone.BAD if worse(step, amount, usual) else Tone.GOOD
            if usual.middle:
                text = f"{text}, {scale.formats.times(float(amount / usual.middle))}"
    return Fall(tr(_CALLED[step]), float(amount), text, tone=tone, side=side)


def _deals(count: int) -> str:
    return trn("{count}\N{NO-BREAK SPACE}deal", "{count}\N{NO-BREAK SPACE}deals", count)


def _unborn(facts: TeamFacts) -> list[str]:
    """Name the deals that ended and are not in the movements: nobody knows if they are new."""
    if not facts.unborn:
        return []
    told = trn(
        "{count} deal that was won or lost is not among these: it lacks the day it was created.",
        "{count} deals that were won or lost are not among these:"
        " they lack the day they were created.",
        facts.unborn,
    )
    return [told]


def _verdict(facts: TeamFacts, formats: Formats) -> tuple[str, str]:
    if not facts.has_dates:
        return (
            tr("Only today's close dates are known;"),
            tr("slipped deals show once their dates are followed through stage changes or loads."),
        )
    if not facts.usual:
        return tr("Too few earlier periods"), tr("to say what is usual.")
    odd = odd_steps(facts)
    if not odd:
        return tr("Every movement is in its usual range."), ""
    step, amount, usual = odd[0]
    called = tr(_CALLED[step])
    if usual.middle:
        times = formats.times(float(amount / usual.middle))
        fact = tr("{movement} is {times} usual;", movement=called, times=times)
    else:
        fact = tr("{movement}: usually nothing by this day;", movement=called)
    others = len(odd) - 1
    if not others:
        return fact, tr("every other movement is in range.")
    return fact, trn(
        "{count} other movement is unusual too.",
        "{count} other movements are unusual too.",
        others,
    )
