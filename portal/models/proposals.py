"""Definitions on their way: drafts that somebody builds, and proposals that await an analyst.

What is published stands in `kpi_definition` alone; nothing here is asked by an engine as a number.
"""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Index,
    Integer,
    Select,
    Text,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by

LONGEST_REASON = 1000


class ProposalState(StrEnum):
    """Where a proposal stands; whatever neither waits nor awaits its day stays as it is."""

    OPEN = "open"
    PENDING = "pending"
    """Activated for a day that has not come: no version yet."""
    ACTIVATED = "activated"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CALLED_BACK = "called_back"
    """It was pending, and somebody thought better of it before its day."""
    LAPSED = "lapsed"
    """It was pending, and could not be used any more when its day came."""


class KpiDraft(TenantOwned):
    """What somebody has filled in so far, right or wrong. Only they see it."""

    __tablename__ = "kpi_draft"
    __table_args__ = (
        of_tenant(),
        owned_by("person", "person_id"),
        Index("ix_kpi_draft_tenant_id_person_id", "tenant_id", "person_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID]
    kpi: Mapped[str | None] = mapped_column(Text)
    """The KPI whose next version it is; None for a new one."""
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class KpiProposal(TenantOwned):
    """A definition that somebody proposes, why, and what was decided of it. Its text is fixed."""

    __tablename__ = "kpi_proposal"
    __table_args__ = (
        of_tenant(),
        owned_by("person", "proposed_by"),
        owned_by("person", "decided_by"),
        owned_by("person", "ended_by"),
        CheckConstraint(
            "state IN ('open', 'pending', 'activated', 'declined', 'withdrawn', 'called_back',"
            " 'lapsed')",
            name="state",
        ),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(state = 'activated') = (version IS NOT NULL)", name="version"),
        CheckConstraint("state <> 'pending' OR effective_from IS NOT NULL", name="day"),
        CheckConstraint(
            "(state IN ('called_back', 'lapsed')) = (ended_at IS NOT NULL)", name="ended"
        ),
        CheckConstraint("base_version >= 0", name="base_version"),
        CheckConstraint(f"char_length(reason) BETWEEN 1 AND {LONGEST_REASON}", name="reason"),
        # Two open proposals for one KPI would each be blind to the other.
        Index(
            "uq_kpi_proposal_tenant_id_open_key",
            "tenant_id",
            "key",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        # Of two that await their days, the second would change what the first does not know.
        Index(
            "uq_kpi_proposal_tenant_id_pending_key",
            "tenant_id",
            "key",
            unique=True,
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_kpi_proposal_tenant_id_key", "tenant_id", "key"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    key: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    yaml: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(Text)
    goal: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """The goal that it is meant to serve, by key; empty for none."""
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The form that made it, so that a declined one can be mended."""
    base_version: Mapped[int] = mapped_column(Integer)
    """The tenant's version that it changes; 0 where there was none."""
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[uuid.UUID]
    proposed_by_name: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[uuid.UUID | None]
    decided_by_name: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decision_note: Mapped[str] = mapped_column(Text, server_default=text("''"))
    version: Mapped[int | None] = mapped_column(Integer)
    """The version that it became."""
    effective_from: Mapped[date | None]
    """The day that was named for it: the tenant's local one."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[uuid.UUID | None]
    """Who called it back; None where it lapsed by itself."""
    ended_by_name: Mapped[str] = mapped_column(Text, server_default=text("''"))
    end_note: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """Why it never came to hold."""
    alone: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether who proposed it also activated it, being the only analyst."""


def draft_of(draft: uuid.UUID, person: uuid.UUID) -> Select[KpiDraft]:
    """A draft, if it is this person's."""
    return select(KpiDraft).where(KpiDraft.id == draft, KpiDraft.person_id == person)


def drafts_of(person: uuid.UUID) -> Select[KpiDraft]:
    """The drafts of a person, the last changed first."""
    return select(KpiDraft).where(KpiDraft.person_id == person).order_by(KpiDraft.changed_at.desc())


def count_drafts(person: uuid.UUID) -> Select[Any]:
    """How many drafts a person has."""
    return select(func.count(KpiDraft.id)).where(KpiDraft.person_id == person)


def proposal_of(proposal: uuid.UUID) -> Select[KpiProposal]:
    """The proposal of that id."""
    return select(KpiProposal).where(KpiProposal.id == proposal)


def proposal_held(proposal: uuid.UUID) -> Select[KpiProposal]:
    """The same, held against other writers until the transaction ends."""
    return proposal_of(proposal).with_for_update()


def open_proposals() -> Select[KpiProposal]:
    """Every proposal that awaits a decision, the oldest first."""
    return (
        select(KpiProposal)
        .where(KpiProposal.state == ProposalState.OPEN)
        .order_by(KpiProposal.proposed_at)
    )


def pending_proposals() -> Select[KpiProposal]:
    """Every proposal that awaits its day, the first day first."""
    return (
        select(KpiProposal)
        .where(KpiProposal.state == ProposalState.PENDING)
        .order_by(KpiProposal.effective_from, KpiProposal.decided_at)
    )


def pending_for(key: str) -> Select[KpiProposal]:
    """The proposal for a KPI that awaits its day."""
    return pending_proposals().where(KpiProposal.key == key)


def pending_until(day: date) -> Select[KpiProposal]:
    """The proposals whose day has come by `day`, the first day first."""
    return pending_proposals().where(KpiProposal.effective_from <= day)


def decided_proposals(most: int) -> Select[KpiProposal]:
    """The proposals decided last, but for those that await their day."""
    return (
        select(KpiProposal)
        .where(KpiProposal.state.not_in((ProposalState.OPEN, ProposalState.PENDING)))
        .order_by(KpiProposal.decided_at.desc())
        .limit(most)
    )


def proposals_for(key: str) -> Select[KpiProposal]:
    """Every proposal for a KPI, the newest first."""
    return (
        select(KpiProposal).where(KpiProposal.key == key).order_by(KpiProposal.proposed_at.desc())
    )
