"""The tenant's teams and people as its CRM tells them, kept where pages can read them."""

from sqlalchemy import Delete, Select, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import of_tenant
from portal.tenancy.stamps import Stamped


class RosterTeam(Stamped):
    """A team. `key` is what observations have as `scope_id`: its source and its id."""

    __tablename__ = "roster_team"
    __table_args__ = (of_tenant(),)

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    parent: Mapped[str | None] = mapped_column(Text)
    """The key of the team above, also where no record of it was loaded."""
    region: Mapped[str | None] = mapped_column(Text)
    manager: Mapped[str | None] = mapped_column(Text)
    """The key of the person who leads it."""


class RosterMember(Stamped):
    """A person of the CRM, with or without access to the portal."""

    __tablename__ = "roster_member"
    __table_args__ = (of_tenant(),)

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    team: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool]


def teams() -> Select[RosterTeam]:
    """Every team, by name."""
    return select(RosterTeam).order_by(RosterTeam.name, RosterTeam.key)


def members() -> Select[RosterMember]:
    """Every person, by name."""
    return select(RosterMember).order_by(RosterMember.name, RosterMember.key)


def forget_teams() -> Delete:
    """Take all teams away: the next reading of the CRM brings them anew."""
    return delete(RosterTeam)


def forget_members() -> Delete:
    """Take all people away: the next reading of the CRM brings them anew."""
    return delete(RosterMember)
