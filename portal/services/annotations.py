"""Notes on a KPI's time line: plain text at a day, for everybody or for one team or owner."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr
from portal.errors import BadInputError
from portal.models.annotations import LONGEST, Annotation, notes_of
from portal.security.actor import Actor
from portal.services import moments
from portal.services.numbers import Who
from portal.tenancy.session import TenantSession

_AHEAD = timedelta(days=366)
_CONTROL = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Note:
    """One note, as it was written."""

    day: date
    text: str
    author: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note as a person typed it."""

    kpi: KpiKey
    who: Who
    day: str
    text: str


def add(session: TenantSession, actor: Actor, new: NewNote, now: datetime) -> Note:
    """Keep a note.

    Raises:
        BadInputError: if its day or its text cannot be used; says what to change.
    """
    day = _day(new.day, now.date())
    text = _text(new.text)
    session.add(
        Annotation(
            kpi=new.kpi,
            scope_kind=new.who.kind.value,
            scope_id=new.who.id,
            on_day=day,
            body=text,
            author=actor.person,
            author_name=actor.name or actor.email,
            written_at=now,
        )
    )
    session.flush()
    return Note(day, text, actor.name or actor.email, now)


def between(
    session: TenantSession, kpi: KpiKey, who: Who, first: date, last: date
) -> Sequence[Note]:
    """Return the notes of the days [first, last): the tenant's, and those of the scope."""
    rows = session.scalars(notes_of(kpi, who.kind, who.id, first, last))
    return [Note(row.on_day, row.body, row.author_name, row.written_at) for row in rows]


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text.strip())
        moments.in_range(day)
    except ValueError:
        raise BadInputError(
            tr(
                "'{text}' is no day. Write it as {day}.",
                text=text.strip()[:40],
                day=today.isoformat(),
            )
        ) from None
    if day > today + _AHEAD:
        raise BadInputError(tr("A note stands at most a year ahead. Choose an earlier day."))
    return day


def _text(text: str) -> str:
    told = " ".join(
        "".join(" " if unicodedata.category(one) in _CONTROL else one for one in text).split()
    )
    if not told:
        raise BadInputError(tr("The note is empty. Write what happened."))
    if len(told) > LONGEST:
        raise BadInputError(
            tr(
                "The note has {count} characters. Shorten it to {most}: it stands in a chart.",
                count=len(told),
                most=LONGEST,
            )
        )
    return told
