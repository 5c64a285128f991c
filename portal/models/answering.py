"""For which KPIs and scopes one person answers on a day, asked in one statement."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_
from sqlalchemy.orm import aliased

from portal.models.ownership import Help, KpiHelp, KpiOwner, KpiShare, KpiSplit


def answered_by(person: uuid.UUID, day: date) -> Select[str, str, str]:
    """Each KPI and scope that somebody owns, co-owns, updates or covers on a day.

    The same as `portal.services.ownership` tells of everybody, for one person: what nobody is
    accountable for on the day has no helpers and no shares.
    """
    return select(KpiOwner.kpi, KpiOwner.scope_kind, KpiOwner.scope_id).where(
        KpiOwner.person.is_not(None),
        KpiOwner.from_day <= day,
        ~_corrected(day),
        or_(KpiOwner.person == person, _helps(person, day), _shares(person, day)),
    )


def _corrected(day: date) -> ColumnElement[bool]:
    """Whether a later word on the owner holds on the day instead."""
    newer = aliased(KpiOwner)
    when, held = (tuple_(one.from_day, one.revision) for one in (newer, KpiOwner))
    return select(newer.id).where(_of_owner(newer), newer.from_day <= day, when > held).exists()


def _helps(person: uuid.UUID, day: date) -> ColumnElement[bool]:
    """Whether the person updates it, or is the cover that was said last."""
    newer = aliased(KpiHelp)
    instead = select(newer.id).where(
        _of_owner(newer), _on(newer, day), newer.kind == Help.COVER, newer.set_at > KpiHelp.set_at
    )
    helping = or_(KpiHelp.kind == Help.UPDATER, ~instead.exists())
    mine = select(KpiHelp.id).where(
        _of_owner(KpiHelp), _on(KpiHelp, day), KpiHelp.person == person, helping
    )
    return mine.exists()


def _shares(person: uuid.UUID, day: date) -> ColumnElement[bool]:
    """Whether the person has a share in the split that holds."""
    newer = aliased(KpiSplit)
    instead = select(newer.id).where(
        _of_owner(newer), newer.from_day <= day, newer.revision > KpiSplit.revision
    )
    mine = (
        select(KpiShare.id)
        .join(KpiSplit, KpiSplit.id == KpiShare.split)
        .where(
            _of_owner(KpiSplit),
            KpiSplit.from_day <= day,
            KpiShare.person == person,
            ~instead.exists(),
        )
    )
    return mine.exists()


def _of_owner(one: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a class of rows, or its alias
    return and_(
        one.kpi == KpiOwner.kpi,
        one.scope_kind == KpiOwner.scope_kind,
        one.scope_id == KpiOwner.scope_id,
    )


def _on(one: Any, day: date) -> ColumnElement[bool]:  # noqa: ANN401 - a class of rows, or its alias
    return and_(
        one.ended_at.is_(None),
        one.from_day <= day,
        or_(one.until_day.is_(None), one.until_day > day),
    )
