"""Small CRMs written by hand, and questions of them, as few words as can be."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from kpi_engine.crm.entities import ColumnType
from kpi_engine.crm.stages import StageMap, StageRule
from kpi_engine.definitions.catalogue import read_own, shipped_catalogue
from kpi_engine.definitions.expressions import parse
from kpi_engine.definitions.settings import Settings
from kpi_engine.engine.answer import Row as Told
from kpi_engine.periods import Calendar, Grain
from kpi_engine.questions import Dimension, Question, Scope, Split
from kpi_engine.reading import Reading
from tests.oracle.adapter import engine, given, rules_of
from tests.oracle.comparison import compared
from tests.oracle.oracle import Asked
from tests.oracle.records import Row

STAGES = {"Won": StageRule("won"), "Lost": StageRule("lost"), "Open": StageRule("open", 1, 0.5)}
FIRST_LOAD = datetime.fromisoformat("2017-01-02 08:00")
MARCH = (date(2017, 3, 1), date(2017, 4, 1))
LATER = date(2018, 1, 1)
EVERYBODY = Scope()
_HEAD = """
- key: own
  name: Own
  question: How much?
  class: outcome
  stage: sales
  department: sales
  unit: {unit}
  better: higher
  cadence: day
  measure: {measure}
"""


def at(text: str) -> datetime:
    """Return a UTC instant: `2017-03-05` or `2017-03-05 12:30`."""
    return datetime.fromisoformat(text)


def on(text: str) -> date:
    """Return a day."""
    return date.fromisoformat(text)


def made(
    number: int, *, seq: int = 1, source: str = "us", deleted: bool = False, **told: Any
) -> Row:
    """Return a version of record `number`: the first known from 2 January, each 30 days later."""
    loaded = FIRST_LOAD + timedelta(days=30 * (seq - 1))
    sums = {"amount", "mrr", "cost"}
    amounts = {k: Decimal(v) if k in sums and v is not None else v for k, v in told.items()}
    key = {"source": source, "id": str(number), "seq": seq, "loaded_at": loaded}
    return {**key, "deleted": deleted, **amounts}


def a_deal(number: int, stage: str = "Won", closed: str | None = "2017-03-10", **told: Any) -> Row:
    """A deal made in January, won on 10 March for 10."""
    closed_at = at(closed) if closed else None
    given = {"owner_id": "o", "amount": 10, "created_at": at("2017-01-10"), **told}
    return made(number, stage=stage, closed_at=closed_at, **given)


@dataclass(frozen=True)
class Asking:
    """A question with what is usual: March 2017 by month in UTC, of everybody, long after."""

    kpi: str
    grain: Grain = Grain.MONTH
    days: tuple[date, date] = MARCH
    today: date = LATER
    split: Split = ()
    scope: Scope = EVERYBODY
    calendar: Calendar = field(default_factory=Calendar)
    known_at: datetime | None = None
    where: str | None = None
    settings: Settings = field(default_factory=Settings)
    stages: StageMap = field(default_factory=lambda: STAGES)

    def of(self, **crm: Iterable[Row]) -> Asked:
        """Return what is asked of the records of these entities."""
        catalogue = shipped_catalogue(self.settings)
        key = self.kpi
        if ":" in key:
            unit, measure = key.split(" ", 1)
            text = _HEAD.format(unit=unit, measure=measure)
            catalogue, (own,), _ = read_own(text, catalogue)
            key = own.key
        question = Question(
            (catalogue.kpi(key).key,),
            (self.grain,),
            *self.days,
            self.today,
            self.calendar,
            (self.split,),
            self.scope,
            self.where,
            self.known_at,
        )
        rows = {name: list(found) for name, found in crm.items()}
        names = {each.value: ColumnType.TEXT for each in Dimension}
        where = parse(self.where, names) if self.where else None
        rules = rules_of(self.settings)
        return Asked(rows, catalogue, self.stages, rules, question, self.known_at, where)

    def rows(self, **crm: Iterable[Row]) -> list[Told]:
        """Return every row of the answer."""
        asked = self.of(**crm)
        with engine(asked, self.settings) as one:
            answer = one.ask(asked.question)
        # What a test says by hand holds for the oracle too, or it would prove nothing elsewhere.
        differ = compared(asked, given(answer))
        assert not differ, "\n".join(differ)
        return list(answer.rows())

    def values(self, **crm: Iterable[Row]) -> dict[str, float | None]:
        """Return the values by period."""
        return {row.period.label: row.reading.value for row in self.rows(**crm)}

    def groups(self, **crm: Iterable[Row]) -> dict[str | None, float | None]:
        """Return the values of a split by one dimension, in the only period."""
        return {row.by[self.split[0]]: row.reading.value for row in self.rows(**crm)}

    def readings(self, **crm: Iterable[Row]) -> list[Reading]:
        """Return the readings, period by period."""
        return [row.reading for row in self.rows(**crm)]

    def reading(self, **crm: Iterable[Row]) -> Reading:
        """Return the only reading."""
        (reading,) = self.readings(**crm)
        return reading


BY_OWNER: Split = (Dimension.OWNER,)
BY_TEAM: Split = (Dimension.TEAM,)
BY_PRODUCT: Split = (Dimension.PRODUCT,)
