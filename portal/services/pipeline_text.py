"""The pipeline's waterfall and the stages' funnel in words."""

from dataclasses import dataclass
from decimal import Decimal

from portal.readmodels.cards import Tone
from portal.readmodels.charts import Fall, Funnel, Stage, Waterfall
from portal.readmodels.formats import Formats
from portal.readmodels.leader_home import FallPanel, FunnelPanel
from portal.readmodels.tongues import NBSP
from portal.services import pipeline, stage_funnel
from portal.services.pipeline import MOVEMENTS, Step, Usual
from portal.services.sales_facts import PeriodView, TeamFacts
from portal.services.stage_funnel import StageRow

_GOOD_WHEN_MORE = {Step.NEW, Step.PULLED_IN, Step.WON}
_CALLED = {
    Step.NEW: "New",
    Step.PULLED_IN: "Pulled in",
    Step.SLIPPED: "Slipped out",
    Step.WON: "Won",
    Step.LOST: "Lost",
    Step.CHANGED: "Amount change",
}
_SLOW = 1.25
_FEWER = 0.05
_WHOLE = 100.0


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
        return "usually none"
    return f"{formats.times(float(amount / usual.middle))} usual"


def fall_panel(facts: TeamFacts, seen: PeriodView, formats: Formats) -> FallPanel:
    """Return what became of the pipeline since the period began."""
    period = formats.period(seen.period)
    title = f"Pipeline since {formats.day(seen.period.start, year=False)}"
    dated = any(state.due for move in facts.fall.moves for state in move.deal.states)
    if not dated:
        return FallPanel(title, "", None, (), "", "", _no_fall(facts, period))
    scale = _scale_of(facts.fall, formats)
    gone = (seen.until - seen.period.start).days
    count = next(iter(facts.usual.values())).count if facts.usual else 0
    head = f"usual by day {gone}" if count else ""
    sub = f"Open and expected to close in {period}, {scale.unit}. Colour marks the unusual."
    if count:
        sub += f" Usual: the middle of {count} earlier quarters by the same day."
    fact, rest = _verdict(facts, formats)
    falls = _falls(facts, seen, scale)
    steps = (Step.START, *MOVEMENTS, Step.NOW)
    table = tuple(
        (fall.name, _deals(facts.fall.count(step)), fall.text, fall.side)
        for step, fall in zip(steps, falls, strict=True)
    )
    summary = (
        f"{falls[0].name} {falls[0].text}, {falls[-1].name.lower()} {falls[-1].text}, {scale.unit}."
    )
    return FallPanel(title, sub, Waterfall(summary, falls, head), table, fact, rest)


_THOUSANDS_FROM = 1_000_000


@dataclass(frozen=True, slots=True)
class _Scale:
    """How the amounts of one waterfall are written: in units or in thousands."""

    formats: Formats
    unit: str
    size: int

    def whole(self, amount: Decimal) -> int:
        """Return an amount in the unit, rounded."""
        return round(amount / self.size)

    def signed(self, amount: int) -> str:
        """Return a movement with its sign."""
        return self.formats.signed(amount)


def _scale_of(fall: pipeline.Waterfall, formats: Formats) -> _Scale:
    largest = max(abs(fall.amount(step)) for step in Step)
    currency = formats.currency or "amounts"
    if largest >= _THOUSANDS_FROM:
        return _Scale(formats, f"{currency} thousand", 1000)
    return _Scale(formats, currency, 1)


def _no_fall(facts: TeamFacts, period: str) -> str:
    if not facts.has_deals:
        return "No opportunity of this team was ever loaded, so there is no pipeline to follow."
    return (
        f"No deal has an expected close in {period}. Deals come in here as soon as the CRM gives"
        " them one."
    )


def _falls(facts: TeamFacts, seen: PeriodView, scale: _Scale) -> tuple[Fall, ...]:
    """Return the rows. Each level is rounded and a movement is what lies between two of them.

    So the rows as they are read add up, too.
    """
    fall = facts.fall
    level = fall.amount(Step.START)
    day = scale.formats.day(seen.period.start, year=False)
    found = [_level(f"Open on {day}", level, scale)]
    for step in MOVEMENTS:
        before = scale.whole(level)
        level += fall.amount(step)
        found.append(_fall(facts, step, scale.whole(level) - before, scale))
    name = "Open now" if seen.until < seen.period.end else "Open at the end"
    found.append(_level(name, fall.amount(Step.NOW), scale))
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
    return Fall(_CALLED[step], float(amount), text, tone=tone, side=side)


def _deals(count: int) -> str:
    return f"{count}{NBSP}deal{'' if count == 1 else 's'}"


