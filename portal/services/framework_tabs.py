"""The pages of the framework beside each other: goals, owners, the catalogue, the check."""

from portal.readmodels.cards import Choice

HOME, OWNERS, CATALOGUE = "/framework", "/framework/owners", "/framework/catalogue"
CHECK = "/framework/check"
_TABS = {"Goals": HOME, "Owners": OWNERS, "Catalogue": CATALOGUE, "Check": CHECK}


def tabs(chosen: str) -> tuple[Choice, ...]:
    """Return the tabs; `chosen` is the address of the page that is shown."""
    return tuple(Choice(text, href, href == chosen) for text, href in _TABS.items())
