"""How each field is to be filled in, in words for those who do it: the entry standard."""

from collections.abc import Mapping

from kpi_engine.crm.entities import ColumnType
from portal.services.data_needs import Need

_ONES: Mapping[tuple[str, str], str] = {
    ("opportunity", "stage"): "Moved on the day the deal moves; every stage is in the stage map.",
    ("opportunity", "closed_at"): "The moment the deal was won or lost; empty while it is open.",
    ("opportunity", "created_at"): "When the deal was first written down; never changed.",
    (
        "opportunity",
        "expected_close_on",
    ): "The day it is honestly expected; moved as soon as known.",
    (
        "opportunity",
        "amount",
    ): "The value in the company's currency, before tax, from the offer on.",
    ("opportunity", "kind"): "New, expansion or renewal; chosen when the deal is made.",
    ("opportunity", "lead_id"): "The lead it came from; set when the lead is converted.",
    ("opportunity", "lost_reason"): "One reason from the list, on the day it is lost.",
    ("lead", "created_at"): "When the lead came in, by the system and not by hand.",
    ("lead", "qualified_at"): "The moment sales accepts it; empty until then.",
    ("lead", "converted_at"): "The moment it became a deal; empty until then.",
    ("lead", "score"): "The model's score at the time; never set by hand.",
    ("lead", "lead_source"): "One source from the list, kept from the first contact on.",
    ("activity", "kind"): "Call, email, meeting, task, follow-up, demo or note.",
    ("activity", "created_at"): "When it took place or was planned; by the system where it can.",
    ("activity", "completed_at"): "When it was done; empty until it is.",
    ("activity", "due_at"): "When it is to be done; every task has one.",
    ("activity", "outcome"): "What came of it, one word from the list.",
    ("activity", "automated"): "True where no person did it.",
    ("ticket", "created_at"): "When the customer wrote, not when somebody opened it.",
    ("ticket", "first_response_at"): "When a person first answered; automatic mails don't count.",
    ("ticket", "resolved_at"): "When it was solved for the customer; set anew if it is reopened.",
    ("ticket", "satisfaction"): "The customer's own rating; empty where none was given.",
    ("subscription", "mrr"): "Recurring revenue a month in the company's currency.",
    ("subscription", "started_on"): "The first day that is paid for.",
    ("subscription", "ended_on"): "The day on which it is no longer paid for; empty while it runs.",
    ("renewal", "outcome"): "Renewed, churned or pending; decided on the day it is known.",
    ("campaign", "cost"): "What was spent in all, in the company's currency.",
    ("quota", "amount"): "What is to be reached in the period, in the unit of its KPI.",
}
_KINDS: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "One word from a list that everybody uses alike.",
    ColumnType.NUMBER: "A plain number; empty where it is not known, never 0 for that.",
    ColumnType.MONEY: "An amount in the company's currency; empty where it is not known.",
    ColumnType.INTEGER: "A whole number; empty where it is not known.",
    ColumnType.BOOLEAN: "Yes or no; empty counts as not known.",
    ColumnType.TIME: "The moment it happened, with its time zone.",
    ColumnType.DATE: "The day, as 2026-07-31.",
}


def standard_of(need: Need, kind: ColumnType, choices: tuple[str, ...]) -> str:
    """Return how a column is to be filled in."""
    found = _ONES.get((need.entity, need.column))
    if found is not None:
        return found
    if need.column.endswith("_id"):
        told = need.column.removesuffix("_id").replace("_", " ")
        return f"The {told} that it belongs to, by its id; one that there is."
    if choices:
        return f"One of {', '.join(choice.replace('_', ' ') for choice in choices[:8])}."
    return _KINDS[kind]