def _verdict(facts: TeamFacts, formats: Formats) -> tuple[str, str]:
    if not facts.has_dates:
        return (
            "Only today's close dates are known;",
            "slipped deals show once their dates are followed through stage changes or loads.",
        )
    if not facts.usual:
        return "Too few earlier periods", "to say what is usual."
    odd = odd_steps(facts)
    if not odd:
        return "Every movement is in its usual range.", ""
    step, amount, usual = odd[0]
    fact = f"{_CALLED[step]} is {times_usual(formats, amount, usual)};"
    if not usual.middle:
        fact = f"{_CALLED[step]}: usually nothing by this day;"
    others = len(odd) - 1
    rest = (
        "every other movement is in range."
        if not others
        else f"{others} other {'movement is' if others == 1 else 'movements are'} unusual too."
    )
    return fact, rest


def funnel_panel(facts: TeamFacts, seen: PeriodView, formats: Formats) -> FunnelPanel:
    """Return how deals pass through the stages."""
    start = formats.day(seen.period.start, year=False)
    sub = (
        f"Entered since {start}. Moved on: of those that left the stage."
        " In brackets: the 12 months before."
    )
    found = facts.funnel
    if not facts.has_stages or not found.rows:
        return FunnelPanel(sub, None, (), "", "", _no_funnel(facts))
    stages = [_stage(row, formats) for row in found.rows]
    stages.append(Stage("Won", found.won, formats.number(found.won)))
    entered = ", ".join(f"{stage.name} {stage.text}" for stage in stages)
    table = tuple(_funnel_cells(row, formats) for row in found.rows)
    fact, rest = weak_words(found, formats)
    chart = Funnel(f"Deals that entered: {entered}.", tuple(stages), _HEADS)
    return FunnelPanel(sub, chart, table, fact, rest)


_HEADS = ("entered", "moved on", "median days")


def _no_funnel(facts: TeamFacts) -> str:
    if not facts.has_deals:
        return "No opportunity of this team was ever loaded."
    return (
        "No stage change was recorded, so who moved on and how long it took cannot be told."
        " Bring the entity stage_change in to see it."
    )


def _stage(row: StageRow, formats: Formats) -> Stage:
    slow = row.days is not None and row.usual_days and row.days >= _SLOW * row.usual_days
    share, usual = _share(row, formats), _usual_share(row, formats)
    days, usual_days = _days(row.days, row.ended, formats), _usual_days(row, formats)
    return Stage(
        row.stage,
        row.entered,
        formats.number(row.entered),
        f"{share} ({usual})" if usual else share,
        Tone.BAD if row.points_below >= _FEWER else Tone.NEUTRAL,
        f"{days} ({usual_days})" if usual_days else days,
        Tone.BAD if slow else Tone.NEUTRAL,
    )


def _funnel_cells(row: StageRow, formats: Formats) -> tuple[str, ...]:
    return (
        row.stage,
        formats.number(row.entered),
        _share(row, formats),
        _usual_share(row, formats) or "too few",
        _days(row.days, row.ended, formats),
        _usual_days(row, formats) or "too few",
        formats.number(row.here),
    )


def _usual_share(row: StageRow, formats: Formats) -> str:
    return "" if row.usual.value is None else formats.per_cent(row.usual.value)


def _usual_days(row: StageRow, formats: Formats) -> str:
    usual = row.usual_days
    return "" if usual is None else formats.number(usual, _places(usual))


def _days(days: float | None, ended: int, formats: Formats) -> str:
    if days is None:
        return f"n{NBSP}{ended}, too few" if ended else "none left yet"
    return f"{formats.number(days, _places(days))}{NBSP}d"


def _places(days: float) -> int:
    return 0 if days >= 10 else 1  # noqa: PLR2004 - two figures


def _share(row: StageRow, formats: Formats) -> str:
    if row.moved.value is None:
        return f"n{NBSP}{row.moved.left}, too few" if row.moved.left else "none left yet"
    return formats.per_cent(row.moved.value)


def weak_words(found: stage_funnel.Funnel, formats: Formats) -> tuple[str, str]:
    """Return which stage holds deals back, and by how much."""
    weak = found.weak
    if weak is None:
        return "No stage holds deals back more than usual.", _unplaced(found)
    parts = []
    if weak.days_above > 0 and weak.days is not None and weak.usual_days is not None:
        parts.append(
            f"{formats.number(weak.days, _places(weak.days))} days where"
            f" {formats.number(weak.usual_days, _places(weak.usual_days))} is usual"
        )
    if weak.points_below >= _FEWER / _FEWER_OF:
        parts.append(f"{formats.number(weak.points_below * _WHOLE)} pp fewer move on")
    return f"{weak.stage} is the weak stage:", f"{', '.join(parts)}."


_FEWER_OF = 5


def _unplaced(found: stage_funnel.Funnel) -> str:
    if not found.unplaced:
        return ""
    return f"Without an order in the stage map: {', '.join(found.unplaced)}."
