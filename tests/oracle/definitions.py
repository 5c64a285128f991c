"""Random measures of every kind over the entities of the CRM."""

from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from kpi_engine.crm.derived import columns_of
from kpi_engine.crm.entities import ENTITIES, ColumnType
from kpi_engine.definitions.described import Better, Department, KpiClass, Stage, Timing
from kpi_engine.definitions.expressions import Expression, parse
from kpi_engine.definitions.kinds import (
    Aggregate,
    Balance,
    Cohort,
    Duration,
    First,
    FirstTouch,
    Formula,
    Health,
    Kpi,
    KpiKey,
    Measure,
    Paired,
    RankAccuracy,
    Ratio,
    Rolling,
    Slipped,
    Stock,
    ToDate,
)
from kpi_engine.definitions.takes import (
    At,
    BalanceTake,
    Clock,
    HealthComponent,
    HealthPart,
    HealthTake,
    PairTake,
    Span,
    SpanUnit,
    Take,
    Within,
)
from kpi_engine.periods import Grain
from kpi_engine.units import Unit

PLACED = {
    "opportunity": (
        "created_at",
        "closed_at",
        "expected_close_on",
        "coalesce(closed_at, created_at)",
    ),
    "lead": ("created_at", "converted_at"),
    "activity": ("created_at", "coalesce(completed_at, created_at)"),
    "ticket": ("created_at", "resolved_at"),
    "touch": ("occurred_at",),
    "subscription": ("started_on", "ended_on"),
    "renewal": ("due_on",),
    "usage": ("occurred_on",),
    "mrr_movement": ("occurred_on",),
    "campaign": ("started_on",),
    "stage_change": ("changed_at",),
    "onboarding": ("started_at",),
    "forecast": ("period_start_on",),
    "quota": ("period_start_on",),
}
"""What may place the records of an entity in a period."""
FILTERS = {
    "opportunity": (
        "status = 'won'",
        "status in ('won', 'lost')",
        "not stage_is_mapped",
        "entered_proposal",
        "account.region = 'East' or amount >= 1000",
        "owner.team_id = '1'",
        "kind != 'new'",
        "not (lower(lead_source) = 'web')",
        "lead_source like 'W%'",
        "forecast_category = 'commit' and amount is not null",
        "date_diff('day', created_at, closed_at) between 1 and 31",
        "expected_close_on <= closed_at",
        "date_add('day', 2, created_at) < closed_at",
        "stage_order > 1",
        "lead.created_at is not null",
    ),
    "lead": ("score >= 50", "qualified_at is not null", "campaign.channel = 'x'"),
    "activity": (
        "kind = 'call'",
        "kind in ('meeting', 'demo') and outcome = 'held'",
        "coalesce(automated, false) = false",
        "completed_at <= due_at",
        "opportunity.status = 'won'",
    ),
    "ticket": (
        "is_complaint",
        "satisfaction >= 4 or is_satisfied",
        "reopened_count > 0",
        "date_diff('minute', created_at, resolved_at) <= sla_resolution_minutes",
        "account.segment = 'small'",
    ),
    "touch": ("kind = 'visited'", "is_delivered", "kind in ('sent', 'delivered')"),
    "subscription": ("running_mrr > 0", "not is_trial", "account.industry = 'steel'"),
    "renewal": ("outcome = 'renewed'", "subscription.running_mrr >= 100"),
    "usage": ("by_customer",),
    "mrr_movement": ("kind in ('new', 'expansion')",),
    "campaign": ("channel = 'x'",),
    "stage_change": ("opportunity.status = 'open'", "to_stage = 'Proposal sent'"),
    "onboarding": ("completed_at is not null", "account.plan = 'x'"),
    "forecast": ("is_opening", "is_opening and period_grain = 'month'"),
    "quota": ("in_force and kpi = 'won_revenue'", "in_force and kpi = 'won_deals'"),
}
NUMBERS = {
    "opportunity": ("amount", "probability", "amount * stage_probability", "abs(amount - 100) / 3"),
    "lead": ("score",),
    "activity": ("date_diff('hour', created_at, completed_at)",),
    "ticket": ("satisfaction", "agent_replies", "sla_resolution_minutes"),
    "touch": ("quantity", "count"),
    "subscription": ("running_mrr", "mrr", "seats"),
    "renewal": ("amount_due", "coalesce(amount_renewed, 0)"),
    "usage": ("events", "active_users"),
    "mrr_movement": ("amount",),
    "campaign": ("cost", "budget"),
    "stage_change": ("amount", "opportunity.amount"),
    "onboarding": ("steps",),
    "forecast": ("amount",),
    "quota": ("amount",),
}
TEXTS = {
    "opportunity": ("account_id", "stage"),
    "touch": ("campaign_id", "kind"),
    "usage": ("account_day", "feature"),
    "ticket": ("account_id",),
}
SPANS = {
    "opportunity": (("created_at", "closed_at"), ("created_at", "expected_close_on")),
    "ticket": (("created_at", "first_response_at"), ("created_at", "resolved_at")),
    "onboarding": (("started_at", "completed_at"),),
    "subscription": (("started_on", "ended_on"),),
    "activity": (("created_at", "completed_at"), ("due_at", "completed_at")),
}
REACHES = {
    "lead": (("created_at", "converted_at"), ("created_at", "qualified_at")),
    "opportunity": (("created_at", "closed_at"), ("created_at", "expected_close_on")),
    "onboarding": (("started_at", "completed_at"),),
    "subscription": (("started_on", "ended_on"), ("started_on", "renewal_due_on")),
}
STANDS = {
    "opportunity": ("created_at", "closed_at"),
    "ticket": ("created_at", "coalesce(closed_at, resolved_at)"),
    "subscription": ("started_on", "ended_on"),
    "campaign": ("started_on", "ended_on"),
}
TOUCHED = (
    ("activity", "created_at", "lead", "id", "lead_id", "created_at"),
    (
        "activity",
        "coalesce(completed_at, created_at)",
        "ticket",
        "account_id",
        "account_id",
        "created_at",
    ),
    ("usage", "occurred_on", "subscription", "account_id", "account_id", "started_on"),
)


