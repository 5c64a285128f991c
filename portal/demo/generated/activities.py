"""All activities as records, in the order of time."""

import numpy as np

from portal.demo.generated.clock import Clock
from portal.demo.generated.companies import Companies
from portal.demo.generated.contact import deal_contacts, lead_contacts, pushed_calls
from portal.demo.generated.customers import Customers
from portal.demo.generated.deals import Deals
from portal.demo.generated.draws import Ints
from portal.demo.generated.leads import Leads
from portal.demo.generated.stories import Stories
from portal.demo.generated.tables import Table, ids, stacked
from portal.demo.generated.tasks import (
    customer_contacts,
    done_tasks,
    meetings_ahead,
    open_tasks,
)


def activities(
    leads: Leads, deals: Deals, customers: Customers, firms: Companies, stories: Stories
) -> Table:
    """Everything that people did and plan to do."""
    clock = stories.clock
    done = [*lead_contacts(leads, clock), *deal_contacts(deals, stories)]
    parts = [
        *done,
        pushed_calls(done, firms, stories),
        done_tasks(deals, clock),
        open_tasks(deals, clock),
        meetings_ahead(deals, clock),
        customer_contacts(customers, clock),
    ]
    return _records(stacked(parts), clock)


def _records(found: Table, clock: Clock) -> Table:
    order = np.argsort(found["created"], kind="stable")
    account = found["account"][order]
    return {
        "id": ids("Y", np.arange(len(order))),
        "kind": _sorted(found["kind"], order),
        "direction": _sorted(found["direction"], order),
        "owner_id": _sorted(found["owner_id"], order),
        "lead_id": ids("L", found["lead"][order]),
        "contact_id": ids("C", account),
        "account_id": ids("A", account),
        "opportunity_id": ids("D", found["deal"][order]),
        "created_at": clock.moments(found["created"][order]),
        "due_at": clock.moments(found["due"][order]),
        "completed_at": clock.moments(found["completed"][order]),
        "outcome": _sorted(found["outcome"], order),
        "automated": _sorted(found["automated"], order),
        "subject": _sorted(found["subject"], order),
    }


def _sorted(values: list[object], order: Ints) -> list[object]:
    return [values[n] for n in order]
