"""A KPI split by one dimension, now and in the period before: asked of the engine, kept a while."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from types import MappingProxyType

from kpi_engine.compiler.needs import splits_that_fit
from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.engine.answer import Block
from kpi_engine.periods import Grain, Period
from kpi_engine.questions import Dimension, Question, Scope
from portal.models.observations import ScopeKind
from portal.services.engines import Opened, Workshop, open_engine
from portal.services.numbers import Who
from portal.services.parts_of_change import Pair
from portal.tenancy.keys import TenantKey

NAMES: Mapping[str, Dimension] = MappingProxyType(
    {
        "source": Dimension.LEAD_SOURCE,
        "team": Dimension.TEAM,
        "rep": Dimension.OWNER,
        "product": Dimension.PRODUCT,
        "region": Dimension.REGION,
        "campaign": Dimension.CAMPAIGN,
        "segment": Dimension.SEGMENT,
        "industry": Dimension.INDUSTRY,
        "priority": Dimension.PRIORITY,
        "kind": Dimension.KIND,
    }
)
"""What the address calls a dimension, in the order in which they are offered."""
_OF_PEOPLE = {Dimension.TEAM, Dimension.OWNER}
_MOST = 256


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a split; `key` None are the records that say nothing."""

    key: str | None
    label: str | None
    pair: Pair


@dataclass(frozen=True, slots=True)
class SplitAnswer:
    """Every group that has any record, and the whole that they are parts of."""

    whole: Pair
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class SplitAsked:
    """One KPI in a period and the one before, for a scope, by a dimension."""

    kpi: KpiKey
    period: Period
    before: Period
    scope: Scope
    dimension: Dimension
    today: date

    @property
    def grain(self) -> Grain:
        """How long its periods are."""
        return self.period.grain


@dataclass(slots=True)
class Kept:
    """Answers that are kept, so many at most; the one unused for longest goes first."""

    most: int
    _answers: OrderedDict[tuple[object, ...], SplitAnswer] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def find(self, key: tuple[object, ...]) -> SplitAnswer | None:
        """Return what is kept under a key, or None."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def keep(self, key: tuple[object, ...], answer: SplitAnswer) -> None:
        """Keep an answer."""
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > self.most:
                self._answers.popitem(last=False)


# The tenant, the version, the definition and the whole question are its key: an answer can be
# given to no other tenant and to no other reach, and a new load makes it unreachable.
_KEPT = Kept(_MOST)


def offered(catalogue: Catalogue, kpi: KpiKey, who: Who) -> tuple[str, ...]:
    """Return by which dimensions a KPI can be split for a scope, as the address names them."""
    splits = [(dimension,) for dimension in NAMES.values()]
    fit = {split[0] for split in splits_that_fit(kpi, catalogue, splits)}
    if who.kind is ScopeKind.OWNER:
        fit -= _OF_PEOPLE
    return tuple(name for name, dimension in NAMES.items() if dimension in fit)


def split(
    workshop: Workshop, tenant: TenantKey, version: tuple[int, str], asked: SplitAsked
) -> SplitAnswer:
    """Return a split.

    Args:
        workshop: Who answers.
        tenant: Whose facts.
        version: The store version that the page reads, and the definition's fingerprint.
        asked: What is asked.
    """
    known = _KEPT.find((tenant, *version, asked))
    if known is not None:
        return known
    with open_engine(workshop, tenant) as opened:
        found = _asked(opened, asked)
        now = (opened.engine.version, opened.fingerprints[asked.kpi])
    _KEPT.keep((tenant, *now, asked), found)
    return found


def _asked(opened: Opened, asked: SplitAsked) -> SplitAnswer:
    by: tuple[Dimension, ...] = (asked.dimension,)
    question = Question(
        (asked.kpi,),
        (asked.grain,),
        asked.before.start,
        asked.period.end,
        asked.today,
        opened.calendar,
        ((), by),
        asked.scope,
    )
    answer = opened.engine.ask(question)
    whole = answer.block(asked.kpi, asked.grain)
    groups = answer.block(asked.kpi, asked.grain, by)
    pair = _pairs(whole, asked)
    of = _pairs(groups, asked)
    return SplitAnswer(
        pair(0),
        tuple(
            Group(groups.groups[number][0], groups.labels[number][0], of(number))
            for number in groups.shown()
        ),
    )


def _pairs(block: Block, asked: SplitAsked) -> Callable[[int], Pair]:
    now, before = block.periods.index(asked.period), block.periods.index(asked.before)
    return lambda group: Pair(block.reading(group, now), block.reading(group, before))
