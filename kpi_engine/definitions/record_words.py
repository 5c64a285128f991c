"""What the records of an entity are called, one and several, and lengths of time in words."""

from collections.abc import Mapping

from kpi_engine.definitions.takes import Span, SpanUnit
from kpi_engine.language import mark, tr, trn

_MANY: Mapping[str, str] = {
    "account": mark("accounts"),
    "activity": mark("activities"),
    "campaign": mark("campaigns"),
    "contact": mark("contacts"),
    "forecast": mark("forecasts"),
    "lead": mark("leads"),
    "mrr_movement": mark("MRR movements"),
    "onboarding": mark("onboarding"),
    "onboarding_step": mark("onboarding steps"),
    "opportunity": mark("opportunities"),
    "product": mark("products"),
    "quota": mark("quotas"),
    "renewal": mark("renewals"),
    "stage_change": mark("stage changes"),
    "subscription": mark("subscriptions"),
    "team": mark("teams"),
    "ticket": mark("tickets"),
    "touch": mark("touches"),
    "usage": mark("usage records"),
    "user": mark("users"),
}
_ONE: Mapping[str, str] = {
    "account": mark("account"),
    "activity": mark("activity"),
    "campaign": mark("campaign"),
    "contact": mark("contact"),
    "forecast": mark("forecast"),
    "lead": mark("lead"),
    "mrr_movement": mark("MRR movement"),
    "onboarding": mark("onboarding"),
    "onboarding_step": mark("onboarding step"),
    "opportunity": mark("opportunity"),
    "product": mark("product"),
    "quota": mark("quota"),
    "renewal": mark("renewal"),
    "stage_change": mark("stage change"),
    "subscription": mark("subscription"),
    "team": mark("team"),
    "ticket": mark("ticket"),
    "touch": mark("touch"),
    "usage": mark("usage record"),
    "user": mark("user"),
}


def one(name: str) -> str:
    """Return what one record of an entity is called: `activity`, `stage change`."""
    return tr(_ONE.get(name, _plain(name)))


def many(name: str) -> str:
    """Return what several records of an entity are called: `activities`, `stage changes`."""
    return tr(_MANY.get(name) or _plural(_plain(name)))


def span(length: Span) -> str:
    """Return a length of time in words."""
    count, figure = 1 if length.count == 1 else 2, f"{length.count:g}"
    told = {
        SpanUnit.MINUTE: trn("{count} minute", "{count} minutes", count, count=figure),
        SpanUnit.HOUR: trn("{count} hour", "{count} hours", count, count=figure),
        SpanUnit.DAY: trn("{count} day", "{count} days", count, count=figure),
        SpanUnit.WEEK: trn("{count} week", "{count} weeks", count, count=figure),
        SpanUnit.MONTH: trn("{count} month", "{count} months", count, count=figure),
        SpanUnit.QUARTER: trn("{count} quarter", "{count} quarters", count, count=figure),
        SpanUnit.YEAR: trn("{count} year", "{count} years", count, count=figure),
    }
    return told[length.unit]


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _plural(told: str) -> str:
    if told.endswith("y"):
        return f"{told[:-1]}ies"
    return f"{told}es" if told.endswith("ch") else f"{told}s"
