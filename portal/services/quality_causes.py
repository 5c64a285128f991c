"""What is amiss, cause by cause: how much at its worst, which KPIs it holds back, what to do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.language import tr, trn
from portal.readmodels.cards import Choice
from portal.readmodels.quality import CauseRow, Causes
from portal.services import confidence, confidence_words, quality_words
from portal.services.confidence_limits import Check, Level
from portal.services.confidence_rules import Ground
from portal.services.quality_asked import WORST_FIRST, Asked
from portal.services.quality_levels import Line

_OF_NUMBERS = {
    *(Check.NUMBER, Check.LOOKED, Check.CHANCE, Check.COUNT, Check.SETTLED, Check.RESTATED),
}
"""What no entry of data mends: there are few records, or time has to pass."""
_NAMED = 3
Name = tuple[Check, str, str, str]


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that was looked at, with every KPI of which it says that something is amiss."""

    hits: tuple[tuple[Line, Ground], ...]
    """The worst first; never empty."""

    @property
    def line(self) -> Line:
        """The KPI that it holds back most."""
        return self.hits[0][0]

    @property
    def worst(self) -> Ground:
        """What it says of that KPI."""
        return self.hits[0][1]

    @property
    def held(self) -> tuple[Line, ...]:
        """The KPIs whose level it lowers: within the limit it holds back none."""
        return tuple(line for line, ground in self.hits if ground.level is not Level.HIGH)

    @property
    def of_data(self) -> bool:
        """Whether somebody can mend it by entering or loading data."""
        return self.worst.check not in _OF_NUMBERS


def found(lines: Iterable[Line]) -> tuple[Cause, ...]:
    """Return what is amiss with any of the KPIs, the worst first.

    A gap within the limit is told of data only: that of few records a number may be, is no gap.
    """
    by_name: dict[Name, list[tuple[Line, Ground]]] = {}
    for line in lines:
        for ground in line.grounds:
            if ground.level is not Level.HIGH or (ground.amiss and ground.check not in _OF_NUMBERS):
                by_name.setdefault(_name(ground), []).append((line, ground))
    causes = [Cause(tuple(sorted(hits, key=_badness))) for hits in by_name.values()]
    return tuple(sorted(causes, key=lambda one: (_rank(one), -len(one.held), -one.worst.amiss)))


def _name(ground: Ground) -> Name:
    source = ground.source.source if ground.source is not None else ""
    why = ground.why if ground.check in {Check.NUMBER, Check.LOOKED} else ""
    return (ground.check, ground.entity, ground.column, source or why)


def _badness(hit: tuple[Line, Ground]) -> tuple[int, float]:
    return WORST_FIRST.index(hit[1].level), -hit[1].amiss


def _rank(one: Cause) -> int:
    # Of what was never loaded nothing can be told at all: of data there is no worse.
    unknown = one.of_data and one.worst.level is Level.UNKNOWN
    return -1 if unknown else WORST_FIRST.index(one.worst.level)


def frequent(causes: Sequence[Cause], level: Level) -> tuple[Cause, int] | None:
    """Return what alone would give a level to most of the KPIs that have it, and to how many.

    Of several, the one that somebody can mend. None where no KPI has the level.
    """
    counted = [
        (sum(line.level is ground.level is level for line, ground in one.hits), one.of_data, at)
        for at, one in enumerate(causes)
    ]
    count, _, at = max(counted, key=lambda each: each[:2], default=(0, False, 0))
    return (causes[at], count) if count else None


def shown(one: Asked, lines: Sequence[Line], causes: Sequence[Cause], sources: int) -> Causes:
    """Return the causes as the page tells them."""
    looked = sum(line.level is not Level.UNKNOWN for line in lines)
    data = tuple(_row(one, each) for each in causes if each.of_data)
    others = tuple(_row(one, each) for each in causes if not each.of_data)
    return Causes(data, others, "" if data else _nothing(looked, sources))


def _nothing(looked: int, sources: int) -> str:
    if not looked:
        return tr("Nobody could look through the records of any of these KPIs.")
    kpis = trn("{count} KPI", "{count} KPIs", looked)
    return trn(
        "Nothing is amiss in the data. Looked at were, for {kpis}: empty columns, missing and"
        " future dates, stages without a meaning, owners, records that are there twice, rows that"
        " could not be read, and the age"
        " of {count} source.",
        "Nothing is amiss in the data. Looked at were, for {kpis}: empty columns, missing and"
        " future dates, stages without a meaning, owners, records that are there twice, rows that"
        " could not be read, and the age"
        " of {count} sources.",
        sources,
        kpis=kpis,
    )


def _row(one: Asked, cause: Cause) -> CauseRow:
    desk, line, ground = one.desk, cause.line, cause.worst
    records = one.kpi(line.kpi.key, line.period, records="all") + "#records"
    return CauseRow(
        confidence_words.status(ground.level),
        quality_words.title(ground),
        confidence.said(desk, ground, line.period),
        _links(one, cause.held),
        quality_words.step(ground),
        *confidence.looked_into(desk, ground, records),
    )


def _links(one: Asked, held: Sequence[Line]) -> tuple[Choice, ...]:
    links = [
        Choice(line.kpi.name, one.kpi(line.kpi.key, line.period) + "#confidence")
        for line in held[:_NAMED]
    ]
    more = len(held) - len(links)
    if more:
        links.append(Choice(tr("and {count} more", count=more), ""))
    return tuple(links)


def levels(lines: Iterable[Line]) -> Mapping[Level, int]:
    """Return how many KPIs have each level."""
    counts = dict.fromkeys(Level, 0)
    for line in lines:
        counts[line.level] += 1
    return counts
