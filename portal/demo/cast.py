"""Who may sign in to the demo: people of every role, and the one password they share.

The password is made by chance in each data folder and kept there; it is good for this folder only.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path

from portal.demo.companies import KESTREL, RAVENSTACK, Company
from portal.demo.generated import people as kestrel
from portal.security.roles import Role
from portal.services import people
from portal.services.office import Office
from portal.services.people import NewPerson
from portal.tenancy.keys import TenantKey


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who may sign in."""

    company: TenantKey
    name: str
    email: str
    roles: tuple[Role, ...]
    as_: str
    """What they are, for the list of whom to sign in as."""
    crm_user: str | None = None
    team: str | None = None


def _seller(name: str, as_: str) -> Player:
    number = kestrel.SELLERS.index(name)
    team = kestrel.REGIONS[number // 6].team
    return Player(
        KESTREL.key,
        name,
        kestrel.email_of(name),
        (Role.REP,),
        as_,
        kestrel.seller_id(number),
        team,
    )


def _leader(region: int) -> Player:
    told = kestrel.REGIONS[region]
    return Player(
        KESTREL.key,
        told.leader,
        kestrel.email_of(told.leader),
        (Role.LEADER,),
        f"leads {told.name}",
        kestrel.leader_id(region),
        told.team,
    )


def _office(number: int, roles: tuple[Role, ...], as_: str, team: str | None = None) -> Player:
    name, user = kestrel.OTHERS[number][1], kestrel.other_id(number)
    return Player(KESTREL.key, name, kestrel.email_of(name), roles, as_, user, team)


def _raven(name: str, roles: tuple[Role, ...], as_: str) -> Player:
    return Player(
        RAVENSTACK.key, name, f"{name.lower().replace(' ', '.')}@ravenstack.example", roles, as_
    )


CAST: tuple[Player, ...] = (
    _office(0, (Role.EXECUTIVE,), "runs sales"),
    *(_leader(region) for region in range(len(kestrel.REGIONS))),
    _seller("Noor Haddad", "sells in DACH"),
    _seller("Astrid Lindqvist", "sells in the Nordics"),
    _seller("Lucía Ferrer", "sells in the South"),
    _office(1, (Role.OWNER,), "answers for marketing", "marketing"),
    _office(2, (Role.OWNER,), "answers for service", "support"),
    _office(3, (Role.OWNER,), "answers for customer success", "success"),
    _office(4, (Role.ANALYST,), "keeps the definitions"),
    _office(5, (Role.ADMIN,), "keeps the accounts"),
    _raven("Edda Ravn", (Role.EXECUTIVE,), "runs the company"),
    _raven("Piotr Lis", (Role.OWNER,), "answers for service"),
    _raven("Sana Qureshi", (Role.ANALYST,), "keeps the definitions"),
    _raven("Milo Grant", (Role.LEADER,), "leads a team that the data does not have"),
    _raven("Ida Holm", (Role.REP,), "sells, but the data has no sellers"),
    _raven("Tove Berg", (Role.ADMIN, Role.EXECUTIVE), "runs it and keeps the accounts"),
)
"""Everybody, in the order in which they are told."""


def password(home: Path) -> str:
    """Return the password of everybody in this data folder; it is made at the first time."""
    kept = home / "demo" / "password"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(f"kpi-{secrets.token_hex(2)}-{secrets.token_hex(2)}-{secrets.token_hex(2)}")
    return kept.read_text("utf-8").strip()


def let_in(office: Office, company: Company) -> None:
    """Add whoever of the company is not there yet."""
    word = password(office.home)
    with office.database.session(company.key) as session:
        for one in CAST:
            if one.company != company.key or people.find(session, one.email):
                continue
            roles = [role.value for role in one.roles]
            new = NewPerson(one.email, roles, one.crm_user, one.team, word, one.name)
            people.add(session, new, office.now())
