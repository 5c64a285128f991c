"""Every page with somebody who works on it: for tests that look at all of them."""

from dataclasses import dataclass

_AT = "kestrel.example"


@dataclass(frozen=True, slots=True)
class Place:
    """A page as one person sees it."""

    name: str
    email: str
    path: str


PLACES = (
    Place("rep-home", f"noor.haddad@{_AT}", "/"),
    Place("leader-home", f"henrik.dahl@{_AT}", "/"),
    Place("executive-home", f"naomi.adler@{_AT}", "/"),
    Place("marketing-home", f"dilara.aksoy@{_AT}", "/?home=marketing"),
    Place("service-home", f"ben.achterberg@{_AT}", "/?home=service"),
    Place("success-home", f"odile.renard@{_AT}", "/?home=success"),
    Place("scorecard", f"naomi.adler@{_AT}", "/scorecard"),
    Place("journey", f"naomi.adler@{_AT}", "/journey"),
    Place("targets", f"naomi.adler@{_AT}", "/targets"),
    Place("kpis", f"tomasz.zielinski@{_AT}", "/kpis"),
    Place("kpi", f"tomasz.zielinski@{_AT}", "/kpis/win_rate"),
    Place("kpi-of-a-rep", f"noor.haddad@{_AT}", "/kpis/win_rate"),
    Place("imports", f"tomasz.zielinski@{_AT}", "/imports"),
    Place("people", f"ruth.castellan@{_AT}", "/admin"),
    Place("audit-log", f"ruth.castellan@{_AT}", "/admin/audit"),
    Place("account", f"noor.haddad@{_AT}", "/account"),
    Place("without-sellers", "edda.ravn@ravenstack.example", "/"),
    Place("without-numbers", "ida.holm@ravenstack.example", "/"),
)
"""Add a page here when it gets one: it is then tried by all that looks at every page."""
