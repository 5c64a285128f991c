"""Who looks at a KPI while its definition changes: open reviews, guardrail alerts, signals."""

from collections.abc import Iterator
from uuid import UUID

from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import tr, trc, trn
from portal.readmodels.cards import Choice
from portal.security.permissions import Permission
from portal.services import lifecycles, numbers, reviews, signal_facts, signal_people
from portal.services.addresses import kpi_page
from portal.services.desks import Desk
from portal.services.review_parts import seat_of
from portal.services.signal_facts import House

Line = tuple[str, tuple[Choice, ...], str]
"""A name, links, and words after them."""
_MOST_NAMED = 12


def lines(desk: Desk, kpi: Kpi) -> Iterator[Line]:
    """Yield what looks at a KPI, as far as it is open to the reader."""
    if desk.may(Permission.REVIEW_READ):
        held = _reviews(desk, kpi.key)
        yield (
            tr("Open reviews"),
            held,
            tr("; what was frozen stays as it is") if held else tr("none that you see"),
        )
    adopted = lifecycles.adopted(desk.session, desk.catalogue, desk.today)
    yield _guards(desk, kpi.key, adopted)
    yield _guarded(desk, kpi, adopted)
    yield tr("Signals"), (), _signals(desk, kpi.key, adopted)


def _reviews(desk: Desk, key: KpiKey) -> tuple[Choice, ...]:
    """Return the open reviews that the KPI is frozen in, where the reader sees it there."""
    seen = reviews.open_to(desk.session, seat_of(desk.actor, desk.roster))
    # One of several scopes is enough: the review is named once.
    found = [
        next((each.frozen for each in one.items if each.frozen.kpi == key), None) for one in seen
    ]
    return tuple(
        Choice(one.card.name, reviews.address(one.card, frozen))
        for one, frozen in zip(seen, found, strict=True)
        if frozen is not None
    )


def _guards(desk: Desk, key: KpiKey, adopted: frozenset[KpiKey]) -> Line:
    """Tell the KPIs in use whose guardrail it is."""
    named = [one for one in desk.catalogue.values() if key in one.guardrails]
    used = [one for one in named if one.key in adopted]
    links = tuple(Choice(one.name, kpi_page(one.key)) for one in used[:_MOST_NAMED])
    if links:
        return tr("Guardrail of"), links, tr("; alerted when it worsens while they improve")
    return tr("Guardrail of"), links, tr("of no KPI in use")


def _guarded(desk: Desk, kpi: Kpi, adopted: frozenset[KpiKey]) -> Line:
    """Tell the guardrails that it has and would have; what is not in use raises no alert."""
    before = desk.catalogue[kpi.key].guardrails
    known = [desk.catalogue[key] for key in kpi.guardrails if key in desk.catalogue]
    links = tuple(Choice(one.name, kpi_page(one.key)) for one in known)
    gone = [desk.catalogue[key].name for key in before if key not in kpi.guardrails]
    parts = [tr("no longer {names}", names=", ".join(gone))] if gone else []
    if links and kpi.key not in adopted:
        parts.append(tr("no alert, as it is not in use"))
    told = "; ".join(parts)
    if links:
        return tr("Its guardrails"), links, f"; {told}" if told else ""
    return tr("Its guardrails"), (), told or trc("of several", "none")


def _signals(desk: Desk, key: KpiKey, adopted: frozenset[KpiKey]) -> str:
    """Say how many people are told when its number or status turns."""
    if key not in adopted:
        return tr("nobody is told of it, as it is not in use")
    count = len(_told(desk, key))
    if not count:
        return tr("nobody is told of it, as nobody answers for it")
    return trn(
        "{count} person is told when its status turns or it leaves its usual range",
        "{count} people are told when its status turns or it leaves its usual range",
        count,
    )


def _told(desk: Desk, key: KpiKey) -> frozenset[UUID]:
    """Return who is told of the KPI, of the company or of a team that aims at it."""
    house = House(
        desk.session,
        desk.card,
        desk.catalogue,
        desk.calendar,
        desk.roster,
        desk.now,
        desk.today,
    )
    people = signal_people.readers(desk.session, desk.roster, desk.card.currency, desk.today)
    found: set[UUID] = set()
    for scope in signal_people.scopes(house, people):
        keys: tuple[KpiKey, ...] = (key,)
        if scope.who is not numbers.TENANT:
            keys = signal_facts.aimed_at(house, scope, keys)
        for readers in signal_people.told(house, scope, keys, people).values():
            found |= {reader.actor.person for reader in readers}
    return frozenset(found)
