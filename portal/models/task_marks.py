"""Tasks of the CRM that were marked as done here, until the CRM says so itself."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by


class TaskMark(TenantOwned):
    """The mark of one activity. `done_at` is null after it was taken back."""

    __tablename__ = "task_mark"
    __table_args__ = (
        of_tenant(),
        owned_by("person", "person_id"),
    )

    activity: Mapped[str] = mapped_column(Text, primary_key=True)
    """The activity's source and id."""
    person_id: Mapped[uuid.UUID]
    """Who marked it last."""
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)


def marks_of(activities: Collection[str]) -> Select[TaskMark]:
    """The marks of some activities."""
    return select(TaskMark).where(TaskMark.activity.in_(activities))


def mark_held(activity: str) -> Select[TaskMark]:
    """The mark of one activity, held against other writers until the transaction ends."""
    return select(TaskMark).where(TaskMark.activity == activity).with_for_update()
