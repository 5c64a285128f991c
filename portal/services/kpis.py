"""Asking for KPIs: what a person wrote becomes a question, and its answer rows to show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.engine.answer import Answer, Row
from kpi_engine.language import mark
from kpi_engine.periods import Calendar, Grain
from kpi_engine.questions import Dimension, Question, Scope
from portal.errors import UnknownNameError
from portal.services import moments, tenants
from portal.services.engines import Opened, Workshop, calendar_of, open_engine
from portal.services.scopes import scope_of
from portal.tenancy.keys import TenantKey

_PERIODS_BY_DEFAULT = 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks for, as they write it."""

    kpis: tuple[str, ...]
    grain: str = "month"
    start: date | None = None
    """First day; 12 periods back if left out."""
    end: date | None = None
    """The day after the last; tomorrow if left out."""
    by: tuple[str, ...] = ()
    where: str | None = None
    known_at: str | None = None
    today: date | None = None
    teams: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """An answer with what each of its numbers can be walked back to."""

    answer: Answer
    opened: Opened
    question: Question

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the rows in the form of docs/kpis.md."""
        for row in self.answer.rows():
            yield _row(row, self)


@dataclass(frozen=True, slots=True)
class Compiled:
    """The statements of a question, and what they belong to."""

    statements: tuple[str, ...]
    question: Question
    version: int


def values(workshop: Workshop, tenant: TenantKey, wanted: Wanted, now: datetime) -> Told:
    """Answer a question.

    Raises:
        UnknownKpiError, BadQuestionError, ExpressionError: if it cannot be asked so.
        BadInputError: if a date, grain, dimension, moment, team or owner is not one.
    """
    known_at = _known_at(workshop, tenant, wanted, now)
    with open_engine(workshop, tenant, known_at) as opened:
        scope = scope_of(opened, wanted.teams, wanted.owners)
        question = question_of(wanted, opened.calendar, known_at, now, scope)
        return Told(opened.engine.ask(question), opened, question)


def statements(workshop: Workshop, tenant: TenantKey, wanted: Wanted, now: datetime) -> Compiled:
    """Return the statements that answer a question, as they are run.

    Raises:
        As `values`.
    """
    known_at = _known_at(workshop, tenant, wanted, now)
    with open_engine(workshop, tenant, known_at) as opened:
        scope = scope_of(opened, wanted.teams, wanted.owners)
        question = question_of(wanted, opened.calendar, known_at, now, scope)
        return Compiled(opened.engine.statements(question), question, opened.engine.version)


def question_of(
    wanted: Wanted,
    calendar: Calendar,
    known_at: datetime | None,
    now: datetime,
    scope: Scope | None = None,
) -> Question:
    """Return the question; what was left out is filled in.

    Raises:
        BadInputError: if a date, grain or dimension is not one.
    """
    moments.in_range(wanted.start, wanted.end, wanted.today)
    grain = Grain(named(mark("grain"), wanted.grain, [one.value for one in Grain]))
    dimensions = [one.value for one in Dimension]
    split = tuple(Dimension(named(mark("dimension"), name, dimensions)) for name in wanted.by)
    moment = known_at if known_at is not None else now
    today = wanted.today or calendar.local_date(moments.naive(moment))
    end = wanted.end or today + timedelta(days=1)
    start = wanted.start or calendar.shift(
        calendar.holding(end - timedelta(days=1), grain).start, grain, 1 - _PERIODS_BY_DEFAULT
    )
    return Question(
        tuple(KpiKey(key) for key in dict.fromkeys(wanted.kpis)),
        (grain,),
        start,
        end,
        today,
        calendar,
        (split,),
        scope or Scope(),
        wanted.where,
        known_at,
    )


def named(what: str, word: str, known: Sequence[str]) -> str:
    """Return a word that is among the known ones.

    Raises:
        UnknownNameError: if it is not; names the nearest.
    """
    if word not in known:
        raise UnknownNameError(what, word, known)
    return word


def _known_at(
    workshop: Workshop, tenant: TenantKey, wanted: Wanted, now: datetime
) -> datetime | None:
    if wanted.known_at is None:
        return None
    with workshop.database.session(tenant) as session:
        calendar = calendar_of(tenants.get(session))
    return moments.known_at(wanted.known_at, calendar, now)


def _row(row: Row, told: Told) -> dict[str, Any]:
    reading, known_at = row.reading, told.answer.known_at
    return {
        "kpi": row.kpi,
        "period": row.period.label,
        "start": row.period.start.isoformat(),
        "end": row.period.end.isoformat(),
        "by": {name.value: label for name, label in row.by.items()},
        "value": plain(reading.value),
        "over": plain(reading.over),
        "under": plain(reading.under),
        "n": reading.n,
        "state": reading.state.value,
        "reason": reading.reason,
        "beside": {name: plain(value) for name, value in reading.beside},
        "known_at": None if known_at is None else _utc(known_at),
        "version": told.answer.version,
        "definition": told.opened.fingerprints[row.kpi],
    }


def plain(value: float | None) -> float | int | None:
    """Return a whole number as an integer."""
    if value is not None and value.is_integer() and abs(value) < _WHOLE:
        return int(value)
    return value


_WHOLE = 2**53


def _utc(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")
