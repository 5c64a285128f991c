"""Signs that a number flatters and decides nothing. A person judges; the signs are evidence."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kpi_engine.definitions.described import Better, KpiClass
from kpi_engine.definitions.kinds import Aggregate, First, Kpi, KpiKey, Stock
from kpi_engine.definitions.takes import Take
from kpi_engine.framework.described import Framework, Member
from kpi_engine.framework.serving import serving
from kpi_engine.framework.words import figure, lasting
from kpi_engine.language import tr
from kpi_engine.statistics import ranks
from kpi_engine.statistics.ranks import Relation

_MINUS = "\N{MINUS SIGN}"
LAGS = (0, 1, 2, 3)
"""Periods after which an effort may show in its outcome."""
LEAST_MONTHS = 12
"""A rise over fewer periods says nothing."""
UNCHANGED = 4
"""A status that was the same for so many periods."""
ENOUGH = 3
"""So many signs, besides the missing denominator, make a suspect."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found of one KPI."""

    open: bool
    """Whether it can be one: a count or a sum without a denominator, and no goal's own number."""
    rises: str
    unchanged: str
    idle: str
    """Why it looks as if nobody ever acted on it; empty where somebody did or it is not known."""
    unrelated: str
    """That its claimed outcome was not shown to follow it."""
    outcome: KpiKey | None
    relation: Relation | None

    @property
    def signs(self) -> tuple[str, ...]:
        """The signs that were found, in words."""
        told = (self.rises, self.unchanged, self.idle, self.unrelated)
        return tuple(one for one in told if one)

    @property
    def suspect(self) -> bool:
        """Whether it looks like a vanity metric."""
        return self.open and len(self.signs) >= ENOUGH


def evidence(member: Member, framework: Framework) -> Evidence:
    """Return the signs of vanity of one KPI."""
    outcome, relation = _relation(member, framework)
    return Evidence(
        is_plain(member.kpi) and not _is_wanted(member, framework),
        _rises(member),
        _unchanged(member),
        tr("no action was ever taken on it") if member.actions == 0 else "",
        _unrelated(member, framework, outcome, relation),
        outcome,
        relation,
    )


def _is_wanted(member: Member, framework: Framework) -> bool:
    """Say whether a goal names it or stands on it as on its result, or less of it is better."""
    if member.goals or member.kpi.better is not Better.HIGHER:
        return True
    return member.kpi.kpi_class is KpiClass.OUTCOME and member.kpi.key in serving(framework)


def is_plain(kpi: Kpi) -> bool:
    """Say whether a KPI has no denominator: it grows with the company, whatever it tells."""
    measure = kpi.measure
    if isinstance(measure, Aggregate | Stock):
        return measure.take in {Take.COUNT, Take.SUM, Take.DISTINCT}
    return isinstance(measure, First)


def _rises(member: Member) -> str:
    known = [value for value in member.history if value is not None]
    steps = [after - before for before, after in pairwise(known)]
    if len(steps) < LEAST_MONTHS or min(steps) < 0 or max(steps) <= 0:
        return ""
    return tr("it never fell in {time}", time=lasting(len(steps), member.grain))


def _unchanged(member: Member) -> str:
    last = member.statuses[-UNCHANGED:]
    same = len(last) == UNCHANGED and len(set(last)) == 1
    if not same:
        return ""
    return tr("its status was the same for {time}", time=lasting(UNCHANGED, member.grain))


def _relation(member: Member, framework: Framework) -> tuple[KpiKey | None, Relation | None]:
    """Return the claimed outcome that follows it best; the first one where nothing can be told."""
    known = framework.by_key()
    claimed = [
        key for key in member.kpi.drives if key in known and known[key].grain is member.grain
    ]
    told: list[tuple[KpiKey, Relation]] = []
    for key in claimed:
        found = _related(member.history, known[key].history)
        if found is not None:
            told.append((key, found))
    if not told:
        return (claimed[0] if claimed else None), None
    return max(told, key=lambda one: abs(one[1].rank))


@lru_cache(maxsize=1024)
def _related(cause: tuple[float | None, ...], effect: tuple[float | None, ...]) -> Relation | None:
    """Compare two histories once: they stay as they are from one load to the next."""
    return ranks.related(cause, effect, LAGS)


def _unrelated(
    member: Member, framework: Framework, outcome: KpiKey | None, relation: Relation | None
) -> str:
    if member.kpi.kpi_class is KpiClass.OUTCOME:
        return ""  # it is the result itself and claims no other
    if outcome is None:
        return tr("it claims no outcome of the framework")
    name = framework.by_key()[outcome].kpi.name
    if relation is None:
        time = lasting(ranks.LEAST, member.grain)
        return tr("no relation to {kpi} is shown: under {time} to compare", kpi=name, time=time)
    if relation.shown:
        return ""
    return tr(
        "no shown relation to {kpi} (best after {time}: rank correlation {rank}, {low} to {high},"
        " n {count})",
        kpi=name.replace("-", _MINUS),
        time=lasting(relation.lag, member.grain),
        rank=_signed(relation.rank),
        low=_signed(relation.interval.low),
        high=_signed(relation.interval.high),
        count=relation.n,
    )


def _signed(rank: float) -> str:
    sign = "+" if f"{rank:+.2f}".startswith("+") else _MINUS
    return sign + figure(abs(rank), 2)
