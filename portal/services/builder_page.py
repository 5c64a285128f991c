"""The page of the KPI builder: the form of a draft, and what it would give."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kpi_engine.errors import KpiError
from kpi_engine.language import mark, tr
from portal.errors import PortalError
from portal.readmodels.builder import BuilderPage, KindCard, NeedRow
from portal.readmodels.cards import Choice, Head
from portal.security.permissions import Permission
from portal.services import (
    builder_about,
    builder_drafts,
    builder_notes,
    builder_preview,
    builder_reading,
    data_fills,
    impact,
    viewpoints,
)
from portal.services.addresses import address
from portal.services.builder_fields import KINDS
from portal.services.builder_form import Form
from portal.services.builder_notes import Reading
from portal.services.builder_preview import Built
from portal.services.builder_sections import Fielder
from portal.services.builder_trial import Tried, tried
from portal.services.desks import Desk, NoReachError
from portal.services.engines import Workshop
from portal.services.numbers import TENANT
from portal.services.proposal_refusals import REFUSALS

NEW = "/kpis/new"
DRAFTS = "/kpis/drafts"
_SAID = {
    "saved": mark("Saved. Nobody sees a draft but you."),
    "full": mark("You have as many drafts as there may be. Throw one away first."),
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
        sections=(*fielder.sections(), *builder_about.sections(desk, fielder, kpi=visited.kpi)),
        trial=None,
        trial_absence="",
        notes=(),
        needs=(),
        sample=None,
        yaml=found.made.text if form.values else "",
        drafts=_drafts(desk, visited),
        said=tr(_SAID.get(query.get("said", ""), "")),
        refused=tr(REFUSALS.get(query.get("said", ""), "")),
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
        why = (
            tr("Fill in what is missing below, and the number and its trend appear here.")
            if visited.form.get("a_entity")
            else tr("Choose the records, and the number and its trend appear here.")
        )
        page = replace(page, trial_absence=why)
    else:
        try:
            view = viewpoints.viewpoint_of_any(desk, query)
            built = Built(desk, found.kpi, found.grown, view, visited.path)
            points = tried(workshop, desk, built.kpi, built.grown, view)
            page = _filled(workshop, page, built, points, of=visited.kpi)
        except NoReachError as error:
            page = replace(page, trial_absence=str(error), needs=_needs(workshop, desk, found))
        except (PortalError, KpiError) as error:
            page = replace(page, trial_absence=str(error))
    return replace(page, notes=builder_notes.notes(desk, found, points, asked=asked))


def _needs(workshop: Workshop, desk: Desk, found: Reading) -> tuple[NeedRow, ...]:
    """Return what data a definition stands on, which names nobody and tells no number of a KPI."""
    if found.kpi is None:
        return ()
    whole = viewpoints.of_who(desk, TENANT)
    try:
        return builder_preview.needs(workshop, Built(desk, found.kpi, found.grown, whole, ""))
    except (PortalError, KpiError):
        return ()


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
    crumbs = (Choice(tr("KPIs"), "/kpis"), Choice(tr("Proposals"), "/kpis/proposals"))
    if visited.kpi:
        name = desk.catalogue[visited.kpi].name if visited.kpi in desk.catalogue else visited.kpi  # type: ignore[index]  # a key as text
        crumbs = (Choice(tr("KPIs"), "/kpis"), Choice(name, f"/kpis/{visited.kpi}"))
        sub = tr("What you change is proposed as the next version; the numbers stay until then.")
        return Head(tr("Change {kpi}", kpi=name), sub, crumbs)
    return Head(
        tr("Build a KPI"),
        tr("Choose records and what counts; the number appears while you build. No SQL."),
        crumbs,
    )


def _kinds(desk: Desk, form: Form) -> tuple[KindCard, ...]:
    return tuple(
        KindCard(f"kind-{kind.key}", tr(kind.name), tr(kind.says), kind.key == form.kind)
        for kind in KINDS
        if kind.key != "written" or form.kind == "written" or desk.may(Permission.DEFINITION_EDIT)
    )


def _drafts(desk: Desk, visited: Visited) -> tuple[Choice, ...]:
    """Return the person's other drafts."""
    return tuple(
        Choice(
            one.form.get("name") or tr("Without a name"),
            address(f"{NEW}/{one.id}"),
        )
        for one in builder_drafts.own(desk)
        if str(one.id) != visited.draft
    )
