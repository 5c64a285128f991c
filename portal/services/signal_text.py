"""News in words: what a person reads of it, in their way of writing numbers and dates."""

from kpi_engine.definitions.described import Better
from kpi_engine.language import mark, tr, trc, trn
from kpi_engine.periods import Grain, Period
from kpi_engine.units import Unit
from portal.readmodels.cards import Tone
from portal.readmodels.formats import Formats
from portal.services import addresses
from portal.services.inbox import Kind
from portal.services.kpi_strip import target_text
from portal.services.signal_facts import News, PaceNews, Place, SignalNews, StatusNews
from portal.services.signal_rules import Noticed, Turn, Verdict

_NOW = {
    Tone.GOOD: mark("{name}: now on target, {value} in {period}"),
    Tone.WATCH: mark("{name}: now close to target, {value} in {period}"),
    Tone.BAD: mark("{name}: now off target, {value} in {period}"),
}
_WAS = {
    Tone.GOOD: mark("It was on target before."),
    Tone.WATCH: mark("It was close to target before."),
    Tone.BAD: mark("It was off target before."),
}


def kind_of(news: News) -> Kind:
    """Return what an item of the news is about."""
    if isinstance(news, StatusNews):
        return Kind.STATUS
    return Kind.SIGNAL if isinstance(news, SignalNews) else Kind.PACE


def tone_of(news: News) -> Tone:
    """Return whether it is good news; what is neither good nor bad is neutral."""
    if isinstance(news, StatusNews):
        return news.turn.now
    if isinstance(news, PaceNews):
        return Tone.BAD if _is_missed(news) else Tone.WATCH
    return _VERDICTS[news.noticed.verdict(news.at.kpi.better)]


_VERDICTS = {
    Verdict.GOOD: Tone.GOOD,
    Verdict.BAD: Tone.BAD,
    Verdict.NEITHER: Tone.NEUTRAL,
}


def slot_of(news: News) -> str:
    """Return what is told once: this kind of news, of one number in one period."""
    at = news.at
    grain, start = at.period.grain.value, at.period.start.isoformat()
    scope = f"{at.scope.who.kind.value}:{at.scope.who.id}"
    return f"{kind_of(news).value}|{at.kpi.key}|{scope}|{grain}|{start}"


def href_of(news: News) -> str:
    """Return where the number is looked at."""
    at = news.at
    return addresses.kpi_page(at.kpi.key, period=at.period.label, team=at.scope.team or None)


def words(news: News, formats: Formats) -> tuple[str, str]:
    """Return the sentence that is the subject, and what more is to be said."""
    if isinstance(news, StatusNews):
        return _status(news, formats)
    if isinstance(news, SignalNews):
        return _signal(news, formats)
    return _pace(news, formats)


def _name(at: Place) -> str:
    return f"{at.kpi.name}, {at.scope.name}" if at.scope.name else at.kpi.name


def _value(at: Place, formats: Formats) -> str:
    return formats.short(at.reading.value or 0.0, at.kpi.unit)


def _within(period: Period, formats: Formats) -> str:
    """Return a period as it stands within a sentence: 'week 46 of 2026'.

    With a week's comma its year would read like the number that follows.
    """
    year, _, week = period.label.rpartition("-W")
    if period.grain is not Grain.WEEK or not week.isdigit():
        return formats.period(period)
    return tr("week {week} of {year}", week=int(week), year=year)


def _status(news: StatusNews, formats: Formats) -> tuple[str, str]:
    at, turn = news.at, news.turn
    subject = tr(
        _NOW[turn.now],
        name=_name(at),
        value=_value(at, formats),
        period=_within(at.period, formats),
    )
    parts = [
        tr("The target is {target}.", target=target_text(at.kpi, news.target, formats)),
        _before(turn, at),
    ]
    if news.also is not None:
        parts.append(_limits(at, news.also, formats))
    return subject, " ".join(parts)


def _before(turn: Turn, at: Place) -> str:
    """Say what it was; for how long it is not, where that is why it is told."""
    if turn.held == 1:
        return tr(_WAS[turn.before])
    held = _span(at.period.grain, turn.held)
    if turn.before is Tone.GOOD:
        return tr("It has not been on target for {span}.", span=held)
    if turn.before is Tone.WATCH:
        return tr("It has not been close to target for {span}.", span=held)
    return tr("It has not been off target for {span}.", span=held)