@lru_cache(maxsize=10_000)
def read(entity: str, text: str, wants: ColumnType | None = None) -> Expression:
    """Return the expression that an entity's definition would hold."""
    return parse(text, columns_of(entity), wants=wants)


def one_of(values: Any) -> st.SearchStrategy[Any]:
    """Any of these."""
    return st.sampled_from(tuple(values))


def filters(entity: str) -> st.SearchStrategy[Expression | None]:
    """A filter over the entity, or none. Quotas are always asked for those in force."""
    found = one_of(FILTERS[entity]).map(lambda text: read(entity, text, ColumnType.BOOLEAN))
    return found if entity == "quota" else st.one_of(st.none(), found)


def ons(entity: str) -> st.SearchStrategy[Expression]:
    """What places the entity's records."""
    return one_of(PLACED[entity]).map(lambda text: read(entity, text))


@st.composite
def aggregates(draw: st.DrawFn, entities: tuple[str, ...] = tuple(PLACED)) -> Aggregate:
    """Aggregates of every take."""
    entity = draw(one_of(entities))
    takes = [take for take in Take if take is not Take.DISTINCT or entity in TEXTS]
    take = draw(one_of(takes))
    value = None
    if take is Take.DISTINCT:
        value = read(entity, draw(one_of(TEXTS[entity])))
    elif take is not Take.COUNT:
        value = read(entity, draw(one_of(NUMBERS[entity])), ColumnType.NUMBER)
    return Aggregate(entity, take, value, draw(filters(entity)), draw(ons(entity)))


SUMMARIES = (Take.MEDIAN, Take.MEAN, Take.P90, Take.MIN, Take.MAX)
LIMITS = (Span(4, SpanUnit.HOUR), Span(1, SpanUnit.DAY), Span(7, SpanUnit.DAY))


def takes() -> st.SearchStrategy[Take | Within]:
    """What a duration may be told as."""
    return st.one_of(one_of(SUMMARIES), one_of(LIMITS).map(Within))


def clocks() -> st.SearchStrategy[Clock]:
    """Any time, or business hours."""
    return one_of((Clock.CALENDAR, Clock.CALENDAR, Clock.CALENDAR, Clock.BUSINESS))


@st.composite
def durations(draw: st.DrawFn) -> Duration:
    """Durations of every take and clock, some between a time and a date."""
    entity = draw(one_of(SPANS))
    start, end = draw(one_of(SPANS[entity]))
    on = draw(one_of((start, end)))
    return Duration(
        entity,
        read(entity, start),
        read(entity, end),
        draw(takes()),
        read(entity, on),
        draw(filters(entity)),
        draw(clocks()),
    )


