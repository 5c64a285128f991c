"""The loads of a tenant: each import run is one, and each that landed is a store version."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Select, Text, func, or_, select, text
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, of_tenant
from portal.tenancy.stamps import Stamped


class LoadState(StrEnum):
    """How far a load got. Only what landed is seen by anybody."""

    STARTED = "started"
    LANDED = "landed"
    FAILED = "failed"


class Load(Stamped):
    """One import run. The commit of `landed` with its pin is what makes its facts visible."""

    __tablename__ = "load"
    __table_args__ = (
        of_tenant(),
        CheckConstraint("seq > 0", name="seq"),
        CheckConstraint("state IN ('started', 'landed', 'failed')", name="state"),
        CheckConstraint("(state = 'landed') = (pin IS NOT NULL)", name="pin"),
        CheckConstraint("(state = 'started') = (finished_at IS NULL)", name="finished_at"),
        # A second wall behind the writer's lock: one load of a tenant is under way at a time.
        Index(
            "uq_load_tenant_id_under_way",
            "tenant_id",
            unique=True,
            postgresql_where=text("state = 'started'"),
        ),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The store version that the load makes; never used again, also when the load dies."""
    state: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    loaded_at: Mapped[datetime] = mapped_column(Moment)
    """When the facts became known; never before the load before it."""
    started_at: Mapped[datetime] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    digest: Mapped[str | None] = mapped_column(Text)
    """Of the files and their mapping: the same again is known before it is read."""
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    pin: Mapped[str | None] = mapped_column(Text)
    """What a reader of this version holds on to, as the store wrote it."""


def last_landed() -> Select[Load]:
    """The load that readers see now."""
    return select(Load).where(Load.state == LoadState.LANDED).order_by(Load.seq.desc()).limit(1)


def landed_by(moment: datetime) -> Select[Load]:
    """The load that readers saw at a moment."""
    return last_landed().where(Load.loaded_at <= moment)


def under_way() -> Select[Load]:
    """The load that began and has not ended; its process may be dead."""
    return select(Load).where(Load.state == LoadState.STARTED)


def highest_seq() -> Select[int]:
    """The highest version that was ever given out, landed or not; 0 before the first."""
    return select(func.coalesce(func.max(Load.seq), 0))


def newest_first(most: int) -> Select[Load]:
    """The newest loads, whatever became of them."""
    return select(Load).order_by(Load.seq.desc()).limit(most)


def numbered(seq: int) -> Select[Load]:
    """The load of that number, held against change until the transaction ends."""
    return select(Load).where(Load.seq == seq).with_for_update()


def last_tables() -> Select[*tuple[str, Any]]:
    """Each source with what its last load tells of the tables that it read, if it read them all.

    A load that found nothing new has read them, too: what it had to leave out is still missing.
    """
    return (
        select(Load.source, Load.report["tables"])
        .where(_READ)
        .ext(distinct_on(Load.source))
        .order_by(Load.source, Load.seq.desc())
    )


def last_loose_ends() -> Select[*tuple[str, Any, Any, Any]]:
    """Each source with what its last load could not use as it stood.

    The stages without a meaning, the unknown references and the foreign currencies.
    """
    report = Load.report
    return (
        select(
            Load.source,
            report["unmapped_stages"],
            report["unknown_references"],
            report["foreign_currencies"],
        )
        .where(_READ)
        .ext(distinct_on(Load.source))
        .order_by(Load.source, Load.seq.desc())
    )


_READ = or_(Load.state == LoadState.LANDED, Load.report["outcome"].astext == "unchanged")
"""A load that read all of its tables, whether or not it found anything new."""
