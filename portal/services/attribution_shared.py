"""Who moved a shared KPI: what each co-owner's component KPI does in it.

Three ways a KPI may be made of its components, tried in this order. Rates that follow on each other
(of the leads the fitting ones, of those the converted ones): the one owner without a link of their
own answers for what is left. Values that multiply or divide to it. Values that add up to it.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import product as combinations_of
from math import prod

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr
from kpi_engine.statistics import contribution
from kpi_engine.statistics.contribution import Method
from portal.services import attribution_segments as segments
from portal.services import catalogue_words, numbers
from portal.services.attribution_chain import Link, Readings, chain
from portal.services.attribution_parts import (
    Asked,
    Found,
    Kind,
    Mix,
    NotTold,
    Part,
    Rate,
    near,
)
from portal.services.attribution_segments import Chain
from portal.services.engines import Workshop
from portal.services.numbers import Point
from portal.services.ownership import Share

_MOST_SHARES = 5


def shared(workshop: Workshop, asked: Asked, shares: Sequence[Share]) -> Found | NotTold:
    """Return each co-owner's part of the change, or why it cannot be told."""
    if len(shares) > _MOST_SHARES:
        return NotTold(
            tr("{count} shares are too many to tell their parts apart.", count=len(shares))
        )
    points = _points(asked, [one.input for one in shares if one.input is not None])
    changed = _changed(asked, points)
    if changed:
        return NotTold(changed)
    readings: Readings = {
        key: (before.reading, now.reading) for key, (before, now) in points.items()
    }
    links = chain(asked, shares, readings)
    if links:
        return _of_chain(workshop, asked, links, readings)
    return _of_values(asked, shares, readings) or NotTold(_unmade(asked, shares))


def _points(asked: Asked, keys: Sequence[KpiKey]) -> Mapping[KpiKey, tuple[Point, Point]]:
    desk = asked.desk
    known = [key for key in dict.fromkeys(keys) if key in desk.catalogue]
    if not known:
        return {}
    before, now = (
        numbers.series(desk.session, desk.calendar, known, one.grain, asked.who, one, 1)
        for one in (asked.before, asked.now)
    )
    return {key: (before[key][0], now[key][0]) for key in known}


def _changed(asked: Asked, points: Mapping[KpiKey, tuple[Point, Point]]) -> str:
    for key, (before, now) in points.items():
        both = before.definition and now.definition
        if both and before.definition != now.definition:
            name = asked.desk.catalogue[key].name
            return tr("The definition of {kpi} changed between the two periods.", kpi=name)
    return ""


def _of_chain(
    workshop: Workshop, asked: Asked, links: Sequence[Link], readings: Readings
) -> Found | NotTold:
    keys = tuple(link.kpi for link in links if link.kpi is not None)
    if links[-1].kpi is None:
        keys = (*keys, asked.kpi.key)
    told = segments.told(workshop, asked, Chain(keys))
    mix: Mix | None = None
    if told is not None:
        amounts, mix, method = told.links, told.mix, Method.LOG_MEAN
    else:
        rates = [link.rates for link in links]
        found = contribution.of_product([was for was, _ in rates], [now for _, now in rates])
        amounts, method = found.amounts, found.method
    words = _words(asked, [link.share for link in links])
    parts = [
        _part(asked, link.share, amount, words[at], _rates(asked, links, at, readings))
        for at, (link, amount) in enumerate(zip(links, amounts, strict=True))
    ]
    return Found(Kind.OWNERS, tuple(parts), mix, method)


def _rates(asked: Asked, links: Sequence[Link], at: int, readings: Readings) -> tuple[Rate, ...]:
    """Return the link's own rate, and beside it the component KPI where that is another one."""
    link, catalogue = links[at], asked.desk.catalogue
    before, now = link.rates
    if link.kpi is not None:
        return (Rate(catalogue[link.kpi].name, asked.kpi.unit, before, now, link.kpi),)
    earlier = links[at - 1].kpi if at else None
    name = asked.kpi.name
    if earlier is not None:
        name = tr("{kpi} among them", kpi=name)
    own = Rate(name, asked.kpi.unit, before, now)
    return (own, *_beside(asked, link.share, readings))


