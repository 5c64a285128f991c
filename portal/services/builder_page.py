"""The page of the KPI builder: the form of a draft, and what it would give."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kpi_engine.definitions.described import Better, Department, KpiClass, Stage, Timing
from kpi_engine.errors import KpiError
from kpi_engine.periods import Grain
from kpi_engine.units import Unit
from portal.errors import PortalError
from portal.readmodels.builder import BuilderPage, Field, KindCard, Section
from portal.readmodels.cards import Choice, Head
from portal.security.permissions import Permission
from portal.services import (
    builder_drafts,
    builder_notes,
    builder_preview,
    builder_reading,
    data_fills,
    goals,
    impact,
    viewpoints,
)
from portal.services.addresses import address
from portal.services.builder_fields import KINDS, UNIT_WORDS
from portal.services.builder_form import Form
from portal.services.builder_notes import Reading
from portal.services.builder_preview import Built
from portal.services.builder_sections import Fielder, Pairs
from portal.services.builder_texts import key_of, unit_of
from portal.services.builder_trial import Tried, tried
from portal.services.desks import Desk, NoReachError
from portal.services.engines import Workshop
from portal.services.proposals import REFUSALS

NEW = "/kpis/new"
DRAFTS = "/kpis/drafts"
_BETTER = (("higher", "Higher"), ("lower", "Lower"), ("range", "Within a range"))
_SAYS_CLASS = {
    "activity": "Activity: the effort",
    "quality": "Quality: what the effort is worth",
    "outcome": "Outcome: the result",
}
_SAYS_TIMING = {"leading": "Leading: before the result", "lagging": "Lagging: after the result"}
_SAID = {
    "saved": "Saved. Nobody sees a draft but you.",
    "full": "You have as many drafts as there may be. Throw one away first.",
}


@dataclass(frozen=True, slots=True)
class Visited:
    """Which draft is looked at: its id, whose next version it is, and its form."""

    draft: str
    kpi: str
    form: Form

    @property
    def path(self) -> str:
        """The address of the page."""
        if self.draft:
            return f"{NEW}/{self.draft}"
        return f"/kpis/{self.kpi}/edit" if self.kpi else NEW

    @property
    def action(self) -> str:
        """Where the form goes; a step is added to it."""
        if self.draft:
            return f"{DRAFTS}/{self.draft}"
        return f"{DRAFTS}/of-{self.kpi}" if self.kpi else f"{DRAFTS}/new"


def visit_new() -> Visited:
    """Return the empty form."""
    return Visited("", "", Form())


def visit_draft(desk: Desk, draft: str) -> Visited:
    """Return a draft of the person's.

    Raises:
        NoDraftError: if there is none of that id.
    """
    found = builder_drafts.read(desk, draft)
    return Visited(draft, found.kpi, found.form)


def visit_kpi(desk: Desk, key: str) -> Visited:
    """Return the form of a KPI as it is defined now.

    Raises:
        UnknownKpiError: if there is no such KPI.
    """
    return Visited("", key, builder_reading.form_of(desk.session, desk.catalogue.kpi(key)))


def read(workshop: Workshop, desk: Desk, visited: Visited, query: Mapping[str, str]) -> BuilderPage:
    """Return the page of a draft, with what its definition gives for the person's reach."""
    form, asked = visited.form, query.get("said") in REFUSALS
    found = builder_notes.read(desk, form, visited.kpi)
    fielder = Fielder(
        form,
        _shown(found, form, asked=asked),
        tuple((key, kpi.name) for key, kpi in desk.catalogue.items() if key != visited.kpi),
        lambda entity, name: data_fills.known_values(workshop, desk, entity, name),
    )
    page = BuilderPage(
        head=_head(desk, visited),
        action=visited.action,
        kinds=_kinds(desk, form),
        sections=(*fielder.sections(), *_about(desk, fielder, visited)),
        trial=None,
        trial_absence="",
        notes=(),
        needs=(),
        sample=None,
        yaml=found.made.text if form.values else "",
        drafts=_drafts(desk, visited),
        said=_SAID.get(query.get("said", ""), ""),
        refused=REFUSALS.get(query.get("said", ""), ""),
        proposes=bool(visited.draft),
        forks=bool(visited.draft and visited.kpi),
        reason=form.get("reason"),
    )
    return _with_numbers(workshop, desk, visited, query, (page, found))


def _with_numbers(
    workshop: Workshop,
    desk: Desk,
    visited: Visited,
    query: Mapping[str, str],
    drawn: tuple[BuilderPage, Reading],
) -> BuilderPage:
    """Return the page with what the definition gives, as far as it can be tried."""
    page, found = drawn
    asked = query.get("said") in REFUSALS
    points: tuple[Tried, ...] = ()
    if found.kpi is None:
        why = "Choose the records, and the number and its trend appear here."
        page = replace(page, trial_absence=why)
    else:
        try:
            view = viewpoints.viewpoint(desk, query)
            built = Built(desk, found.kpi, found.grown, view, visited.path)
            points = tried(workshop, desk, built.kpi, built.grown, view)
            page = _filled(workshop, page, built, points, of=visited.kpi)
        except NoReachError as error:
            page = replace(page, trial_absence=str(error))
        except (PortalError, KpiError) as error:
            page = replace(page, trial_absence=str(error))
    return replace(page, notes=builder_notes.notes(desk, found, points, asked=asked))


