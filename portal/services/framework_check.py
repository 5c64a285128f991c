"""The framework check as people read it: one line a rule where many findings say the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

from kpi_engine.framework.balance import HIGH, LOW
from kpi_engine.framework.described import JOURNEY
from kpi_engine.framework.rule import Rule, Severity
from kpi_engine.framework.words import class_name, listed, stage_name
from portal.errors import UnknownNameError
from portal.models.waivers import LONGEST
from portal.readmodels.cards import Choice, Head
from portal.readmodels.framework_check import (
    ClassBar,
    CoverCell,
    CoverRow,
    FrameworkCheck,
    RuleLine,
    WaivedLine,
    WaiveForm,
)
from portal.security.permissions import Permission
from portal.services import framework_scores, linting
from portal.services.desks import Desk
from portal.services.framework_lines import PATH, lines_of, mark, points, shown
from portal.services.framework_tabs import CHECK, tabs
from portal.services.framework_trend import change_of, spark_of
from portal.services.linting import Check, Covered, Finding, Weight

EXPORT = "/export/framework-check.csv"
_ON_PANEL = 5
_DAYS = (30, 90, 180, 365)
_SHORT = {
    "awareness": "Aware",
    "lead_generation": "Leads",
    "qualification": "Qualify",
    "sales": "Sales",
    "onboarding": "Onboard",
    "retention": "Retain",
    "service": "Service",
}
_DEEP = (1, 2, 4)
"""From so many KPIs on a cell of the matrix is drawn a step deeper."""


def read(desk: Desk, query: Mapping[str, str]) -> FrameworkCheck:
    """Return the page; whoever may not see the company's numbers is told none.

    Raises:
        UnknownNameError: if the address would waive what is no finding.
    """
    found = linting.check(desk.session, desk, desk.today)
    page = told(desk, found)
    asked = query.get("waive", "")
    return replace(page, form=_form(found, asked, desk)) if asked and page.may_waive else page


def panel(desk: Desk, found: Check) -> FrameworkCheck:
    """Return what stands at the foot of the journey: the heaviest findings, and no forms."""
    page = told(desk, found)
    bare = tuple(
        replace(one, waive="", parts=(), href=one.href or PATH) for one in page.lines[:_ON_PANEL]
    )
    return replace(page, lines=bare, hidden=max(len(page.lines) - _ON_PANEL, 0), may_waive=False)


def told(desk: Desk, found: Check) -> FrameworkCheck:
    """Return a check in words."""
    scores = framework_scores.trend(desk.session)
    moved, rose = change_of(scores, found.score, desk)
    findings = [shown(one, desk) for one in found.findings]
    may_waive = desk.may(Permission.FRAMEWORK_EDIT)
    return FrameworkCheck(
        head=_head(found, desk),
        tabs=tabs(CHECK),
        sub="Is the set of KPIs itself sound? Checked as it stands now.",
        score=str(found.score),
        change=moved,
        rose=rose,
        possible=_possible(found),
        spark=spark_of(scores, found.score, desk.today),
        balance_title=f"Balance of classes, {_count(found.kpis, 'KPI')}",
        bars=tuple(_bar(one) for one in found.balance),
        band=(LOW, HIGH),
        balance_note=_balance_note(found.balance),
        stages=tuple(_SHORT[stage.value] for stage in JOURNEY),
        rows=_rows(found.coverage, desk),
        goals_note=_goals_note(found),
        cover_note=_cover_note(found.coverage, desk),
        lines=lines_of(findings, may_waive=may_waive),
        title=_title(findings),
        counts=_counts(found),
        waived=tuple(_waived(one, desk) for one in found.waived),
        waived_note=_waived_note(found.waived, desk),
        rules=tuple(_rule(rule, found) for rule in linting.rules()),
        may_waive=may_waive,
        export=EXPORT if desk.may(Permission.EXPORT_MAKE) else "",
    )


def _head(found: Check, desk: Desk) -> Head:
    actions = (Choice("Export", EXPORT),) if desk.may(Permission.EXPORT_MAKE) else ()
    return Head(
        "Framework check",
        f"{_count(found.kpis, 'KPI')} in use, judged by {len(linting.rules())} rules.",
        actions=actions,
    )


def _possible(found: Check) -> str:
    if not found.findings:
        return "nothing left to mend"
    return f"{found.possible} with all fixes"


def _goals_note(found: Check) -> str:
    verb = "has" if found.goals == 1 else "have"
    return f"{found.sound_goals} of {_count(found.goals, 'goal')} {verb} a driver and an outcome"


def _bar(one: Weight) -> ClassBar:
    outside = "above" if one.above else "below" if one.below else ""
    return ClassBar(
        class_name(one.kpi_class), str(one.count), f"{one.share:.0%}", one.share, outside
    )


def _balance_note(weights: Iterable[Weight]) -> str:
    told = [
        f"{class_name(one.kpi_class)} is {'above' if one.above else 'below'}"
        for one in weights
        if one.above or one.below
    ]
    return f"{listed(told)}." if told else ""


def _rows(cells: Sequence[Covered], desk: Desk) -> tuple[CoverRow, ...]:
    return tuple(
        CoverRow(class_name(kpi_class), tuple(_cell(one, desk) for one in row))
        for kpi_class, row in groupby(cells, lambda one: one.kpi_class)
    )


def _cell(one: Covered, desk: Desk) -> CoverCell:
    place = f"{stage_name(one.stage)}, {one.kpi_class.value}"
    level = sum(one.count >= step for step in _DEEP)
    if one.count:
        return CoverCell(str(one.count), level, "", f"{place}: {_count(one.count, 'KPI')}")
    if one.waived_until is not None:
        until = desk.formats.day(one.waived_until)
        return CoverCell("0", 0, "waived", f"{place}: none, waived until {until}")
    return CoverCell("0", 0, "asked", f"{place}: none, and a rule asks for one")


def _cover_note(cells: Iterable[Covered], desk: Desk) -> str:
    empty = [one for one in cells if not one.count]
    until = [one.waived_until for one in empty if one.waived_until is not None]
    asked = len(empty) - len(until)
    told = [f"{_count(asked, 'gap')} that a rule asks to fill"] if asked else []
    if until:
        last = desk.formats.day(min(until))
        told.append(f"{_count(len(until), 'empty cell')} waived until {last}")
    return "; ".join(told)


def _form(found: Check, asked: str, desk: Desk) -> WaiveForm:
    marks = {mark(one): one for one in found.findings}
    if asked not in marks:
        raise UnknownNameError("finding", asked, marks, listed=False)
    one = marks[asked]
    days = [desk.today + timedelta(days=each) for each in _DAYS]
    return WaiveForm(
        one.rule,
        one.place,
        f"Waive: {one.title}",
        "It leaves the list until the day you choose, and its points stay off the score.",
        tuple((day.isoformat(), desk.formats.day(day)) for day in days),
        LONGEST,
        PATH,
    )


def _waived(one: Finding, desk: Desk) -> WaivedLine:
    assert one.waiver is not None  # noqa: S101 - it stands among the waived
    return WaivedLine(
        one.title,
        one.rule,
        one.place,
        one.waiver.reason,
        desk.formats.day(one.waiver.until),
        one.waiver.by,
        points(one.points).replace("+", ""),
    )


def _waived_note(waived: Sequence[Finding], desk: Desk) -> str:
    ends = [one.waiver.until for one in waived if one.waiver is not None]
    if not ends:
        return "Nothing is waived"
    return f"{_count(len(ends), 'finding')} waived, next expiry {desk.formats.day(min(ends))}"


def _title(findings: Sequence[Finding]) -> str:
    told = _count(len(findings), "finding")
    rules = len({one.rule for one in findings})
    return told if rules == len(findings) else f"{told} of {_count(rules, 'rule')}"


def _rule(rule: Rule, found: Check) -> RuleLine:
    here = sum(one.rule == rule.id for one in found.findings)
    let = sum(one.rule == rule.id for one in found.waived)
    told = ([str(here)] if here else []) + ([f"{let} waived"] if let else [])
    each = f"{rule.each} each, {rule.most} at most" if rule.most > rule.each else str(rule.each)
    return RuleLine(
        rule.id, rule.severity.value, rule.title, rule.why, each, ", ".join(told) or "none"
    )


def _counts(found: Check) -> str:
    told = [_count(found.count(one), one.value) for one in Severity if found.count(one)] or [
        "no findings"
    ]
    return f"{', '.join(told)}. Points are what the fix adds to the score"


def _count(count: int, one: str) -> str:
    return f"{count} {one}" if count == 1 else f"{count} {one}s"
