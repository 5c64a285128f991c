"""The framework check: the rules asked about what a tenant has, with where each fault is mended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.described import KpiClass, Stage
from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.framework import balance, coverage, definitions
from kpi_engine.framework.balance import HIGH, LOW
from kpi_engine.framework.check import RULES, Found, Result
from kpi_engine.framework.check import check as ask
from kpi_engine.framework.described import JOURNEY, Framework, Member
from kpi_engine.framework.rule import Aid, Fault, Rule, Severity
from kpi_engine.language import trc
from kpi_engine.periods import Calendar
from portal.services import tenants, waivers
from portal.services.addresses import address, kpi_page
from portal.services.engines import calendar_of, catalogue_of
from portal.services.framework_facts import Ground, described
from portal.services.waivers import Place, Waiver
from portal.tenancy.session import TenantSession

_HOME, _CATALOGUE = "/framework", "/framework/catalogue"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the framework, why, and how it is mended."""

    rule: str
    severity: Severity
    kpi: KpiKey | None
    place: str
    """What tells it from the rule's other findings; waivers name it."""
    name: str
    """The KPI's name; empty where it is about none."""
    title: str
    reason: str
    fix: str
    points: float
    """What mending gives back: its share of what the rule costs."""
    button: str
    href: str
    group: str
    """What many findings of its rule are told as together; has the place of a count."""
    tells_numbers: bool
    """Whether its reason tells a number of the whole company."""
    waiver: Waiver | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """How much of the framework a class is."""

    kpi_class: KpiClass
    count: int
    share: float

    @property
    def above(self) -> bool:
        """Whether it is over the band."""
        return self.share > HIGH

    @property
    def below(self) -> bool:
        """Whether it is under the band."""
        return self.share < LOW


@dataclass(frozen=True, slots=True)
class Covered:
    """How many KPIs of a class a stage has; `waived_until` where its gap is let stand."""

    stage: Stage
    kpi_class: KpiClass
    count: int
    waived_until: date | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """What the check says on a day."""

    score: int
    possible: int
    """The score with everything mended that is not waived."""
    members: frozenset[KpiKey]
    """The KPIs of the framework."""
    findings: tuple[Finding, ...]
    """What is not waived, the gravest first."""
    balance: tuple[Weight, ...]
    coverage: tuple[Covered, ...]
    goals: int
    sound_goals: int
    """Goals with both a driver and an outcome."""
    waived: tuple[Finding, ...]

    @property
    def kpis(self) -> int:
        """How many KPIs the framework has."""
        return len(self.members)

    def at_cell(self, stage: Stage, kpi_class: KpiClass) -> Finding | None:
        """Return the finding that asks to fill a cell of the journey.

        That of a stage without any KPI names one KPI: it is told once, in the stage's first cell.
        """
        places = [("C22", coverage.cell(stage, kpi_class))]
        if kpi_class is KpiClass.ACTIVITY:
            places.append(("C20", stage.value))
        return next((one for one in self.findings if (one.rule, one.place) in places), None)

    def count(self, severity: Severity) -> int:
        """Return how many findings of a severity nobody waived."""
        return sum(one.severity is severity for one in self.findings)


@dataclass(frozen=True, slots=True)
class TenantGround:
    """The KPIs and the calendar of a tenant, for whom no page is open."""

    catalogue: Catalogue
    calendar: Calendar


def ground_of(session: TenantSession) -> TenantGround:
    """Return what a check of the session's tenant stands on."""
    card = tenants.get(session)
    return TenantGround(catalogue_of(session, card), calendar_of(card))


def check(session: TenantSession, ground: Ground, today: date) -> Check:
    """Ask every rule about the tenant's framework as it is on a day."""
    held = waivers.current(session, today)
    framework = described(session, ground, today)
    return told(framework, ask(framework, lambda *place: place in held), held)


def told(framework: Framework, result: Result, held: Mapping[Place, Waiver]) -> Check:
    """Return what a check found, with waivers and addresses."""
    return Check(
        score=result.score,
        possible=result.possible,
        members=frozenset(framework.by_key()),
        findings=tuple(_finding(one, framework.catalogue) for one in result.open),
        balance=tuple(
            Weight(one, len(framework.of_class(one)), balance.share(framework, one))
            for one in KpiClass
        ),
        coverage=tuple(
            Covered(stage, one, len(framework.at(stage, one)), _let_stand(stage, one, held))
            for one in KpiClass
            for stage in JOURNEY
        ),
        goals=len(framework.goals),
        sound_goals=sum(
            coverage.has_driver(framework, one) and coverage.has_outcome(framework, one)
            for one in framework.goals
        ),
        waived=tuple(
            _finding(one, framework.catalogue, held[one.rule.id, one.fault.place])
            for one in result.waived
        ),
    )


