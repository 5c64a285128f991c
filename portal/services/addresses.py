"""Addresses of pages: the query holds the state of a view, so that a copied link shows it again."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode

_NAMES, LONGEST = 20, 200


def address(path: str, **query: str | None) -> str:
    """Return a path with its query; names without a value are left out."""
    told = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(told)}" if told else path


def kpi_page(key: str, **query: str | None) -> str:
    """Return the address of a KPI's page."""
    return address(f"/kpis/{quote(key, safe='')}", **query)


def read_query(query: str) -> Mapping[str, str]:
    """Return the last value of each name of a query, as much of it as an address of ours has."""
    pairs = parse_qsl(query.removeprefix("?")[: _NAMES * LONGEST], errors="replace")
    return {name[:LONGEST]: value[:LONGEST] for name, value in pairs[:_NAMES]}
