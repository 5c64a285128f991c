"""Companies that might buy, and the people who work there."""

from dataclasses import dataclass

import numpy as np

from portal.demo.generated.clock import Clock
from portal.demo.generated.draws import Draws, Floats, Ints
from portal.demo.generated.people import REGIONS, region_of, seller_id
from portal.demo.generated.tables import Table, ids

INDUSTRIES = (
    "Manufacturing",
    "Logistics",
    "Retail",
    "Energy",
    "Healthcare",
    "Financial services",
    "Public sector",
    "Food",
)
SEGMENTS = ("Small", "Mid-market", "Enterprise")
_SEGMENT_SHARES = (0.42, 0.41, 0.17)
SIZE = (0.50, 1.0, 2.1)
"""What a deal with each segment is worth, by that with a mid-market company."""
PACE = (0.80, 1.0, 1.28)
"""How long it takes, likewise."""
_EMPLOYEES = (60, 420, 3_200)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words(
    "Alder Amber Anchor Arbor Aspen Aurora Baltic Beacon Birch Bramble Bright Cairn Calder"
    " Canal Castle Cedar Cinder Citrus Clover Cobalt Copper Coral Crane Crown Dahlia Delta"
    " Drift Dune Ember Falcon Fern Field Fjord Flint Forge Garnet Glade Granite Grove Harbor"
    " Hazel Heron Hilltop Indigo Iris Ivory Juniper Keel Lagoon Lark Laurel Linden Lumen Maple"
    " Marble Meadow Mistral Moss Nectar Nimbus North Oak Olive Onyx Opal Orchid Osprey Otter"
    " Pebble Pine Plover Poplar Quarry Quartz Raven Reed Ridge River Rowan Saffron Sage Salt"
    " Sequoia Silver Slate Sorrel Sparrow Spruce Sterling Stone Summit Swift Tern Thistle"
    " Tidal Timber Umber Vale Violet Walnut Willow Winter Zephyr"
)
_SECOND = _words(
    "Logistics Foods Robotics Textiles Energy Medical Bank Insurance Packaging Machines"
    " Retail Freight Farms Optics Paper Chemicals Transport Clinics Tools Motors Media Stores"
    " Homes Water Glass Travel Pharma Trading Steel Networks Systems Studios Power Works Ports"
    " Rail"
)
_GIVEN = _words(
    "Ana Ben Carla David Elif Farid Greta Hugo Ilse Jan Katja Liam Maja Nils Olga Paul Rania"
    " Sven Tara Ugo Vera Wim Yara Zoe Amir Bea Cem Dora Emil Finn Gita Hana Igor Jana Kofi Lea"
    " Mateo Nina Omar Pia Ravi Sara Tom Uma Viktor Wanda"
)
_FAMILY = _words(
    "Adler Bauer Costa Dahl Evans Fischer Garcia Hansen Ivanov Jansen Khan Larsen Moreau"
    " Novak Olsen Pereira Quinn Rossi Silva Thomsen Ueda Varga Weber Yilmaz Zimmer Abebe Blom"
    " Conti Duarte Eklund Ferri Grant Hoxha Iqbal Jovic Kaya Lund Meyer Nakamura Osei"
)
_TITLES = ("Head of Operations", "IT Director", "CFO", "Buyer", "Plant Manager", "Data Lead")