@st.composite
def cohorts(draw: st.DrawFn) -> Cohort:
    """Cohorts with a window, and without."""
    entity = draw(one_of(REACHES))
    on, reaches = draw(one_of(REACHES[entity]))
    windows = (None, Span(1, SpanUnit.DAY), Span(7, SpanUnit.DAY), Span(30, SpanUnit.DAY))
    return Cohort(
        entity,
        read(entity, on),
        read(entity, reaches),
        draw(one_of(windows)),
        draw(filters(entity)),
    )


@st.composite
def stocks(draw: st.DrawFn) -> Stock:
    """Stocks of every take, read at the start, the end or the mean day."""
    entity = draw(one_of(STANDS))
    opened, closed = STANDS[entity]
    take = draw(one_of((Take.COUNT, Take.SUM, Take.MEAN, Take.MAX)))
    value = None
    if take is not Take.COUNT:
        value = read(entity, draw(one_of(NUMBERS[entity])), ColumnType.NUMBER)
    return Stock(
        entity,
        take,
        read(entity, opened),
        read(entity, closed),
        value,
        draw(filters(entity)),
        draw(one_of(At if take in (Take.COUNT, Take.SUM) else (At.END, At.START))),
    )


def balances() -> st.SearchStrategy[Balance]:
    """Balances of running revenue, of every take."""
    return st.builds(
        Balance,
        st.just("subscription"),
        st.just(read("subscription", "running_mrr")),
        st.just(read("subscription", "started_on")),
        st.just(read("subscription", "ended_on")),
        st.just("account_id"),
        one_of(BalanceTake),
        filters("subscription"),
    )


def firsts() -> st.SearchStrategy[First]:
    """The first moment of accounts, owners and campaigns."""
    shapes = (
        ("subscription", "account_id", "started_on"),
        ("opportunity", "owner_id", "created_at"),
        ("activity", "account_id", "created_at"),
    )
    return one_of(shapes).flatmap(
        lambda shape: st.builds(
            First,
            st.just(shape[0]),
            st.just(shape[1]),
            st.just(read(shape[0], shape[2])),
            filters(shape[0]),
        )
    )


@st.composite
def first_touches(draw: st.DrawFn) -> FirstTouch:
    """Waits for a first touch, by id and by a shared account, of times and of dates."""
    first, at, of, key, by, after = draw(one_of(TOUCHED))
    return FirstTouch(
        first,
        read(first, at),
        of,
        key,
        by,
        read(of, after),
        draw(takes()),
        draw(filters(first)),
        draw(filters(of)),
        draw(clocks()),
    )


def pairs() -> st.SearchStrategy[Paired]:
    """Actual against forecast, of both takes."""
    actual = Aggregate(
        "opportunity",
        Take.SUM,
        read("opportunity", "amount"),
        read("opportunity", "status = 'won'"),
        read("opportunity", "closed_at"),
    )
    forecasts = ("is_opening", "is_opening and period_grain = 'month'")
    return st.builds(
        lambda where, take: Paired(
            actual,
            Aggregate(
                "forecast",
                Take.SUM,
                read("forecast", "amount"),
                read("forecast", where),
                read("forecast", "period_start_on"),
            ),
            take,
        ),
        one_of(forecasts),
        one_of(PairTake),
    )


def ranks() -> st.SearchStrategy[RankAccuracy]:
    """How well the lead score ranks, with a floor that small CRMs reach."""
    return st.builds(
        RankAccuracy,
        st.just("lead"),
        st.just(read("lead", "score")),
        one_of(("converted_at is not null", "score > 10 and converted_at is not null")).map(
            lambda text: read("lead", text, ColumnType.BOOLEAN)
        ),
        st.just(read("lead", "created_at")),
        filters("lead"),
        one_of((1, 2, 4)),
    )


def slips() -> st.SearchStrategy[Slipped]:
    """Deals whose expected close moved out of the period."""
    return st.builds(
        Slipped,
        st.just("opportunity"),
        st.just("expected_close_on"),
        st.just(read("opportunity", "created_at")),
        st.just(read("opportunity", "closed_at")),
        filters("opportunity"),
    )


def healths() -> st.SearchStrategy[Health]:
    """Health of customers from some of the components."""
    scales = {
        HealthPart.USAGE: (0, 2),
        HealthPart.TICKETS: (3, 0),
        HealthPart.SATISFACTION: (1, 5),
        HealthPart.RENEWAL: (0, 1),
        HealthPart.CONTACT: (30, 0),
    }
    components = st.lists(one_of(HealthPart), min_size=1, max_size=5, unique=True).map(
        lambda parts: tuple(
            HealthComponent(part, 1.0 + place, *scales[part], 7 if place else 30)
            for place, part in enumerate(parts)
        )
    )
    return st.builds(Health, one_of(HealthTake), components, one_of((40.0, 60.0)))


