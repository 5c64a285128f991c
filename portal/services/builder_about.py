"""The form of the KPI builder about a KPI: how it is told, what it is, in whose company."""

from collections.abc import Mapping
from dataclasses import replace

from kpi_engine.definitions.described import Better, Department, KpiClass, Stage, Timing
from kpi_engine.language import mark, tr, trc
from kpi_engine.periods import Grain
from kpi_engine.units import Unit
from portal.readmodels.builder import Field, Section
from portal.services import catalogue_words, goals
from portal.services.builder_fields import unit_words
from portal.services.builder_sections import Fielder, Pairs
from portal.services.builder_texts import key_of, unit_of
from portal.services.desks import Desk

_BETTER = (
    ("higher", mark("Higher")),
    ("lower", mark("Lower")),
    ("range", mark("Within a range")),
)
_SAYS_CLASS = {
    "activity": mark("Activity: the effort"),
    "quality": mark("Quality: what the effort is worth"),
    "outcome": mark("Outcome: the result"),
}
_SAYS_TIMING = {
    "leading": mark("Leading: before the result"),
    "lagging": mark("Lagging: after the result"),
}


def sections(desk: Desk, fielder: Fielder, *, kpi: str) -> tuple[Section, ...]:
    """Return the sections about a KPI; `kpi` is the one whose next version it is, if any."""
    form = fielder.form
    unit = unit_of(form)
    usual = tr("Choose")
    if unit in list(Unit):
        usual = tr("Usual: {usual}", usual=catalogue_words.inside(unit_words(Unit(unit))))
    told = (
        fielder.choice("unit", tr("Unit"), [(one, unit_words(one)) for one in Unit], empty=usual),
        fielder.choice("better", tr("What is better"), _better(), usual=Better.HIGHER),
        fielder.choice("cadence", tr("Finest period"), _grains(), usual=Grain.MONTH),
    )
    key = Field("key", tr("Key"), form.get("key"), error=fielder.errors.get("key", ""))
    hint = (
        ""
        if kpi
        else tr(
            "For files and addresses; it never changes. Usual: {usual}.",
            usual=key_of(form) or tr("from the name"),
        )
    )
    is_about = (
        fielder.text("name", tr("Name"), longest=120),
        replace(key, hint=hint, fixed=bool(kpi), longest=64),
        fielder.text("question", tr("Business question"), wide=True, longest=500),
        fielder.text(
            "description", tr("Who is in it, and who is not"), area=True, wide=True, longest=4_000
        ),
        fielder.choice(
            "class", tr("Class"), _pairs(KpiClass, _SAYS_CLASS), empty=tr("Choose a class")
        ),
        fielder.choice(
            "stage", tr("Stage of the journey"), _pairs(Stage), empty=tr("Choose a stage")
        ),
        fielder.choice("department", tr("Department"), _pairs(Department), empty=tr("Choose")),
        fielder.choice("timing", tr("Timing"), _pairs(Timing, _SAYS_TIMING), usual=Timing.LAGGING),
    )
    return (
        Section(tr("How it is told"), "", told),
        Section(tr("What it is"), "", is_about),
        _company(desk, fielder),
    )


def _company(desk: Desk, fielder: Fielder) -> Section:
    served = [
        (goal.key, goal.name) for goal in goals.goals(desk.session, desk.catalogue, desk.today)
    ]
    fields = [
        fielder.choice("goal", tr("Goal that it serves"), served, empty=trc("goal", "None")),
        fielder.text("source", tr("Source of the definition"), longest=2_000),
        *(
            fielder.choice(
                f"guardrail_{at}",
                tr("Guardrail {number}", number=at),
                fielder.kpis,
                empty=trc("guardrail", "None"),
            )
            for at in (1, 2, 3)
        ),
        *(
            fielder.choice(
                f"drives_{at}",
                tr("Drives {number}", number=at),
                fielder.kpis,
                empty=trc("KPI", "None"),
            )
            for at in (1, 2, 3)
        ),
    ]
    sub = tr("A guardrail must not worsen while this improves. Only a leading KPI drives others.")
    return Section(tr("In company with"), sub, tuple(fields))


def _pairs(
    kind: type[KpiClass | Stage | Department | Timing], said: Mapping[str, str] | None = None
) -> Pairs:
    told = said or {}
    return [
        (one.value, tr(told[one.value]) if one.value in told else catalogue_words.titled(one))
        for one in kind
    ]


def _better() -> Pairs:
    return [(key, tr(said)) for key, said in _BETTER]


def _grains() -> Pairs:
    return [(grain.value, catalogue_words.titled(grain)) for grain in Grain]
