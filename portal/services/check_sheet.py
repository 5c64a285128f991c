"""The framework check as a sheet: every finding on a row, the waived ones last."""

from portal.services import framework_check, framework_lines, linting
from portal.services.desks import Desk
from portal.services.linting import Finding
from portal.services.sheets import Cell, Figure, Sheet

_COLUMNS = (
    *("Rule", "Severity", "KPI", "Finding", "Reason", "Fix", "Points"),
    *("Waived until", "Waived by", "Why waived"),
)


def sheet_of(desk: Desk) -> Sheet:
    """Return the check as it stands, with numbers only for whom they are open."""
    found = linting.check(desk.session, desk, desk.today)
    page = framework_check.told(desk, found)
    about = (
        f"{desk.card.name}. Framework score {page.score} of 100, {page.possible}.",
        f"{page.title}: {page.counts}.",
    )
    shown = [framework_lines.shown(one, desk) for one in (*found.findings, *found.waived)]
    return Sheet("Framework check", about, _COLUMNS, [_row(one, desk) for one in shown])


def _row(one: Finding, desk: Desk) -> list[Cell]:
    waiver = one.waiver
    name = desk.catalogue[one.kpi].name if one.kpi is not None else ""
    return [
        one.rule,
        one.severity.value,
        name,
        one.title,
        one.reason,
        one.fix,
        Figure(one.points, "0.00"),
        "" if waiver is None else waiver.until.isoformat(),
        "" if waiver is None else waiver.by,
        "" if waiver is None else waiver.reason,
    ]
