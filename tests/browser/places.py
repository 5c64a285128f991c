"""Every page with somebody who works on it: for tests that look at all of them."""

from dataclasses import dataclass

_AT = "kestrel.example"


@dataclass(frozen=True, slots=True)
class Place:
    """A page as one person sees it."""

    name: str
    email: str
    path: str
    link: str = ""
    """The link to follow from there, as a selector: some pages have an address made by chance."""
    rest: str = ""
    """What is added to that link's address."""


_REVIEW = "a[href^='/reviews/']:not([href*=cycles])"
_OPEN, _PAST = f"main {_REVIEW}", f"main table {_REVIEW}"

PLACES = (
    Place("rep-home", f"noor.haddad@{_AT}", "/"),
    Place("leader-home", f"henrik.dahl@{_AT}", "/"),
    Place("executive-home", f"naomi.adler@{_AT}", "/"),
    Place("marketing-home", f"dilara.aksoy@{_AT}", "/?home=marketing"),
    Place("owner-home", f"dilara.aksoy@{_AT}", "/?home=owner"),
    Place("service-home", f"ben.achterberg@{_AT}", "/?home=service"),
    Place("success-home", f"odile.renard@{_AT}", "/?home=success"),
    Place("scorecard", f"naomi.adler@{_AT}", "/scorecard"),
    Place("journey", f"naomi.adler@{_AT}", "/journey"),
    Place("framework-check", f"naomi.adler@{_AT}", "/framework/check"),
    Place("framework-check-waive", f"naomi.adler@{_AT}", "/framework/check?waive=C23:"),
    Place("targets", f"naomi.adler@{_AT}", "/targets"),
    Place("kpis", f"tomasz.zielinski@{_AT}", "/kpis"),
    Place("kpi", f"tomasz.zielinski@{_AT}", "/kpis/win_rate"),
    Place("kpi-of-a-rep", f"noor.haddad@{_AT}", "/kpis/win_rate"),
    Place("kpi-shared", f"dilara.aksoy@{_AT}", "/kpis/lead_to_opportunity_rate?period=2026-09"),
    Place("kpi-guarded", f"naomi.adler@{_AT}", "/kpis/new_leads"),
    Place("framework", f"naomi.adler@{_AT}", "/framework"),
    Place("framework-owners", f"naomi.adler@{_AT}", "/framework/owners"),
    Place("framework-of-a-rep", f"noor.haddad@{_AT}", "/framework/owners"),
    Place("framework-catalogue", f"naomi.adler@{_AT}", "/framework/catalogue?stage=sales"),
    Place("framework-replaced", f"naomi.adler@{_AT}", "/framework/replaced"),
    Place("owner-of-one-person", f"naomi.adler@{_AT}", "/framework/kpis/win_rate/owner?find=an"),
    Place("goal-form", f"naomi.adler@{_AT}", "/framework/goals/new"),
    Place("kpi-builder", f"naomi.adler@{_AT}", "/kpis/new"),
    Place("kpi-change", f"henrik.dahl@{_AT}", "/kpis/win_rate/edit"),
    Place("kpi-history", f"tomasz.zielinski@{_AT}", "/kpis/win_rate/history"),
    Place("kpi-proposals", f"tomasz.zielinski@{_AT}", "/kpis/proposals"),
    Place("kpi-data", f"tomasz.zielinski@{_AT}", "/kpis/data"),
    Place("quality", f"naomi.adler@{_AT}", "/quality"),
    Place("quality-of-a-rep", f"noor.haddad@{_AT}", "/quality"),
    Place("quality-of-an-owner", f"dilara.aksoy@{_AT}", "/quality?level=medium"),
    Place("actions", f"naomi.adler@{_AT}", "/actions"),
    Place("actions-list", f"henrik.dahl@{_AT}", "/actions?view=list"),
    Place("action-editor", f"dilara.aksoy@{_AT}", "/actions/new?kpi=lead_to_opportunity_rate"),
    Place("actions-that-worked", f"naomi.adler@{_AT}", "/actions/library"),
    Place("reviews", f"naomi.adler@{_AT}", "/reviews"),
    Place("reviews-of-a-rep", f"noor.haddad@{_AT}", "/reviews"),
    Place("review", f"dilara.aksoy@{_AT}", "/reviews", _OPEN),
    Place(
        "review-shared", f"dilara.aksoy@{_AT}", "/reviews", _OPEN, "?kpi=lead_to_opportunity_rate"
    ),
    Place("review-to-approve", f"naomi.adler@{_AT}", "/reviews", _OPEN),
    Place(
        "review-signed-off",
        f"dilara.aksoy@{_AT}",
        "/reviews",
        _PAST,
        "?kpi=lead_to_opportunity_rate",
    ),
    Place("review-meeting", f"naomi.adler@{_AT}", "/reviews", _OPEN, "/meeting"),
    Place("review-pack", f"naomi.adler@{_AT}", "/reviews", _OPEN, "/pack"),
    Place("review-minutes", f"naomi.adler@{_AT}", "/reviews", _PAST, "/minutes"),
    Place(
        "action", f"dilara.aksoy@{_AT}", "/actions", "main a[href^='/actions/']:not([href*=new])"
    ),
    Place("cycle-form", f"naomi.adler@{_AT}", "/reviews/cycles/new"),
    Place("imports", f"tomasz.zielinski@{_AT}", "/imports"),
    Place("people", f"ruth.castellan@{_AT}", "/admin"),
    Place("company", f"ruth.castellan@{_AT}", "/admin/company"),
    Place("company-with-its-own", "tove.berg@ravenstack.example", "/admin/company"),
    Place("audit-log", f"ruth.castellan@{_AT}", "/admin/audit"),
    Place("inbox", f"ben.achterberg@{_AT}", "/inbox"),
    Place("inbox-of-a-leader", f"rafael.montes@{_AT}", "/inbox?show=all"),
    Place("sign-in", f"ruth.castellan@{_AT}", "/admin/sign-in"),
    Place("account", f"noor.haddad@{_AT}", "/account"),
    Place("without-sellers", "edda.ravn@ravenstack.example", "/"),
    Place("without-numbers", "ida.holm@ravenstack.example", "/"),
)
"""Add a page here when it gets one: it is then tried by all that looks at every page."""
