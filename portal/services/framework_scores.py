"""The score of the framework over time, kept on the days on which it changed."""

from dataclasses import dataclass
from datetime import date, datetime

from kpi_engine.framework.rule import Severity
from portal.models import framework_scores as questions
from portal.models.framework_scores import FrameworkScore
from portal.services.linting import Check
from portal.tenancy.session import TenantSession

_SHOWN = 26


@dataclass(frozen=True, slots=True)
class Score:
    """The score from a day on, until the next."""

    day: date
    score: int


def keep(session: TenantSession, found: Check, day: date, now: datetime) -> bool:
    """Keep a day's score if it differs from the one before; say whether it did."""
    newest = session.scalars(questions.newest(1)).one_or_none()
    counts = tuple(found.count(one) for one in Severity)
    told = (found.score, *counts, found.kpis)
    if newest is not None:
        if _said(newest) == told:
            return False
        if newest.day >= day:
            newest.score, newest.errors, newest.warnings, newest.hints, newest.kpis = told
            newest.checked_at = now
            session.flush()
            return True
    score, errors, warnings, hints, kpis = told
    return session.insert_new(
        FrameworkScore(
            day=day,
            score=score,
            errors=errors,
            warnings=warnings,
            hints=hints,
            kpis=kpis,
            checked_at=now,
        )
    )


def trend(session: TenantSession) -> tuple[Score, ...]:
    """Return the scores that are kept, the oldest first; each holds until the next."""
    rows = session.scalars(questions.newest(_SHOWN)).all()
    return tuple(Score(row.day, row.score) for row in reversed(rows))


def _said(row: FrameworkScore) -> tuple[int, ...]:
    return row.score, row.errors, row.warnings, row.hints, row.kpis
