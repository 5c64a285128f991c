"""Findings as lines: one for each, or one a rule where many of its findings say the same."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from kpi_engine.framework.rule import Severity
from kpi_engine.framework.words import figure, listed
from kpi_engine.language import mark, tr, trc, trn
from portal.readmodels.cards import Tone
from portal.readmodels.framework_check import CheckLine
from portal.security.permissions import Permission
from portal.services import linting
from portal.services.addresses import address, kpi_page
from portal.services.desks import Desk
from portal.services.linting import Finding

PATH = "/framework/check"
_TOGETHER = 3
"""More findings of one rule than these are told as one line."""
_TONES = {Severity.ERROR: Tone.BAD, Severity.WARNING: Tone.WATCH, Severity.HINT: Tone.NEUTRAL}


def shown(one: Finding, desk: Desk) -> Finding:
    """Return a finding as a person may read it, and mend it.

    Numbers of the whole company are left out for whom they are not open; who may not change the
    framework is led to the KPI, and not to where it would be changed.
    """
    if not desk.may(Permission.FRAMEWORK_EDIT):
        page = kpi_page(one.kpi) if one.kpi is not None else ""
        one = replace(one, button=trc("button of a finding", "Open") if page else "", href=page)
    if desk.reach.everything or not one.tells_numbers:
        return one
    rule = next(each for each in linting.rules() if each.id == one.rule)
    return replace(one, reason=tr(rule.why))


def lines_of(findings: Sequence[Finding], *, may_waive: bool) -> tuple[CheckLine, ...]:
    """Return the findings as lines, by severity, then by what mending gives back."""
    lines: list[tuple[float, CheckLine]] = []
    for _, same in groupby(findings, lambda one: one.rule):
        some = list(same)
        cost = sum(one.points for one in some)
        singles = [_line(one, may_waive=may_waive) for one in some]
        if len(some) > _TOGETHER or _shares(some):
            lines.append((cost, _together(some, singles, cost)))
        else:
            lines += [(one.points, line) for one, line in zip(some, singles, strict=True)]
    order = {one.value: at for at, one in enumerate(Severity)}
    return tuple(
        line for _, line in sorted(lines, key=lambda one: (order[one[1].severity], -one[0]))
    )


def _shares(some: Sequence[Finding]) -> bool:
    """Say whether findings share what their rule costs at most: only together are points whole."""
    return len(some) > 1 and not float(some[0].points).is_integer()


def _line(one: Finding, *, may_waive: bool) -> CheckLine:
    return CheckLine(
        severity=one.severity.value,
        tone=_TONES[one.severity],
        title=one.title,
        reason=one.reason,
        rule=one.rule,
        fix=one.fix,
        points=points(one.points),
        button=one.button,
        href=one.href,
        waive=address(PATH, waive=named(one)) if may_waive else "",
    )


def _together(some: Sequence[Finding], singles: Sequence[CheckLine], cost: float) -> CheckLine:
    first = some[0]
    fixes = {one.fix for one in some}
    rule = next(each for each in linting.rules() if each.id == first.rule)
    return CheckLine(
        severity=first.severity.value,
        tone=_TONES[first.severity],
        title=_group(first.group, len(some)),
        reason=f"{tr(rule.why)} {_names(some)}",
        rule=first.rule,
        fix=first.fix if len(fixes) == 1 else tr(rule.mend or _EACH),
        points=points(cost),
        button=tr("Show {count}", count=len(some)),
        href="",
        parts=tuple(singles),
    )


_EACH = mark("See the list for the fix of each")


def _group(group: str, count: int) -> str:
    """Return the title of many findings together."""
    if not group:
        return trn("{count} finding", "{count} findings", count)
    return tr(group, count=count)


def _names(some: Sequence[Finding]) -> str:
    """Return what a group is about: KPIs by name, the rest by where their titles differ."""
    if all(one.name for one in some):
        return f"{listed([one.name for one in some])}."
    words = [one.title.split() for one in some]
    tail = 0
    while all(len(each) > tail and each[-1 - tail] == words[0][-1 - tail] for each in words):
        tail += 1
    if not tail:
        return ""
    return f"{listed([' '.join(each[:-tail]) for each in words])}."


def named(one: Finding) -> str:
    """Return what names a finding in an address."""
    return f"{one.rule}:{one.place}"


def points(count: float) -> str:
    """Return points as they are shown: '+3', or '+0.5' of what a rule costs together."""
    whole = abs(count - round(count)) < 0.01  # noqa: PLR2004 - shares of a whole add up to it
    return f"+{figure(count, 0 if whole else 1)}"
