"""How each field is to be filled in, in words for those who do it: the entry standard."""

from collections.abc import Mapping

from kpi_engine.crm.entities import ColumnType
from kpi_engine.language import mark, tr
from portal.services.builder_columns import column_words
from portal.services.catalogue_words import inside
from portal.services.data_needs import Need

_ONES: Mapping[tuple[str, str], str] = {
    ("opportunity", "stage"): mark(
        "Moved on the day the deal moves; every stage is in the stage map."
    ),
    ("opportunity", "closed_at"): mark(
        "The moment the deal was won or lost; empty while it is open."
    ),
    ("opportunity", "created_at"): mark("When the deal was first written down; never changed."),
    (
        "opportunity",
        "expected_close_on",
    ): mark("The day it is honestly expected; moved as soon as known."),
    (
        "opportunity",
        "amount",
    ): mark("The value in the company's currency, before tax, from the offer on."),
    ("opportunity", "kind"): mark("New, expansion or renewal; chosen when the deal is made."),
    ("opportunity", "lead_id"): mark("The lead it came from; set when the lead is converted."),
    ("opportunity", "lost_reason"): mark("One reason from the list, on the day it is lost."),
    ("stage_change", "to_stage"): mark(
        "The stage that the deal came to; one change for each step, the first one too."
    ),
    ("stage_change", "changed_at"): mark("When the deal moved, by the system and not by hand."),
    ("lead", "created_at"): mark("When the lead came in, by the system and not by hand."),
    ("lead", "qualified_at"): mark("The moment sales accepts it; empty until then."),
    ("lead", "converted_at"): mark("The moment it became a deal; empty until then."),
    ("lead", "score"): mark("The model's score at the time; never set by hand."),
    ("lead", "lead_source"): mark("One source from the list, kept from the first contact on."),
    ("activity", "kind"): mark("Call, email, meeting, task, follow-up, demo or note."),
    ("activity", "created_at"): mark(
        "When it took place or was planned; by the system where it can."
    ),
    ("activity", "completed_at"): mark("When it was done; empty until it is."),
    ("activity", "due_at"): mark("When it is to be done; every task has one."),
    ("activity", "outcome"): mark("What came of it, one word from the list."),
    ("activity", "automated"): mark("True where no person did it."),
    ("ticket", "created_at"): mark("When the customer wrote, not when somebody opened it."),
    ("ticket", "first_response_at"): mark(
        "When a person first answered; automatic mails don't count."
    ),
    ("ticket", "resolved_at"): mark(
        "When it was solved for the customer; set anew if it is reopened."
    ),
    ("ticket", "satisfaction"): mark("The customer's own rating; empty where none was given."),
    ("subscription", "mrr"): mark("Recurring revenue a month in the company's currency."),
    ("subscription", "started_on"): mark("The first day that is paid for."),
    ("subscription", "ended_on"): mark(
        "The day on which it is no longer paid for; empty while it runs."
    ),
    ("renewal", "outcome"): mark("Renewed, churned or pending; decided on the day it is known."),
    ("campaign", "cost"): mark("What was spent in all, in the company's currency."),
    ("quota", "amount"): mark("What is to be reached in the period, in the unit of its KPI."),
}
_KINDS: Mapping[ColumnType, str] = {
    ColumnType.TEXT: mark("One word from a list that everybody uses alike."),
    ColumnType.NUMBER: mark("A plain number; empty where it is not known, never 0 for that."),
    ColumnType.MONEY: mark("An amount in the company's currency; empty where it is not known."),
    ColumnType.INTEGER: mark("A whole number; empty where it is not known."),
    ColumnType.BOOLEAN: mark("Yes or no; empty counts as not known."),
    ColumnType.TIME: mark("The moment it happened, with its time zone."),
    ColumnType.DATE: mark("The day, as 2026-07-31."),
}


def standard_of(need: Need, kind: ColumnType, choices: tuple[str, ...]) -> str:
    """Return how a column is to be filled in."""
    found = _ONES.get((need.entity, need.column))
    if found is not None:
        return tr(found)
    if need.column.endswith("_id"):
        return tr(
            "The {record} that it belongs to, by its id; one that there is.",
            record=inside(column_words(need.column)),
        )
    if choices:
        listed = ", ".join(choice.replace("_", " ") for choice in choices[:8])
        return tr("One of {choices}.", choices=listed)
    return tr(_KINDS[kind])
