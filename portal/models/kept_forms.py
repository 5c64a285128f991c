"""Forms that were refused, as they were filled in: a page shows them again with the reason."""

import uuid
from datetime import datetime

from sqlalchemy import Delete, Select, Text, delete, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by


class KeptForm(TenantOwned):
    """What one person filled in at one place and could not be taken. Only they see it."""

    __tablename__ = "kept_form"
    __table_args__ = (of_tenant(), owned_by("person", "person_id"))

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(Text, primary_key=True)
    """The address that the form was sent to."""
    fields: Mapped[dict[str, list[str]]] = mapped_column(JSONB)
    why: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime] = mapped_column(Moment)


def kept_form(person: uuid.UUID, place: str, since: datetime) -> Select[KeptForm]:
    """What a person's form at a place held, if it was refused since."""
    return select(KeptForm).where(
        KeptForm.person_id == person, KeptForm.place == place, KeptForm.kept_at >= since
    )


def forget(person: uuid.UUID, place: str, before: datetime) -> Delete:
    """Forget a person's form at a place, and all of theirs that are older."""
    return delete(KeptForm).where(
        KeptForm.person_id == person, or_(KeptForm.place == place, KeptForm.kept_at < before)
    )
