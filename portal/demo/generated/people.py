"""Who works at Kestrel Systems: teams, sellers and the people who care for customers."""

from dataclasses import dataclass

import numpy as np

from portal.demo.generated.draws import Floats, Ints
from portal.demo.generated.tables import Table

COMPANY = "team-kestrel"
CARE = "team-care"


@dataclass(frozen=True, slots=True)
class Region:
    """One region: a team of six sellers and who leads it."""

    team: str
    name: str
    leader: str
    sellers: tuple[str, ...]
    countries: tuple[str, ...]
    forms: tuple[str, ...]
    """How companies there end their name."""


REGIONS = (
    Region(
        "team-dach",
        "DACH",
        "Katrin Vogel",
        (
            "Lena Brandt",
            "Jonas Keller",
            "Noor Haddad",
            "Mateusz Wolski",
            "Ayşe Demir",
            "Felix Oberholzer",
        ),
        ("Germany", "Austria", "Switzerland"),
        ("GmbH", "AG", "KG"),
    ),
    Region(
        "team-nordics",
        "Nordics",
        "Henrik Dahl",
        (
            "Astrid Lindqvist",
            "Mikkel Sørensen",
            "Aino Laaksonen",
            "Samuel Tesfaye",
            "Ingrid Halvorsen",
            "Oskar Bergman",
        ),
        ("Sweden", "Denmark", "Finland", "Norway"),
        ("AB", "A/S", "Oy"),
    ),
    Region(
        "team-uki",
        "UK & Ireland",
        "Fiona MacLeod",
        (
            "Amara Okafor",
            "Callum Fraser",
            "Priya Raman",
            "Siobhán Kearney",
            "Daniel Ashworth",
            "Mei-Lin Chow",
        ),
        ("United Kingdom", "Ireland"),
        ("Ltd", "plc", "Group"),
    ),
    Region(
        "team-south",
        "South",
        "Rafael Montes",
        (
            "Lucía Ferrer",
            "Marco Bellini",
            "Inês Carvalho",
            "Théo Marchand",
            "Eleni Papadaki",
            "Youssef Benali",
        ),
        ("Spain", "Italy", "Portugal", "France", "Greece"),
        ("S.L.", "S.p.A.", "S.A."),
    ),
)
DACH, NORDICS, UKI, SOUTH = range(4)

SELLERS = tuple(name for region in REGIONS for name in region.sellers)
AGENTS = ("Hanna Weiß", "Kwame Boateng", "Sofia Nilsson", "Ivan Petkov", "Clara Jiménez")
MANAGERS = ("Chiara Lombardi", "Tobias Frank", "Leila Moradi", "Gareth Pugh")
"""Who keeps in touch with customers."""
OTHERS = (
    ("executive", "Naomi Adler", "Chief Revenue Officer"),
    ("marketing", "Dilara Aksoy", "Head of Marketing"),
    ("service", "Ben Achterberg", "Head of Support"),
    ("success", "Odile Renard", "Head of Customer Success"),
    ("operations", "Tomasz Zieliński", "Revenue Operations"),
    ("administration", "Ruth Castellan", "IT"),
)

HIDDEN_GEM = SELLERS.index("Noor Haddad")

_SKILL = (
    *(1.05, 0.95, 1.75, 0.90, 1.00, 1.10),
    *(1.10, 0.95, 1.05, 0.90, 1.00, 1.05),
    *(1.10, 0.90, 1.05, 1.00, 0.85, 1.10),
    *(1.05, 0.95, 1.10, 0.90, 1.00, 1.00),
)
"""How much better or worse than usual each seller wins."""
_SHARE = tuple(0.45 if number == HIDDEN_GEM else 1.0 for number in range(len(SELLERS)))
"""How many leads each is given, by the usual number."""


def skill() -> Floats:
    """Return how much better than usual each seller wins."""
    return np.array(_SKILL)


def lead_share() -> Floats:
    """Return how many leads each seller is given, by the usual number."""
    return np.array(_SHARE)


def region_of(sellers: Ints) -> Ints:
    """Return the region of each seller."""
    return sellers // 6


def email_of(name: str) -> str:
    """Return a person's address at the company."""
    plain = name.lower().translate(str.maketrans("şłøüäöéíêùúáóèńß", "sloauoeieuuaoens"))
    return f"{plain.replace(' ', '.')}@kestrel.example"


def seller_id(number: int) -> str:
    """Return the CRM's id of a seller."""
    return f"U-{101 + number}"


def leader_id(region: int) -> str:
    """Return the CRM's id of a region's leader."""
    return f"U-{11 + region}"


def agent_id(number: int) -> str:
    """Return the CRM's id of somebody in support."""
    return f"U-{201 + number}"


def manager_id(number: int) -> str:
    """Return the CRM's id of somebody in customer success."""
    return f"U-{301 + number}"


def other_id(number: int) -> str:
    """Return the CRM's id of somebody who owns no records."""
    return f"U-{1 + number}"


def teams() -> Table:
    """The company, its regions, and the people who care for customers."""
    rows: list[tuple[str, str, str | None, str, str | None]] = [
        (COMPANY, "Kestrel Systems", None, other_id(0), None)
    ]
    rows += [
        (region.team, region.name, COMPANY, leader_id(number), region.name)
        for number, region in enumerate(REGIONS)
    ]
    rows.append((CARE, "Customer Care", COMPANY, other_id(2), None))
    names = ("id", "name", "parent_id", "manager_id", "region")
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def users() -> Table:
    """Everybody who is somebody to the CRM."""
    rows = [
        (other_id(number), name, COMPANY, title) for number, (_, name, title) in enumerate(OTHERS)
    ]
    rows += [
        (leader_id(number), region.leader, COMPANY, "Sales Leader")
        for number, region in enumerate(REGIONS)
    ]
    rows += [
        (seller_id(number), name, REGIONS[number // 6].team, "Account Executive")
        for number, name in enumerate(SELLERS)
    ]
    rows += [(agent_id(n), name, CARE, "Support Engineer") for n, name in enumerate(AGENTS)]
    rows += [(manager_id(n), name, CARE, "Success Manager") for n, name in enumerate(MANAGERS)]
    table: Table = dict(
        zip(("id", "name", "team_id", "role"), map(list, zip(*rows, strict=True)), strict=True)
    )
    table["email"] = [email_of(row[1]) for row in rows]
    table["active"] = [True] * len(rows)
    return table