@dataclass(frozen=True, slots=True)
class Companies:
    """Every company, by number."""

    seller: Ints
    """Who owns it."""
    segment: Ints
    created: Floats
    is_customer: Floats
    """Since when it is a customer; nothing for those that never were."""
    left: Floats
    """Since when it is no longer one."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.seller)


def company_names(count: int, skip: int = 0) -> list[str]:
    """Return so many names, each once, without the form of the company."""
    order = Draws("names of companies").order(len(_FIRST) * len(_SECOND))
    chosen = np.resize(order, skip + count)[skip:]
    return [f"{_FIRST[n % len(_FIRST)]} {_SECOND[n // len(_FIRST)]}" for n in chosen]


def person_names(draws: Draws, count: int) -> tuple[list[str], list[str]]:
    """Return given and family names of so many people."""
    given, family = draws.any_of(len(_GIVEN), count), draws.any_of(len(_FAMILY), count)
    return [_GIVEN[n] for n in given], [_FAMILY[n] for n in family]


def companies_of(seller: Ints, created: Floats) -> Companies:
    """Make a company for each seller and moment given."""
    segment = Draws("segments").pick(_SEGMENT_SHARES, len(seller))
    nothing = np.full(len(seller), np.nan)
    return Companies(seller, segment, created, nothing, nothing.copy())


def accounts(made: Companies, clock: Clock) -> Table:
    """The companies as records."""
    draws, count = Draws("accounts"), made.count
    region = region_of(made.seller)
    which = draws.between(0, 1, count)
    names = company_names(count)
    form = draws.any_of(3, count)
    full = [f"{name} {REGIONS[r].forms[f]}" for name, r, f in zip(names, region, form, strict=True)]
    countries = [
        REGIONS[r].countries[int(share * len(REGIONS[r].countries))]
        for r, share in zip(region, which, strict=True)
    ]
    industry = draws.any_of(len(INDUSTRIES), count)
    size = draws.spread(np.array(_EMPLOYEES)[made.segment].astype(np.float64), 0.5, count)
    bought, gone = ~np.isnan(made.is_customer), ~np.isnan(made.left)
    lifecycle = np.where(gone, "former customer", np.where(bought, "customer", "prospect"))
    return {
        "id": ids("A", np.arange(count)),
        "name": full,
        "domain": [f"{name.lower().replace(' ', '-')}.example" for name in names],
        "industry": [INDUSTRIES[n] for n in industry],
        "country": countries,
        "region": [REGIONS[r].name for r in region],
        "employees": np.round(size).astype(np.int64),
        "owner_id": [seller_id(n) for n in made.seller],
        "segment": [SEGMENTS[n] for n in made.segment],
        "lifecycle": lifecycle.tolist(),
        "created_at": clock.moments(made.created),
        "updated_at": clock.moments(
            np.maximum(made.created, clock.end - draws.spread(40, 1.0, count)).clip(
                max=clock.end - 0.4
            )
        ),
    }


def contacts(made: Companies, clock: Clock) -> Table:
    """One or two people at each company; the first has the company's number."""
    draws = Draws("contacts")
    second = np.flatnonzero(draws.chance(0.55, made.count))
    account = np.concatenate([np.arange(made.count), second])
    count = len(account)
    given, family = person_names(draws, count)
    domain = company_names(made.count)
    mail = [
        f"{g.lower()}.{f.lower()}@{domain[a].lower().replace(' ', '-')}.example"
        for g, f, a in zip(given, family, account, strict=True)
    ]
    created = made.created[account] + np.where(np.arange(count) < made.count, 0, 9)
    created = created.clip(max=clock.end - 1)
    updated = np.maximum(created, clock.end - draws.spread(110, 0.9, count)).clip(
        max=clock.end - 0.4
    )
    known, reachable = draws.chance(0.96, count), draws.chance(0.82, count)
    title = draws.any_of(len(_TITLES), count)
    return {
        "id": ids("C", np.arange(count)),
        "account_id": ids("A", account),
        "first_name": given,
        "last_name": family,
        "email": [each if yes else None for each, yes in zip(mail, known, strict=True)],
        "phone": [
            f"+49 30 555{n:05d}" if yes else None
            for n, yes in zip(range(count), reachable, strict=True)
        ],
        "title": [_TITLES[n] for n in title],
        "owner_id": [seller_id(n) for n in made.seller[account]],
        "created_at": clock.moments(created),
        "updated_at": clock.moments(updated),
        "last_activity_at": clock.moments(updated),
    }