def _beside(asked: Asked, share: Share, readings: Readings) -> tuple[Rate, ...]:
    if share.input is None or share.input not in readings:
        return ()
    kpi = asked.desk.catalogue[share.input]
    before, now = readings[share.input]
    return (Rate(kpi.name, kpi.unit, before.value, now.value, kpi.key),)


def _part(asked: Asked, share: Share, amount: float, word: str, rates: tuple[Rate, ...]) -> Part:
    return Part(
        share.component,
        word,
        amount,
        rates,
        share.person.name,
        share.person.id,
        share.responsibility,
        share.percent,
        acknowledged=share.acknowledged_at is not None,
        kpi=share.input if share.input in asked.desk.catalogue else None,
    )


def _words(asked: Asked, shares: Sequence[Share]) -> list[str]:
    """Return what the sentence calls each share: its department, where they all differ."""
    catalogue = asked.desk.catalogue
    named = [
        catalogue[one.input].department
        if one.input is not None and one.input in catalogue
        else None
        for one in shares
    ]
    if named.count(None) == 1 and asked.kpi.department not in named:
        named = [one or asked.kpi.department for one in named]
    told = [one for one in named if one is not None]
    if len(told) < len(shares) or len(set(told)) < len(told):
        return [catalogue_words.begun_small(one.component) for one in shares]
    return list(map(catalogue_words.plain, told))


def _of_values(asked: Asked, shares: Sequence[Share], readings: Readings) -> Found | None:
    """Return the parts where the components' values multiply, divide or add up to the KPI's."""
    keys = [one.input for one in shares]
    told = [readings[key] for key in keys if key is not None and key in readings]
    if len(told) != len(shares) or any(one.value is None for pair in told for one in pair):
        return None
    before = [pair[0].value or 0.0 for pair in told]
    now = [pair[1].value or 0.0 for pair in told]
    values = asked.values
    method = Method.LOG_MEAN
    if near(sum(before), values[0]) and near(sum(now), values[1]):
        amounts = contribution.of_sum(before, now)
    else:
        signs = _signs(before, now, values)
        if signs is None:
            return None
        found = contribution.of_product(_raised(before, signs), _raised(now, signs))
        amounts, method = found.amounts, found.method
    words = _words(asked, shares)
    parts = [
        _part(asked, share, amounts[at], words[at], _beside(asked, share, readings))
        for at, share in enumerate(shares)
    ]
    return Found(Kind.OWNERS, tuple(parts), None, method)


def _signs(
    before: Sequence[float], now: Sequence[float], values: tuple[float, float]
) -> tuple[int, ...] | None:
    """Return which components multiply to the KPI (1) and which divide it (-1)."""
    for signs in combinations_of((1, -1), repeat=len(before)):
        ends = zip((before, now), values, strict=True)
        if all(_makes(told, signs, value) for told, value in ends):
            return signs
    return None


def _makes(told: Sequence[float], signs: Sequence[int], value: float) -> bool:
    if any(sign < 0 and not one for one, sign in zip(told, signs, strict=True)):
        return False
    return near(prod(_raised(told, signs)), value, 1e-9)


def _raised(told: Sequence[float], signs: Sequence[int]) -> list[float]:
    return [one if sign > 0 else 1 / one for one, sign in zip(told, signs, strict=True)]


def _unmade(asked: Asked, shares: Sequence[Share]) -> str:
    without = [one.component for one in shares if one.input is None]
    if len(without) > 1:
        return tr(
            "No component KPI is named for {names}; give each share the KPI it moves.",
            names=reduce(_both, without[:3]),
        )
    return tr(
        "The component KPIs of the shares do not make up {kpi}: choose some whose product or sum"
        " it is.",
        kpi=asked.kpi.name,
    )


def _both(one: str, other: str) -> str:
    return tr("{one} and {other}", one=one, other=other)
