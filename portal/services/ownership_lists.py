"""What is wrong with who owns what: KPIs of nobody's or of somebody shut, owners with too many."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.framework.balance import MOST_A_PERSON
from portal.services import lifecycles, ownership
from portal.services.desks import Desk
from portal.services.numbers import TENANT
from portal.services.ownership import Ownership, Person

MOST = MOST_A_PERSON
"""So many KPIs one person answers for well; more are told, here and by the framework check."""


@dataclass(frozen=True, slots=True)
class Lists:
    """What somebody has to look at."""

    unowned: tuple[KpiKey, ...]
    """In use, and nobody is accountable for the company's number."""
    inactive: tuple[Ownership, ...]
    """Whose owner, a co-owner or the cover may no longer sign in."""
    loaded: tuple[tuple[Person, int], ...]
    """Who is accountable for more than `MOST` KPIs, and for how many."""
    unacknowledged: tuple[Ownership, ...]
    """Shared, and a co-owner has not said that the share is theirs."""


def lists(desk: Desk) -> Lists:
    """Return what is to be mended."""
    used = lifecycles.adopted(desk.session, desk.catalogue, desk.today)
    return lists_of(used, ownership.everything(desk.session, desk.today))


def lists_of(used: Iterable[KpiKey], known: tuple[Ownership, ...]) -> Lists:
    """Return what is to be mended among ownerships that were read already."""
    owned = {one.kpi for one in known if one.who == TENANT}
    kpis = Counter(person for person, _ in {(one.accountable, one.kpi) for one in known})
    loaded = [(person, count) for person, count in kpis.items() if count > MOST]
    return Lists(
        unowned=tuple(sorted(kpi for kpi in used if kpi not in owned)),
        inactive=tuple(one for one in known if not all(each.active for each in _named(one))),
        loaded=tuple(sorted(loaded, key=lambda one: (-one[1], one[0].name))),
        unacknowledged=tuple(
            one for one in known if any(share.acknowledged_at is None for share in one.shares)
        ),
    )


def _named(one: Ownership) -> tuple[Person, ...]:
    cover = () if one.cover is None else (one.cover,)
    return (one.accountable, *(share.person for share in one.shares), *cover)
