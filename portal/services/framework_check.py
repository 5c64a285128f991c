"""The framework check as people read it: one line a rule where many findings say the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

from kpi_engine.framework.balance import HIGH, LOW
from kpi_engine.framework.described import JOURNEY
from kpi_engine.framework.rule import Rule, Severity
from kpi_engine.framework.words import class_inside, class_name, listed, per_cent, stage_name
from kpi_engine.language import mark, tr, trc, trn
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
from portal.services.framework_lines import PATH, lines_of, named, points, shown
from portal.services.framework_tabs import CHECK, tabs
from portal.services.framework_trend import change_of, spark_of
from portal.services.linting import Check, Covered, Finding, Weight

EXPORT = "/export/framework-check.csv"
_ON_PANEL = 5
_DAYS = (30, 90, 180, 365)
_SHORT = {
    "awareness": mark("Aware"),
    "lead_generation": mark("Leads"),
    "qualification": mark("Qualify"),
    "sales": mark("Sales"),
    "onboarding": mark("Onboard"),
    "retention": mark("Retain"),
    "service": mark("Service"),
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
        sub=tr("Is the set of KPIs itself sound? Checked as it stands now."),
        score=str(found.score),
        change=moved,
        rose=rose,
        possible=_possible(found),
        spark=spark_of(scores, found.score, desk.today),
        balance_title=trn(
            "Balance of classes, {count} KPI", "Balance of classes, {count} KPIs", found.kpis
        ),
        bars=tuple(_bar(one) for one in found.balance),
        band=(LOW, HIGH),
        balance_note=_balance_note(found.balance),
        stages=tuple(tr(_SHORT[stage.value]) for stage in JOURNEY),
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
    actions = (Choice(tr("Export"), EXPORT),) if desk.may(Permission.EXPORT_MAKE) else ()
    return Head(
        tr("Framework check"),
        trn(
            "{count} KPI in use, judged by {rules} rules.",
            "{count} KPIs in use, judged by {rules} rules.",
            found.kpis,
            rules=len(linting.rules()),
        ),
        actions=actions,
    )


def _possible(found: Check) -> str:
    if not found.findings:
        return tr("nothing left to mend")
    return tr("{score} with all fixes", score=found.possible)


def _goals_note(found: Check) -> str:
    return trn(
        "{sound} of {count} goal has a driver and an outcome",
        "{sound} of {count} goals have a driver and an outcome",
        found.goals,
        sound=found.sound_goals,
    )


def _bar(one: Weight) -> ClassBar:
    outside = "above" if one.above else "below" if one.below else ""
    return ClassBar(
        class_name(one.kpi_class), str(one.count), per_cent(one.share), one.share, outside
    )


def _balance_note(weights: Iterable[Weight]) -> str:
    told = [
        tr("{kind} is above", kind=class_name(one.kpi_class))
        if one.above
        else tr("{kind} is below", kind=class_name(one.kpi_class))
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
    place = f"{stage_name(one.stage)}, {class_inside(one.kpi_class)}"
    level = sum(one.count >= step for step in _DEEP)
    if one.count:
        title = trn("{place}: {count} KPI", "{place}: {count} KPIs", one.count, place=place)
        return CoverCell(str(one.count), level, "", title)
    if one.waived_until is not None:
        until = desk.formats.day(one.waived_until)
        title = tr("{place}: none, waived until {day}", place=place, day=until)
        return CoverCell("0", 0, "waived", title)
    title = tr("{place}: none, and a rule asks for one", place=place)
    return CoverCell("0", 0, "asked", title)


def _cover_note(cells: Iterable[Covered], desk: Desk) -> str:
    empty = [one for one in cells if not one.count]
    until = [one.waived_until for one in empty if one.waived_until is not None]
    asked = len(empty) - len(until)
    told = []
    if asked:
        told.append(
            trn(
                "{count} gap that a rule asks to fill",
                "{count} gaps that a rule asks to fill",
                asked,
            )
        )
    if until:
        told.append(
            trn(
                "{count} empty cell waived until {day}",
                "{count} empty cells waived until {day}",
                len(until),
                day=desk.formats.day(min(until)),
            )
        )
    return "; ".join(told)


def _form(found: Check, asked: str, desk: Desk) -> WaiveForm:
    marks = {named(one): one for one in found.findings}
    if asked not in marks:
        raise UnknownNameError(tr("finding"), asked, marks, listed=False)
    one = marks[asked]
    days = [desk.today + timedelta(days=each) for each in _DAYS]
    return WaiveForm(
        one.rule,
        one.place,
        tr("Waive: {title}", title=one.title),
        tr("It leaves the list until the day you choose, and its points stay off the score."),
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
        return tr("Nothing is waived")
    return trn(
        "{count} finding waived, next expiry {day}",
        "{count} findings waived, next expiry {day}",
        len(ends),
        day=desk.formats.day(min(ends)),
    )


def _title(findings: Sequence[Finding]) -> str:
    told = trn("{count} finding", "{count} findings", len(findings))
    rules = len({one.rule for one in findings})
    if rules == len(findings):
        return told
    return trn("{findings} of {count} rule", "{findings} of {count} rules", rules, findings=told)


def _rule(rule: Rule, found: Check) -> RuleLine:
    here = sum(one.rule == rule.id for one in found.findings)
    let = sum(one.rule == rule.id for one in found.waived)
    told = ([str(here)] if here else []) + ([tr("{count} waived", count=let)] if let else [])
    each = str(rule.each)
    if rule.most > rule.each:
        each = tr("{points} each, {most} at most", points=rule.each, most=rule.most)
    return RuleLine(
        rule.id,
        rule.severity.value,
        tr(rule.title),
        tr(rule.why),
        each,
        ", ".join(told) or trc("of several", "none"),
    )


def _counts(found: Check) -> str:
    counts = (
        trn("{count} error", "{count} errors", found.count(Severity.ERROR)),
        trn("{count} warning", "{count} warnings", found.count(Severity.WARNING)),
        trn("{count} hint", "{count} hints", found.count(Severity.HINT)),
    )
    told = [text for text, one in zip(counts, Severity, strict=True) if found.count(one)]
    said = ", ".join(told) or tr("no findings")
    return tr("{counts}. Points are what the fix adds to the score", counts=said)
