"""Which lines of a scorecard are folded away: of one team or person, those that have no target.

A company's goals hold KPIs for which nobody ever sets a person a target. Where others have one,
these stand behind a line that tells their number. On the company's own scorecard a missing target
is something to be set, so it stays in sight.
"""

from collections.abc import Sequence
from dataclasses import replace

from kpi_engine.language import trn
from portal.readmodels.scorecard import Section
from portal.services.desks import View
from portal.services.numbers import TENANT


def folded(sections: Sequence[Section], view: View) -> tuple[Section, ...]:
    """Return the sections, those with something to be judged by a target first.

    Nothing is folded for the whole company, nor where no line of the page has a target.
    """
    aimed = [section for section in sections if any(line.target for line in section.lines)]
    if view.who == TENANT or not aimed:
        return tuple(sections)
    rest = [section for section in sections if section not in aimed]
    return tuple(_folded(section, view.name) for section in (*aimed, *rest))


def _folded(section: Section, name: str) -> Section:
    count = sum(not line.target for line in section.lines)
    if not count:
        return section
    told = trn(
        "{count} KPI without a target for {name}",
        "{count} KPIs without a target for {name}",
        count,
        name=name,
    )
    return replace(section, folds=told)
