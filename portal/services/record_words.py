"""What the columns of records are called, in the reader's language."""

from collections.abc import Mapping

from kpi_engine.language import trc


def head(column: str) -> str:
    """Return what a column is called: 'Created' for `created_at`."""
    name = column.removesuffix(".name").removesuffix("_at").removesuffix("_on")
    told = name.replace(".", " ").replace("_", " ").capitalize()
    return _heads().get(told, told)


def _heads() -> Mapping[str, str]:
    return {
        "Account": trc("column of records", "Account"),
        "Active users": trc("column of records", "Active users"),
        "Amount": trc("column of records", "Amount"),
        "Amount due": trc("column of records", "Amount due"),
        "Amount renewed": trc("column of records", "Amount renewed"),
        "Budget": trc("column of records", "Budget"),
        "Campaign": trc("column of records", "Campaign"),
        "Category": trc("column of records", "Category"),
        "Changed": trc("column of records", "Changed"),
        "Channel": trc("column of records", "Channel"),
        "Closed": trc("column of records", "Closed"),
        "Company": trc("column of records", "Company"),
        "Completed": trc("column of records", "Completed"),
        "Cost": trc("column of records", "Cost"),
        "Count": trc("column of records", "Count"),
        "Created": trc("column of records", "Created"),
        "Decided": trc("column of records", "Decided"),
        "Due": trc("column of records", "Due"),
        "Ended": trc("column of records", "Ended"),
        "Events": trc("column of records", "Events"),
        "Feature": trc("column of records", "Feature"),
        "First response": trc("column of records", "First response"),
        "From stage": trc("column of records", "From stage"),
        "Industry": trc("column of records", "Industry"),
        "Kind": trc("column of records", "Kind"),
        "Kpi": trc("column of records", "Kpi"),
        "Last name": trc("column of records", "Last name"),
        "Lead": trc("column of records", "Lead"),
        "Lead source": trc("column of records", "Lead source"),
        "List price": trc("column of records", "List price"),
        "Mrr": trc("column of records", "Mrr"),
        "Name": trc("column of records", "Name"),
        "Occurred": trc("column of records", "Occurred"),
        "Opportunity": trc("column of records", "Opportunity"),
        "Outcome": trc("column of records", "Outcome"),
        "Owner": trc("column of records", "Owner"),
        "Period start": trc("column of records", "Period start"),
        "Plan": trc("column of records", "Plan"),
        "Priority": trc("column of records", "Priority"),
        "Product": trc("column of records", "Product"),
        "Region": trc("column of records", "Region"),
        "Resolved": trc("column of records", "Resolved"),
        "Role": trc("column of records", "Role"),
        "Satisfaction": trc("column of records", "Satisfaction"),
        "Score": trc("column of records", "Score"),
        "Segment": trc("column of records", "Segment"),
        "Stage": trc("column of records", "Stage"),
        "Started": trc("column of records", "Started"),
        "Status": trc("column of records", "Status"),
        "Step": trc("column of records", "Step"),
        "Steps": trc("column of records", "Steps"),
        "Submitted": trc("column of records", "Submitted"),
        "Team": trc("column of records", "Team"),
        "Title": trc("column of records", "Title"),
        "To stage": trc("column of records", "To stage"),
    }
