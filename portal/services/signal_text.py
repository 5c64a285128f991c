"""News in words: what a person reads of it, in their way of writing numbers and dates."""

from kpi_engine.definitions.described import Better
from portal.readmodels.cards import Tone
from portal.readmodels.formats import Formats
from portal.services import addresses
from portal.services.inbox import Kind
from portal.services.kpi_strip import target_text
from portal.services.signal_facts import News, PaceNews, Place, SignalNews, StatusNews
from portal.services.signal_rules import Noticed, Turn, Verdict

_TONES = {Tone.GOOD: "on target", Tone.WATCH: "close to target", Tone.BAD: "off target"}


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


def _status(news: StatusNews, formats: Formats) -> tuple[str, str]:
    at, turn = news.at, news.turn
    subject = (
        f"{_name(at)}: now {_TONES[turn.now]}, {_value(at, formats)} in {formats.period(at.period)}"
    )
    parts = [
        f"The target is {target_text(at.kpi, news.target, formats)}.",
        _before(turn, at),
    ]
    if news.also is not None:
        parts.append(_limits(at, news.also, formats))
    return subject, " ".join(parts)


def _before(turn: Turn, at: Place) -> str:
    """Say what it was; for how long it is not, where that is why it is told."""
    if turn.held == 1:
        return f"It was {_TONES[turn.before]} before."
    return f"It has not been {_TONES[turn.before]} for {turn.held} {at.period.grain.value}s."


def _signal(news: SignalNews, formats: Formats) -> tuple[str, str]:
    at, sign = news.at, news.noticed
    side = "above" if sign.high else "below"
    if sign.run:
        grain = at.period.grain.value
        subject = f"{_name(at)}: eight {grain}s in a row {side} its mean, {_value(at, formats)}"
        more = f"In {formats.period(at.period)} it was {_value(at, formats)}."
        mean = formats.short(sign.mean, at.kpi.unit)
        return (
            subject,
            f"{more} The mean of the {grain}s before is {mean}. Chance rarely does that.",
        )
    subject = (
        f"{_name(at)}: {side} its usual range in {formats.period(at.period)}, {_value(at, formats)}"
    )
    return subject, _limits(at, sign, formats)


def _limits(at: Place, sign: Noticed, formats: Formats) -> str:
    unit = at.kpi.unit
    if sign.run:
        side = "above" if sign.high else "below"
        return f"It is the eighth in a row {side} the mean of {formats.short(sign.mean, unit)}."
    return f"Its usual range is {formats.range(sign.lower, sign.upper, unit)}."


def _pace(news: PaceNews, formats: Formats) -> tuple[str, str]:
    at, unit = news.at, news.at.kpi.unit
    state = "is missed already" if _is_missed(news) else "is at risk"
    subject = f"{_name(at)}: the target of {formats.period(at.period)} {state}"
    left = (at.period.end - news.day).days - 1
    text = (
        f"{_value(at, formats)} by {formats.day(news.day)}; at an even pace it would be"
        f" {formats.short(news.expected, unit)}. The target is"
        f" {target_text(at.kpi, news.target, formats)}, with {_days(left)} left."
    )
    return subject, text


def _is_missed(news: PaceNews) -> bool:
    goal, reached = news.target.value, news.at.reading.value
    lower = news.at.kpi.better is Better.LOWER
    return lower and goal is not None and reached is not None and reached > goal


def _days(left: int) -> str:
    return "1 day" if left == 1 else f"{left} days"
