"""What stands around every page: read once a page, the same for the first HTML and for Dash."""

from callbacks.edge import Edge
from callbacks.homes import homes_of
from callbacks.page import Visit
from callbacks.pages import PAGES
from kpi_engine.language import mark, tr, trn
from portal.readmodels.cards import Choice
from portal.readmodels.formats import Formats
from portal.readmodels.shell import Place, Shell, Source
from portal.security.actor import Actor
from portal.security.permissions import Allowed, may
from portal.security.roles import Role
from portal.services import (
    branding,
    catalogue_words,
    freshness,
    inbox,
    source_ages,
    tenants,
    viewing,
)
from portal.services.source_ages import SourceAge

_WORDS = {
    Role.REP: mark("Sales rep"),
    Role.LEADER: mark("Sales leader"),
    Role.EXECUTIVE: mark("Executive"),
    Role.OWNER: mark("KPI owner"),
    Role.ANALYST: mark("Analyst"),
    Role.ADMIN: mark("Administrator"),
}


def surroundings(edge: Edge, actor: Actor, visit: Visit) -> Shell:
    """Return what stands around the page of a visit."""
    with edge.session(actor) as session:
        tenant, brand = tenants.get(session), branding.read(session)
        ages = source_ages.sources(session, edge.now())
        unread, version = inbox.unread(session, actor, edge.now()), freshness.newest(session)
    formats = Formats(actor.locale, tenant.currency)
    return Shell(
        tenant=tenant.name,
        role=", ".join(tr(_WORDS[role]) for role in Role if role in actor.roles),
        person=actor.name,
        initials=initials(actor.name),
        email=actor.email,
        csrf=edge.asking.csrf(),
        places=tuple(_places(actor, visit)),
        sync=_sync(ages),
        sources=tuple(_source(age, formats) for age in ages),
        homes=_homes(actor, visit),
        unread=unread,
        version=version,
        viewing_as=actor.name if actor.viewed_by else "",
        stop_viewing=viewing.STOP if actor.viewed_by else "",
        account=(Choice(tr("Your account"), _ACCOUNT),) if _has(_ACCOUNT) else (),
        brand=branding.shown(brand, tenant.name),
    )


_ACCOUNT = "/account"


def initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name."""
    words = name.partition("@")[0].replace(".", " ").split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _sync(ages: tuple[SourceAge, ...]) -> str:
    fresh = sum(not age.stale for age in ages)
    if not ages:
        return ""
    return trn(
        "{fresh} of {count} source fresh",
        "{fresh} of {count} sources fresh",
        len(ages),
        fresh=fresh,
    )


def _source(age: SourceAge, formats: Formats) -> Source:
    return Source(catalogue_words.source(age.source), formats.ago(age.age), age.stale)


def _homes(actor: Actor, visit: Visit) -> tuple[Choice, ...]:
    """The homes of a person who has several."""
    mine = homes_of(actor)
    if len(mine) < _SEVERAL:
        return ()
    said = visit.query.get("home", "") if visit.path == "/" else ""
    return tuple(Choice(tr(home.name), f"/?home={home.key}", home.key == said) for home in mine)


_SEVERAL = 2


def _places(actor: Actor, visit: Visit) -> list[Place]:
    return [
        Place(tr(page.name), page.path, page.icon, chosen=_is_in(visit.path, page.path))
        for page in PAGES
        if page.in_navigation
        and page.roles & actor.roles
        and isinstance(may(actor, page.permission), Allowed)
    ]


def _is_in(path: str, place: str) -> bool:
    return path == place or (place != "/" and path.startswith(f"{place}/"))


def _has(path: str) -> bool:
    return any(page.path == path for page in PAGES)
