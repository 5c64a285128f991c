"""Who moved a KPI that nobody shares: the parts of the teams or people whose records it counts."""

from collections.abc import Mapping

from kpi_engine.definitions.kinds import Kpi
from kpi_engine.language import mark, tr
from kpi_engine.reading import Reading
from kpi_engine.statistics import contribution
from kpi_engine.statistics.contribution import Method, Segment
from portal.models.observations import ScopeKind
from portal.services import attribution_rest, movers
from portal.services.attribution_parts import Asked, Found, Kind, Mix, NotTold, Part, Rate, near
from portal.services.movers import Movers
from portal.services.numbers import Who
from portal.services.parts_of_change import Pair, adds_up

_MOST = 5
_REST = ""
_NOT_NAMED = mark("Everybody else")


def groups(asked: Asked) -> Found | NotTold:
    """Return the parts of the groups below the scope, or why they cannot be told."""
    key, found = asked.kpi.key, _below(asked)
    pairs = found.of(key)
    teams = any(one in asked.desk.roster.teams for one in pairs)
    if not pairs:
        return NotTold(tr("There are no teams or people below to tell its parts by."))
    told: tuple[dict[str, float], Mix | None] | None
    if all(_is_quotient(one) for one in asked.readings):
        told = _of_ratio(asked, pairs, teams=teams)
    elif adds_up(asked.kpi):
        told = _of_sum(asked, pairs)
    else:
        return NotTold(tr(_WHY))
    if told is None:
        return NotTold(tr("What the teams read does not add up to the whole."))
    amounts, mix = told
    rest = ""
    if _REST in amounts:
        rest = attribution_rest.called(asked, pairs) if teams else tr(_NOT_NAMED)
    names = {**found.names, _REST: rest}
    parts = [
        Part(names[one], names[one], amount, _rates(asked.kpi, pairs.get(one)))
        for one, amount in amounts.items()
    ]
    return Found(Kind.GROUPS, tuple(_largest(parts)), mix, Method.LOG_MEAN)


def _below(asked: Asked) -> Movers:
    """Return the teams below the scope, or its people; one team alone is told by its people."""
    key, periods = asked.kpi.key, (asked.now, asked.before)
    found = movers.movers(asked.desk, (key,), asked.who, *periods)
    groups = found.of(key)
    if len(groups) != 1 or not groups.keys() <= asked.desk.roster.teams.keys():
        return found
    (team,) = groups
    within = movers.movers(asked.desk, (key,), Who(ScopeKind.TEAM, team), *periods)
    return within if len(within.of(key)) > 1 else found


_WHY = mark(
    "A median, a mean or a score of a whole is not made of those of its groups; see the split for"
    " what each of them reads."
)


def _rates(kpi: Kpi, pair: Pair | None) -> tuple[Rate, ...]:
    if pair is None:
        return ()
    return (Rate(kpi.name, kpi.unit, pair.before.value, pair.now.value, kpi.key),)


def _is_quotient(reading: Reading) -> bool:
    if reading.value is None or reading.over is None or not reading.under:
        return False
    return near(reading.over / reading.under, reading.value)


def _of_sum(asked: Asked, pairs: Mapping[str, Pair]) -> tuple[dict[str, float], None]:
    amounts = {
        key: (pair.now.value or 0.0) - (pair.before.value or 0.0) for key, pair in pairs.items()
    }
    rest = asked.change - sum(amounts.values())
    if not near(rest, 0.0, max(map(abs, asked.values))):
        amounts[_REST] = rest
    return {key: amount for key, amount in amounts.items() if amount}, None


def _of_ratio(
    asked: Asked, pairs: Mapping[str, Pair], *, teams: bool
) -> tuple[dict[str, float], Mix | None] | None:
    before = _side({key: pair.before for key, pair in pairs.items()}, asked.readings[0])
    now = _side({key: pair.now for key, pair in pairs.items()}, asked.readings[1])
    if before is None or now is None:
        return None
    parts = contribution.of_segments(before, now)
    amounts = {key: one.rates[0] for key, one in parts.items() if one.rates[0]}
    mix = sum(one.mix for one in parts.values())
    whole, of = (tr("Mix of teams"), tr("teams")) if teams else (tr("Mix of people"), tr("people"))
    return amounts, Mix(whole, mix, of=of)


def _side(told: Mapping[str, Reading], whole: Reading) -> dict[str, Segment] | None:
    """Return the groups of one period with what none of them holds; None where they overlap."""
    unders = {key: one.under or 0.0 for key, one in told.items()}
    overs = {key: one.over or 0.0 for key, one in told.items()}
    left = (whole.under or 0.0) - sum(unders.values())
    left_over = (whole.over or 0.0) - sum(overs.values())
    slack = 1e-9 * max(whole.under or 0.0, 1.0)
    if left < -slack or left_over < -slack or (left <= slack < left_over):
        return None
    found = {
        key: Segment(under, (overs[key] / under,)) for key, under in unders.items() if under > 0
    }
    if left > slack:
        found[_REST] = Segment(left, (left_over / left,))
    return found


def _largest(parts: list[Part]) -> list[Part]:
    """Return the largest parts, the rest as one."""
    ordered = sorted(parts, key=lambda one: -abs(one.amount))
    if len(ordered) <= _MOST + 1:
        return ordered
    rest = sum(one.amount for one in ordered[_MOST:])
    name = tr("{count} others", count=len(ordered) - _MOST)
    return [*ordered[:_MOST], Part(name, name, rest)]
