"""The pages of the framework beside each other: goals, owners, the catalogue, the check."""

from kpi_engine.language import tr, trc
from portal.readmodels.cards import Choice

HOME, OWNERS, CATALOGUE = "/framework", "/framework/owners", "/framework/catalogue"
CHECK = "/framework/check"
REPLACED = "/framework/replaced"


def tabs(chosen: str) -> tuple[Choice, ...]:
    """Return the tabs; `chosen` is the address of the page that is shown."""
    words = {
        HOME: tr("Goals"),
        OWNERS: tr("Owners"),
        CATALOGUE: tr("Catalogue"),
        REPLACED: tr("Replaced KPIs"),
        CHECK: trc("page of the framework", "Check"),
    }
    return tuple(Choice(text, href, href == chosen) for href, text in words.items())
