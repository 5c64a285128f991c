"""Addresses of pages: the query holds the state of a view, so that a copied link shows it again."""

from urllib.parse import quote, urlencode


def address(path: str, **query: str | None) -> str:
    """Return a path with its query; names without a value are left out."""
    told = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(told)}" if told else path


def kpi_page(key: str, **query: str | None) -> str:
    """Return the address of a KPI's page."""
    return address(f"/kpis/{quote(key, safe='')}", **query)
