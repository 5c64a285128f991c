"""What is left beside the teams that a change is told by: a team above them has people, too."""

from collections.abc import Mapping

from kpi_engine.language import mark, tr
from kpi_engine.periods import Period
from kpi_engine.reading import Reading
from portal.models.observations import ScopeKind
from portal.services import numbers
from portal.services.attribution_parts import Asked, near
from portal.services.numbers import Point
from portal.services.parts_of_change import Pair

_NOBODYS, _ITSELF = mark("In none of these teams"), mark("{team} without its teams")
_NONE = (0.0, 0.0)


def called(asked: Asked, pairs: Mapping[str, Pair]) -> str:
    """Return what the rest is called: 'North without its teams' where all of it is one team's.

    Records of nobody, and those of several teams above, are in none of these teams.
    """
    before, now = asked.readings
    rests = (
        _less(_size(before), [_size(pair.before) for pair in pairs.values()]),
        _less(_size(now), [_size(pair.now) for pair in pairs.values()]),
    )
    told = _told(asked, asked.before), _told(asked, asked.now)
    teams = asked.desk.roster.teams
    holding = [
        team.name
        for key, team in teams.items()
        if key not in pairs
        and all(
            _same(_own(asked, key, points), rest) for points, rest in zip(told, rests, strict=True)
        )
    ]
    return tr(_ITSELF, team=holding[0]) if len(holding) == 1 else tr(_NOBODYS)


def _told(asked: Asked, period: Period) -> Mapping[str, Point]:
    key, desk = asked.kpi.key, asked.desk
    return numbers.across(desk.session, desk.calendar, (key,), period, ScopeKind.TEAM)[key]


def _own(asked: Asked, key: str, points: Mapping[str, Point]) -> tuple[float, float]:
    """Return what a team holds without the teams below it."""
    below = [one for one, team in asked.desk.roster.teams.items() if team.parent == key]
    sizes = [_size(points[one].reading) for one in below if one in points]
    return _less(_size(points[key].reading) if key in points else _NONE, sizes)


def _size(reading: Reading) -> tuple[float, float]:
    """Return the two parts of a quotient; of a sum its value alone."""
    if reading.over is None or reading.under is None:
        return reading.value or 0.0, 0.0
    return reading.over, reading.under


def _less(whole: tuple[float, float], parts: list[tuple[float, float]]) -> tuple[float, float]:
    return whole[0] - sum(one for one, _ in parts), whole[1] - sum(one for _, one in parts)


def _same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return near(one[0], other[0]) and near(one[1], other[1])
