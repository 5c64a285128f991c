"""The framework check as a sheet: every finding on a row, the waived ones last."""

from kpi_engine.framework.rule import Severity
from kpi_engine.language import mark, tr
from portal.services import framework_check, framework_lines, linting
from portal.services.desks import Desk
from portal.services.linting import Finding
from portal.services.sheets import Cell, Figure, Sheet

_COLUMNS = (
    mark("Rule"),
    mark("Severity"),
    mark("KPI"),
    mark("Finding"),
    mark("Reason"),
    mark("Fix"),
    mark("Points"),
    mark("Waived until"),
    mark("Waived by"),
    mark("Why waived"),
)
_SEVERITIES = {
    Severity.ERROR: mark("error"),
    Severity.WARNING: mark("warning"),
    Severity.HINT: mark("hint"),
}


def sheet_of(desk: Desk) -> Sheet:
    """Return the check as it stands, with numbers only for whom they are open."""
    found = linting.check(desk.session, desk, desk.today)
    page = framework_check.told(desk, found)
    about = (
        tr(
            "{company}. Framework score {score} of 100, {possible}.",
            company=desk.card.name,
            score=page.score,
            possible=page.possible,
        ),
        f"{page.title}: {page.counts}.",
    )
    shown = [framework_lines.shown(one, desk) for one in (*found.findings, *found.waived)]
    columns = [tr(name) for name in _COLUMNS]
    return Sheet(tr("Framework check"), about, columns, [_row(one, desk) for one in shown])


def _row(one: Finding, desk: Desk) -> list[Cell]:
    waiver = one.waiver
    name = desk.catalogue[one.kpi].name if one.kpi is not None else ""
    return [
        one.rule,
        tr(_SEVERITIES[one.severity]),
        name,
        one.title,
        one.reason,
        one.fix,
        Figure(one.points, "0.00"),
        "" if waiver is None else waiver.until.isoformat(),
        "" if waiver is None else waiver.by,
        "" if waiver is None else waiver.reason,
    ]