def ratios() -> st.SearchStrategy[Ratio]:
    """Ratios of sums and counts, of one entity and of two."""
    additive = aggregates(("opportunity", "touch", "lead", "activity", "campaign", "renewal"))
    return st.builds(Ratio, additive, additive)


def formulas() -> st.SearchStrategy[Formula]:
    """Formulas on parts that may be empty, absent or zero."""
    names = {"x": ColumnType.NUMBER, "y": ColumnType.NUMBER}
    texts = ("x * y", "x / y", "x - y", "(x + 1) / (y - 1)", "coalesce(x, 0) + 2 * y")
    part = st.one_of(aggregates(("opportunity", "lead")), ratios(), durations())
    return st.builds(
        lambda text, x, y: Formula(
            parse(text, names, wants=ColumnType.NUMBER), (("x", x), ("y", y))
        ),
        one_of(texts),
        part,
        part,
    )


def rollings() -> st.SearchStrategy[Rolling]:
    """Trailing windows of months, weeks and days."""
    spans = (
        Span(3, SpanUnit.MONTH),
        Span(1, SpanUnit.YEAR),
        Span(10, SpanUnit.DAY),
        Span(2, SpanUnit.WEEK),
        Span(1, SpanUnit.QUARTER),
    )
    inner = st.one_of(aggregates(("opportunity", "activity")), ratios(), firsts(), durations())
    months = (Span(3, SpanUnit.MONTH), Span(12, SpanUnit.MONTH))
    return st.one_of(
        st.builds(Rolling, inner, one_of(spans)), st.builds(Rolling, balances(), one_of(months))
    )


def to_dates() -> st.SearchStrategy[ToDate]:
    """Running totals in a longer period."""
    inner = st.one_of(aggregates(("opportunity", "activity", "renewal")), ratios())
    return st.builds(ToDate, inner, one_of((SpanUnit.MONTH, SpanUnit.QUARTER, SpanUnit.YEAR)))


KINDS: dict[str, st.SearchStrategy[Measure]] = {
    "aggregate": aggregates(),
    "duration": durations(),
    "ratio": ratios(),
    "cohort": cohorts(),
    "stock": stocks(),
    "balance": balances(),
    "first": firsts(),
    "first touch": first_touches(),
    "paired": pairs(),
    "rank accuracy": ranks(),
    "slipped": slips(),
    "health": healths(),
    "formula": formulas(),
    "rolling": rollings(),
    "to date": to_dates(),
}


def a_kpi(measure: Measure, unit: Unit = Unit.HOURS, key: str = "asked") -> Kpi:
    """Return a KPI around a measure, with nothing else worth saying."""
    return Kpi(
        key=KpiKey(key),
        name=key,
        question="How much?",
        description="A KPI of a test.",
        kpi_class=KpiClass.OUTCOME,
        stage=Stage.SALES,
        department=Department.SALES,
        timing=Timing.LAGGING,
        unit=unit,
        better=Better.HIGHER,
        cadence=Grain.DAY,
        measure=measure,
        source="a test",
    )


def entities_of(measure: object) -> dict[str, int]:
    """Return every entity that bears on the measure, with how many records it should have.

    Most for those that it reads, fewer for those that they refer to.
    """
    read_from = named_by(measure)
    if "onboarding" in read_from:
        read_from = read_from - {"onboarding"} | {"onboarding_step"}
    beside = {"user", "team"}
    for derived, needed in (("usage", "subscription"), ("opportunity", "stage_change")):
        beside |= {needed} if derived in read_from else set()
    for entity in read_from:
        columns = ENTITIES[entity].columns
        beside |= {column.refers for column in columns if column.refers not in (None, "contact")}
    return dict.fromkeys(beside, 3) | dict.fromkeys(read_from, 8)


def named_by(measure: object) -> set[str]:
    """Return the entities that a measure names, however deep."""
    if isinstance(measure, Health):
        return {"subscription", "account", "usage", "ticket", "renewal", "activity"}
    found = {
        name
        for field in ("entity", "first", "of")
        if isinstance(name := getattr(measure, field, None), str)
    }
    parts = [getattr(measure, name, None) for name in ("over", "under", "actual", "forecast")]
    parts += [getattr(measure, "measure", None)]
    if isinstance(measure, Formula):
        parts += [part for _, part in measure.of]
    for part in parts:
        if part is not None and not isinstance(part, Span):
            found |= named_by(part)
    return found | ({"stage_change"} if isinstance(measure, Slipped) else set())
