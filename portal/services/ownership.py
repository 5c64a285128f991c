"""Who answers for which KPI on a day: the accountable owner, updaters, cover, and shares."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from kpi_engine.definitions.kinds import KpiKey
from portal.models import ownership as questions
from portal.models import people as people_questions
from portal.models.observations import ScopeKind
from portal.models.ownership import Help, KpiHelp, KpiOwner, KpiShare
from portal.models.people import Person as PersonRow
from portal.services.numbers import TENANT, Who
from portal.services.remembering import remembered
from portal.tenancy.session import TenantSession


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the tenant, as others see them."""

    id: UUID
    name: str
    email: str
    active: bool
    """Whether they may sign in."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one co-owner answers for."""

    id: UUID
    component: str
    person: Person
    percent: Decimal
    responsibility: str
    input: KpiKey | None
    """The component KPI that this share answers for, if there is one."""
    acknowledged_at: datetime | None
    """When the co-owner said that it is theirs."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who answers for one KPI and scope on a day."""

    kpi: KpiKey
    who: Who
    accountable: Person
    updaters: tuple[Person, ...]
    cover: Person | None
    """Who answers on the day while the owner is away."""
    shares: tuple[Share, ...]
    """Empty where the KPI is not shared."""
    since: date

    @property
    def acting(self) -> Person:
        """Who answers on the day: the cover where there is one."""
        return self.cover or self.accountable

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who answers for it: the co-owners where it is shared, else the owner."""
        return tuple(one.person for one in self.shares) or (self.accountable,)

    def involves(self, person: UUID) -> bool:
        """Say whether somebody is its owner, a co-owner, an updater or the cover of the day."""
        return person in self.involved

    @property
    def involved(self) -> frozenset[UUID]:
        """The owner, the co-owners, the updaters and the cover of the day."""
        named = (self.accountable, *self.updaters, *(one.person for one in self.shares))
        cover = () if self.cover is None else (self.cover,)
        return frozenset(one.id for one in (*named, *cover))


_Place = tuple[str, str, str]
"""A KPI and a scope."""


@remembered
def everybody(session: TenantSession) -> Mapping[UUID, Person]:
    """Return everybody of the tenant, by id."""
    found = {row.id: told(row) for row in session.scalars(people_questions.everybody())}
    return MappingProxyType(found)


def told(row: PersonRow) -> Person:
    """Return a person's row as others see it."""
    return Person(row.id, row.name or row.email, row.email, row.disabled_at is None)


def owners(
    session: TenantSession, kpis: Collection[KpiKey], today: date, who: Who = TENANT
) -> Mapping[KpiKey, Ownership]:
    """Return who answers for each KPI in exactly this scope; a KPI of nobody's is missing."""
    wanted = set(kpis)
    return {
        one.kpi: one for one in everything(session, today) if one.who == who and one.kpi in wanted
    }


def answering(
    session: TenantSession, kpis: Collection[KpiKey], today: date, who: Who = TENANT
) -> Mapping[KpiKey, Ownership]:
    """Return who answers for each KPI in a scope: whoever owns it there, else for the company."""
    wanted = set(kpis)
    known = [one for one in everything(session, today) if one.kpi in wanted]
    whole = {one.kpi: one for one in known if one.who == TENANT}
    return whole | {one.kpi: one for one in known if one.who == who}


def owned_by(session: TenantSession, person: UUID, today: date) -> tuple[Ownership, ...]:
    """Return what somebody answers for, as owner or co-owner, updates or covers today."""
    return tuple(one for one in everything(session, today) if one.involves(person))


@remembered
def everything(session: TenantSession, today: date) -> tuple[Ownership, ...]:
    """Return every KPI and scope that somebody answers for, by KPI."""
    rows = [row for row in session.scalars(questions.held_on(today)) if row.person is not None]
    if not rows:
        return ()
    people = everybody(session)
    helpers = _helpers(session.scalars(questions.helps_on(today)))
    shares = _shares(session, today, people)
    found = (_ownership(row, people, helpers, shares) for row in rows)
    return tuple(sorted(found, key=lambda one: (one.kpi, one.who.kind, one.who.id)))


def _ownership(
    row: KpiOwner,
    people: Mapping[UUID, Person],
    helpers: Mapping[_Place, list[KpiHelp]],
    shares: Mapping[_Place, tuple[Share, ...]],
) -> Ownership:
    place = _place(row)
    mine = helpers.get(place, [])
    covers = [people[one.person] for one in mine if one.kind == Help.COVER]
    assert row.person is not None  # noqa: S101 - rows of nobody were left out
    return Ownership(
        kpi=KpiKey(row.kpi),
        who=Who(ScopeKind(row.scope_kind), row.scope_id),
        accountable=people[row.person],
        updaters=tuple(
            sorted(
                (people[one.person] for one in mine if one.kind == Help.UPDATER),
                key=lambda one: one.name,
            )
        ),
        cover=covers[0] if covers else None,
        shares=shares.get(place, ()),
        since=row.from_day,
    )


def _helpers(rows: Iterable[KpiHelp]) -> Mapping[_Place, list[KpiHelp]]:
    found: dict[_Place, list[KpiHelp]] = {}
    for row in rows:
        found.setdefault(_place(row), []).append(row)
    return found


def _shares(
    session: TenantSession, today: date, people: Mapping[UUID, Person]
) -> Mapping[_Place, tuple[Share, ...]]:
    splits = {row.id: _place(row) for row in session.scalars(questions.splits_on(today))}
    if not splits:
        return {}
    found: dict[_Place, tuple[Share, ...]] = {}
    for split, shares in shares_of(session, splits, people).items():
        found[splits[split]] = shares
    return found


def shares_of(
    session: TenantSession, splits: Collection[UUID], people: Mapping[UUID, Person]
) -> Mapping[UUID, tuple[Share, ...]]:
    """Return the shares of some splits, in their order."""
    rows = list(session.scalars(questions.shares_of(splits)))
    words = session.scalars(questions.acknowledged([row.id for row in rows]))
    said = {word.share: word.at for word in words}
    found: dict[UUID, tuple[Share, ...]] = {}
    for row in rows:
        share = _share(row, people[row.person], said.get(row.id))
        found[row.split] = (*found.get(row.split, ()), share)
    return found


def _share(row: KpiShare, person: Person, at: datetime | None) -> Share:
    return Share(
        row.id,
        row.component,
        person,
        row.percent,
        row.responsibility,
        None if row.input is None else KpiKey(row.input),
        at,
    )


def _place(row: KpiOwner | KpiHelp | questions.KpiSplit) -> _Place:
    return row.kpi, row.scope_kind, row.scope_id
