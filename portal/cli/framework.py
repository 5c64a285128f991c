"""How the framework check of a tenant is said on the command line."""

from typing import Any

import click

from kpi_engine.framework.rule import Severity
from portal.cli.columns import say_columns
from portal.cli.output import say_json
from portal.services.linting import Check, Finding


def say_check(found: Check, shape: str) -> None:
    """Print a check: one JSON document, or a table with the score below it."""
    if shape == "json":
        say_json(plain_check(found))
        return
    head = ("rule", "severity", "points", "finding", "fix")
    rows = [
        (one.rule, one.severity.value, f"{one.points:.2f}", one.title, one.fix)
        for one in found.findings
    ]
    say_columns(head, rows, numbers=("points",))
    waived = f", {len(found.waived)} waived" if found.waived else ""
    click.echo(
        f"Score {found.score} of 100, {found.possible} with all fixes: {len(found.findings)}"
        f" findings{waived}, {found.kpis} KPIs."
    )


def plain_check(found: Check) -> dict[str, Any]:
    """Return a check as one JSON object."""
    return {
        "score": found.score,
        "possible": found.possible,
        "kpis": found.kpis,
        "goals": {"all": found.goals, "sound": found.sound_goals},
        "counts": {one.value: found.count(one) for one in Severity},
        "findings": [_plain(one) for one in found.findings],
        "balance": [
            {"class": one.kpi_class.value, "count": one.count, "share": round(one.share, 4)}
            for one in found.balance
        ],
        "coverage": [
            {
                "stage": one.stage.value,
                "class": one.kpi_class.value,
                "count": one.count,
                "waived_until": one.waived_until.isoformat() if one.waived_until else None,
            }
            for one in found.coverage
        ],
        "waived": [_plain(one) for one in found.waived],
    }


def _plain(one: Finding) -> dict[str, Any]:
    told = {
        "rule": one.rule,
        "severity": one.severity.value,
        "kpi": one.kpi,
        "place": one.place,
        "title": one.title,
        "reason": one.reason,
        "fix": one.fix,
        "points": round(one.points, 2),
    }
    waiver = one.waiver
    if waiver is None:
        return told
    return {
        **told,
        "waived": {"until": waiver.until.isoformat(), "by": waiver.by, "reason": waiver.reason},
    }
