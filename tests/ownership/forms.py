"""What the tests of pages send and share."""

from portal.services import shares
from portal.services.ownership_changes import OwnerChange, set_owner
from portal.services.shares import NewSplit
from tests.ownership.company import TODAY, TRACE
from tests.ownership.test_shares import LEADS, part

PAGES = ("/framework", "/framework/owners", "/framework/catalogue")
FORMS = (
    *("/framework/goals/new", "/framework/kpis/win_rate/owner", "/framework/handover"),
    *("/framework/kpis/win_rate/shares", "/framework/kpis/win_rate/life"),
)


def shared(company):
    with company.desk() as desk:
        set_owner(desk, OwnerChange(LEADS, company.ids["dilara"], TODAY), TRACE)
        parts = (part(company, "dilara", 60), part(company, "katrin", 40))
        shares.set_shares(desk, NewSplit(LEADS, parts), TRACE)


def goal_fields(**more):
    told = {"name": "Win more", "question": "Do we?", "owner": "", "start": "2026-11-01"}
    return {**told, "end": "", "kpi": ["win_rate", ""], "weight": ["50", ""], **more}