def _filled(
    workshop: Workshop, page: BuilderPage, built: Built, points: tuple[Tried, ...], *, of: str
) -> BuilderPage:
    return replace(
        page,
        trial=builder_preview.drawn(built, points),
        sample=builder_preview.sample(workshop, built, points),
        needs=builder_preview.needs(workshop, built),
        impact=impact.impact(workshop, built) if of and built.kpi.key == of else None,
    )


def _shown(found: Reading, form: Form, *, asked: bool) -> Mapping[str, str]:
    """Return the errors that are told beside fields: what was not filled in yet is no error."""
    if asked:
        return found.errors
    return {
        name: text
        for name, text in found.errors.items()
        if form.get(name) or "_f" in name or name == "key"
    }


def _head(desk: Desk, visited: Visited) -> Head:
    crumbs = (Choice("KPIs", "/kpis"), Choice("Proposals", "/kpis/proposals"))
    if visited.kpi:
        name = desk.catalogue[visited.kpi].name if visited.kpi in desk.catalogue else visited.kpi  # type: ignore[index]  # a key as text
        crumbs = (Choice("KPIs", "/kpis"), Choice(name, f"/kpis/{visited.kpi}"))
        sub = "What you change is proposed as the next version; the numbers stay until then."
        return Head(f"Change {name}", sub, crumbs)
    return Head(
        "Build a KPI",
        "Choose records and what counts; the number appears while you build. No SQL.",
        crumbs,
    )


def _kinds(desk: Desk, form: Form) -> tuple[KindCard, ...]:
    return tuple(
        KindCard(f"kind-{kind.key}", kind.name, kind.says, kind.key == form.kind)
        for kind in KINDS
        if kind.key != "written" or form.kind == "written" or desk.may(Permission.DEFINITION_EDIT)
    )


def _about(desk: Desk, fielder: Fielder, visited: Visited) -> tuple[Section, ...]:
    form = fielder.form
    unit = unit_of(form)
    usual = f"Usual: {UNIT_WORDS[Unit(unit)].lower()}" if unit in list(Unit) else "Choose"
    told = (
        fielder.choice("unit", "Unit", [(one, UNIT_WORDS[one]) for one in Unit], empty=usual),
        fielder.choice("better", "What is better", _BETTER, usual=Better.HIGHER),
        fielder.choice("cadence", "Finest period", _grains(), usual=Grain.MONTH),
    )
    key = Field("key", "Key", form.get("key"), error=fielder.errors.get("key", ""))
    hint = (
        ""
        if visited.kpi
        else f"For files and addresses; it never changes. Usual: {key_of(form) or 'from the name'}."
    )
    is_about = (
        fielder.text("name", "Name", longest=120),
        replace(key, hint=hint, fixed=bool(visited.kpi), longest=64),
        fielder.text("question", "Business question", wide=True, longest=500),
        fielder.text(
            "description", "Who is in it, and who is not", area=True, wide=True, longest=4_000
        ),
        fielder.choice("class", "Class", _pairs(KpiClass, _SAYS_CLASS), empty="Choose a class"),
        fielder.choice("stage", "Stage of the journey", _pairs(Stage), empty="Choose a stage"),
        fielder.choice("department", "Department", _pairs(Department), empty="Choose"),
        fielder.choice("timing", "Timing", _pairs(Timing, _SAYS_TIMING), usual=Timing.LAGGING),
    )
    return (
        Section("How it is told", "", told),
        Section("What it is", "", is_about),
        _company(desk, fielder),
    )


def _company(desk: Desk, fielder: Fielder) -> Section:
    served = [
        (goal.key, goal.name) for goal in goals.goals(desk.session, desk.catalogue, desk.today)
    ]
    fields = [
        fielder.choice("goal", "Goal that it serves", served, empty="None"),
        fielder.text("source", "Source of the definition", longest=2_000),
        *(
            fielder.choice(f"guardrail_{at}", f"Guardrail {at}", fielder.kpis, empty="None")
            for at in (1, 2, 3)
        ),
        *(
            fielder.choice(f"drives_{at}", f"Drives {at}", fielder.kpis, empty="None")
            for at in (1, 2, 3)
        ),
    ]
    sub = "A guardrail must not worsen while this improves. Only a leading KPI drives others."
    return Section("In company with", sub, tuple(fields))


def _pairs(
    kind: type[KpiClass | Stage | Department | Timing], said: Mapping[str, str] | None = None
) -> Pairs:
    told = said or {}
    return [
        (one.value, told.get(one.value, one.value.replace("_", " ").capitalize())) for one in kind
    ]


def _grains() -> Pairs:
    return [(grain.value, grain.value.capitalize()) for grain in Grain]


def _drafts(desk: Desk, visited: Visited) -> tuple[Choice, ...]:
    """Return the person's other drafts."""
    return tuple(
        Choice(
            one.form.get("name") or "Without a name",
            address(f"{NEW}/{one.id}"),
        )
        for one in builder_drafts.own(desk)
        if str(one.id) != visited.draft
    )