def opinion(kpi: Kpi, catalogue: Catalogue) -> tuple[Finding, ...]:
    """Return what the rules on definitions say of one KPI that is being made or changed."""
    others = [each for key, each in catalogue.items() if key != kpi.key]
    grown = catalogue.with_own([kpi])
    marks = fingerprints(grown)
    members = tuple(Member(each, marks[each.key]) for each in (*others, kpi))
    framework = Framework(members, grown)
    return tuple(
        _finding(Found(rule, fault, float(rule.each), waived=False), grown)
        for rule in definitions.RULES
        for fault in rule.find(framework)
        if fault.kpi == kpi.key
    )


def rules() -> tuple[Rule, ...]:
    """Return every rule, by family."""
    return RULES


def _let_stand(stage: Stage, kpi_class: KpiClass, held: Mapping[Place, Waiver]) -> date | None:
    """Until when the gap of a cell, or of its whole stage, is waived."""
    places = (("C22", coverage.cell(stage, kpi_class)), ("C20", stage.value))
    found = next((held[place] for place in places if place in held), None)
    return None if found is None else found.until


def _finding(one: Found, catalogue: Catalogue, waiver: Waiver | None = None) -> Finding:
    rule, fault = one.rule, one.fault
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        kpi=fault.kpi,
        place=fault.place,
        name=catalogue[fault.kpi].name if fault.kpi is not None else "",
        title=fault.title,
        reason=fault.reason,
        fix=fault.fix,
        points=one.points,
        button=_button(fault.aid),
        href=_PLACES[fault.aid](fault),
        group=rule.group,
        tells_numbers=rule.tells_numbers,
        waiver=waiver,
    )


def _of_kpi(what: str) -> Callable[[Fault], str]:
    """Return what finds the form of the KPI that a fix names; without one, the catalogue."""

    def href(one: Fault) -> str:
        kpi = one.towards or one.kpi
        return _CATALOGUE if kpi is None else f"{_HOME}/kpis/{kpi}/{what}"

    return href


def _compared(one: Fault) -> str:
    both = [str(each) for each in (one.kpi, one.towards) if each is not None]
    return address(_CATALOGUE, compare=",".join(both))


_PLACES: Mapping[Aid, Callable[[Fault], str]] = {
    Aid.ACT: lambda one: address("/actions/new", kpi=one.kpi),
    Aid.ADOPT: _of_kpi("life"),
    Aid.ASSIGN: _of_kpi("owner"),
    Aid.COMPARE: _compared,
    Aid.DEFINE: lambda _: "/kpis/new",
    Aid.GOALS: lambda _: _HOME,
    Aid.HAND_OVER: lambda _: f"{_HOME}/handover",
    Aid.OPEN: lambda one: kpi_page(one.kpi or ""),
    Aid.RETIRE: _of_kpi("life"),
    Aid.SET_CADENCE: lambda one: f"{kpi_page(one.kpi or '')}/edit",
    Aid.SET_TARGET: lambda one: address("/targets", kpi=one.kpi),
    Aid.SPLIT: _of_kpi("shares"),
}
"""For each way to mend, where it leads."""


def _button(aid: Aid) -> str:
    """Return what the button of a way to mend says."""
    return {
        Aid.ACT: trc("button of a finding", "Act"),
        Aid.ADOPT: trc("button of a finding", "Adopt"),
        Aid.ASSIGN: trc("button of a finding", "Assign"),
        Aid.COMPARE: trc("button of a finding", "Compare"),
        Aid.DEFINE: trc("button of a finding", "Define"),
        Aid.GOALS: trc("button of a finding", "Goals"),
        Aid.HAND_OVER: trc("button of a finding", "Hand over"),
        Aid.OPEN: trc("button of a finding", "Open"),
        Aid.RETIRE: trc("button of a finding", "Retire"),
        Aid.SET_CADENCE: trc("button of a finding", "Set"),
        Aid.SET_TARGET: trc("button of a finding", "Set"),
        Aid.SPLIT: trc("button of a finding", "Split"),
    }[aid]
