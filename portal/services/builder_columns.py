"""What the columns of records are called among people."""

from collections.abc import Mapping

from kpi_engine.language import SOURCE, mark, spoken, tr, trc
from portal.services.catalogue_words import begun_small, inside

_COLUMNS: Mapping[str, str] = {
    "id": mark("Record (each once)"),
    "name": mark("Name"),
    "parent_id": mark("Parent"),
    "manager_id": mark("Manager"),
    "region": mark("Region"),
    "email": mark("Email"),
    "team_id": mark("Team"),
    "role": mark("Role"),
    "active": mark("Active"),
    "list_price": mark("List price"),
    "domain": mark("Domain"),
    "industry": mark("Industry"),
    "country": mark("Country"),
    "employees": mark("Employees"),
    "owner_id": mark("Owner"),
    "segment": mark("Segment"),
    "lifecycle": mark("Lifecycle"),
    "created_at": mark("Created at"),
    "updated_at": mark("Updated at"),
    "account_id": mark("Account"),
    "first_name": mark("First name"),
    "last_name": mark("Last name"),
    "phone": mark("Phone"),
    "last_activity_at": mark("Last activity at"),
    "company": mark("Company"),
    "lead_source": mark("Lead source"),
    "campaign_id": mark("Campaign"),
    "status": mark("Status"),
    "qualified_at": mark("Qualified at"),
    "disqualified_at": mark("Disqualified at"),
    "disqualified_reason": mark("Disqualified reason"),
    "converted_at": mark("Converted at"),
    "opportunity_id": mark("Opportunity"),
    "lead_id": mark("Lead"),
    "product_id": mark("Product"),
    "stage": mark("Stage"),
    "amount": mark("Amount"),
    "currency": mark("Currency"),
    "probability": mark("Probability"),
    "forecast_category": mark("Forecast category"),
    "kind": mark("Kind"),
    "expected_close_on": mark("Expected close on"),
    "closed_at": mark("Closed at"),
    "lost_reason": mark("Lost reason"),
    "next_step": mark("Next step"),
    "stage_order": mark("Stage order"),
    "stage_probability": mark("Stage probability"),
    "stage_is_mapped": mark("Stage is mapped"),
    "entered_proposal": mark("Entered proposal"),
    "from_stage": mark("From stage"),
    "to_stage": mark("To stage"),
    "changed_at": mark("Changed at"),
    "changed_by_id": mark("Changed by"),
    "direction": mark("Direction"),
    "contact_id": mark("Contact"),
    "due_at": mark("Due at"),
    "completed_at": mark("Completed at"),
    "outcome": mark("Outcome"),
    "automated": mark("Automated"),
    "channel": mark("Channel"),
    "started_on": mark("Started on"),
    "ended_on": mark("Ended on"),
    "budget": mark("Budget"),
    "cost": mark("Cost"),
    "occurred_at": mark("Occurred at"),
    "count": mark("Count"),
    "quantity": mark("Quantity"),
    "is_delivered": mark("Is delivered"),
    "category": mark("Category"),
    "priority": mark("Priority"),
    "is_complaint": mark("Is complaint"),
    "first_response_at": mark("First response at"),
    "resolved_at": mark("Resolved at"),
    "reopened_count": mark("Reopened count"),
    "agent_replies": mark("Agent replies"),
    "sla_first_response_minutes": mark("Sla first response minutes"),
    "sla_resolution_minutes": mark("Sla resolution minutes"),
    "satisfaction": mark("Satisfaction"),
    "is_satisfied": mark("Is satisfied"),
    "first_response_limit_passed": mark("First response limit passed"),
    "resolution_limit_passed": mark("Resolution limit passed"),
    "renewal_due_on": mark("Renewal due on"),
    "mrr": mark("Recurring revenue a month (MRR)"),
    "seats": mark("Seats"),
    "is_trial": mark("Is trial"),
    "running_mrr": mark("MRR while it runs, trials as 0"),
    "subscription_id": mark("Subscription"),
    "occurred_on": mark("Occurred on"),
    "due_on": mark("Due on"),
    "decided_on": mark("Decided on"),
    "amount_due": mark("Amount due"),
    "amount_renewed": mark("Amount renewed"),
    "feature": mark("Feature"),
    "events": mark("Events"),
    "active_users": mark("Active users"),
    "by_customer": mark("By customer"),
    "account_day": mark("Account day"),
    "step": mark("Step"),
    "required": mark("Required"),
    "started_at": mark("Started at"),
    "period_start_on": mark("Period start on"),
    "period_grain": mark("Period grain"),
    "submitted_at": mark("Submitted at"),
    "is_opening": mark("Is the opening forecast"),
    "kpi": mark("Kpi"),
    "in_force": mark("Counts for the question"),
    "steps": mark("Steps"),
}
_HOPS: Mapping[str, str] = {
    "account": mark("Account"),
    "campaign": mark("Campaign"),
    "changed_by": mark("Changed by"),
    "contact": mark("Contact"),
    "lead": mark("Lead"),
    "manager": mark("Manager"),
    "opportunity": mark("Opportunity"),
    "owner": mark("Owner"),
    "parent": mark("Parent"),
    "product": mark("Product"),
    "subscription": mark("Subscription"),
    "team": mark("Team"),
}
_RECORD: Mapping[str, str] = {
    "account": mark("Account"),
    "activity": mark("Activity"),
    "campaign": mark("Campaign"),
    "contact": mark("Contact"),
    "forecast": mark("Forecast"),
    "lead": mark("Lead"),
    "opportunity": mark("Opportunity"),
    "product": mark("Product"),
    "quota": mark("Quota"),
    "renewal": mark("Renewal"),
    "subscription": mark("Subscription"),
    "ticket": mark("Ticket"),
    "touch": mark("Touch"),
}


def column_words(name: str) -> str:
    """Return what a column is called among people: 'Closed at', 'Account: industry'."""
    hop, _, far = name.rpartition(".")
    words = _word(far)
    if not hop:
        return words
    return f"{tr(_HOPS.get(hop) or _spelt(hop))}: {begun_small(words)}"


def column_inside(name: str) -> str:
    """Return what a column is called within a sentence: 'amount', 'list price'."""
    return name.replace("_", " ") if spoken() == SOURCE else _word(name)


def group_of(hop: str) -> str:
    """Return the heading of the columns that are one step from a record: 'Of its account'."""
    return tr("Of its {record}", record=inside(tr(_HOPS.get(hop) or _spelt(hop))))


def record_word(entity: str) -> str:
    """Return what one record of an entity is called."""
    return tr(_RECORD.get(entity, entity.capitalize()))


def _word(name: str) -> str:
    if name in _SEVERAL:
        return _of_several(name)
    return tr(_COLUMNS.get(name) or _spelt(name.removesuffix("_id")))


def _spelt(name: str) -> str:
    return name.replace("_", " ").capitalize()


_SEVERAL = frozenset({"plan", "title", "score"})
"""Columns whose English words mean several things."""


def _of_several(name: str) -> str:
    return {
        "plan": trc("column of records", "Plan"),
        "title": trc("column of records", "Title"),
        "score": trc("column of records", "Score"),
    }[name]