def _span(grain: Grain, count: int) -> str:
    """Return so many periods of a grain, more than one."""
    told = {
        Grain.DAY: trc("since so long", "{count} days", count=count),
        Grain.WEEK: trc("since so long", "{count} weeks", count=count),
        Grain.MONTH: trc("since so long", "{count} months", count=count),
        Grain.QUARTER: trc("since so long", "{count} quarters", count=count),
        Grain.YEAR: trc("since so long", "{count} years", count=count),
    }
    return told[grain]


_ROWS = {
    (Grain.WEEK, True): mark("{name}: eight weeks in a row above its mean, {value}"),
    (Grain.WEEK, False): mark("{name}: eight weeks in a row below its mean, {value}"),
    (Grain.MONTH, True): mark("{name}: eight months in a row above its mean, {value}"),
    (Grain.MONTH, False): mark("{name}: eight months in a row below its mean, {value}"),
    (Grain.QUARTER, True): mark("{name}: eight quarters in a row above its mean, {value}"),
    (Grain.QUARTER, False): mark("{name}: eight quarters in a row below its mean, {value}"),
    (Grain.YEAR, True): mark("{name}: eight years in a row above its mean, {value}"),
    (Grain.YEAR, False): mark("{name}: eight years in a row below its mean, {value}"),
}
_MEANS = {
    Grain.WEEK: mark("The mean of the weeks before is {mean}."),
    Grain.MONTH: mark("The mean of the months before is {mean}."),
    Grain.QUARTER: mark("The mean of the quarters before is {mean}."),
    Grain.YEAR: mark("The mean of the years before is {mean}."),
}


def _signal(news: SignalNews, formats: Formats) -> tuple[str, str]:
    at, sign = news.at, news.noticed
    period, value = _within(at.period, formats), _value(at, formats)
    if sign.run:
        grain = at.period.grain
        subject = tr(_ROWS[grain, sign.high], name=_name(at), value=value)
        more = (
            tr("In {period} it was {value}.", period=period, value=value),
            tr(_MEANS[grain], mean=formats.short(sign.mean, at.kpi.unit)),
            tr("Chance rarely does that."),
        )
        return subject, " ".join(more)
    side = _ABOVE if sign.high else _BELOW
    subject = tr(side, name=_name(at), period=period, value=value)
    return subject, _limits(at, sign, formats)


_ABOVE = mark("{name}: {value} in {period}, above its usual range")
_BELOW = mark("{name}: {value} in {period}, below its usual range")


def _limits(at: Place, sign: Noticed, formats: Formats) -> str:
    unit = at.kpi.unit
    if sign.run:
        mean = formats.short(sign.mean, unit)
        if sign.high:
            return tr("It is the eighth in a row above the mean of {mean}.", mean=mean)
        return tr("It is the eighth in a row below the mean of {mean}.", mean=mean)
    return tr("Its usual range is {range}.", range=formats.range(sign.lower, sign.upper, unit))


def _pace(news: PaceNews, formats: Formats) -> tuple[str, str]:
    at, unit = news.at, news.at.kpi.unit
    # Of few records the part of one says whether there is a difference at all.
    counted = unit is Unit.COUNT and news.expected >= _MANY
    state = _MISSED if _is_missed(news) else _RISKY
    subject = tr(state, name=_name(at), period=formats.period(at.period))
    reached = tr(
        "{value} by {day}; at an even pace it would be {expected}.",
        value=_value(at, formats),
        day=formats.day(news.day),
        expected=formats.short(round(news.expected) if counted else news.expected, unit),
    )
    left = trn(
        "The target is {target}, with {count} day left.",
        "The target is {target}, with {count} days left.",
        (at.period.end - news.day).days - 1,
        target=target_text(at.kpi, news.target, formats),
    )
    return subject, f"{reached} {left}"


_MANY = 20
_MISSED = mark("{name}: the target of {period} is missed already")
_RISKY = mark("{name}: the target of {period} is at risk")


def _is_missed(news: PaceNews) -> bool:
    goal, reached = news.target.value, news.at.reading.value
    lower = news.at.kpi.better is Better.LOWER
    return lower and goal is not None and reached is not None and reached > goal
