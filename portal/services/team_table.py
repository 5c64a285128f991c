"""The table of a team: people over KPIs with heat, the territories and the team below them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr, trc, trn
from kpi_engine.periods import Grain
from kpi_engine.units import Unit
from portal.models.observations import ScopeKind
from portal.readmodels.cards import HeatCell, Spark
from portal.readmodels.formats import TIMES
from portal.readmodels.leader_home import TeamPanel, TeamRow
from portal.readmodels.tables import Column, Kind, Order
from portal.readmodels.tongues import NBSP
from portal.services import home_absences, why_none
from portal.services.addresses import address, kpi_page
from portal.services.desks import Desk
from portal.services.numbers import Who
from portal.services.sales_facts import TeamFacts
from portal.services.targets import Target
from portal.services.team_flags import Flags
from portal.services.team_grid import Grid, Measure

_WEEKS = 13
_SELLING = 4
"""The first columns are of selling; the others may be of whoever picks up a telephone."""
_THOUSAND = 1000.0
_SORTED = {
    "Quota": mark("quota"),
    "Coverage": mark("coverage"),
    "Built": mark("built"),
    "Win rate": mark("win rate"),
    "Response": mark("response"),
    "Connects": mark("connects"),
    "Follow-ups": mark("follow-ups"),
    "name": mark("name"),
}
"""What the columns are called within a sentence."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """By which column, and which way; the address of the page that sorts otherwise."""

    query: dict[str, str | None]
    key: str
    down: bool

    def address(self, key: str) -> str:
        """Return the address that sorts by a column, the other way if it does already."""
        down = not self.down if key == self.key else True
        return address("/", **{**self.query, "sort": f"-{key}" if down else key})

    def order(self, key: str) -> Order:
        """Return how a column is sorted."""
        if key != self.key:
            return Order.NONE
        return Order.DOWN if self.down else Order.UP


def sorting(query: dict[str, str | None], asked: str, grid: Grid) -> Sorting:
    """Return what the address sorts by; without a word of ours, the first column, best first."""
    keys = [str(one.key) for one in grid.measures]
    key = asked.removeprefix("-")
    if key not in {*keys, "name"}:
        return Sorting(query, keys[0] if keys else "name", bool(keys))
    return Sorting(query, key, asked.startswith("-"))


@dataclass(frozen=True, slots=True)
class Around:
    """Who is shown: the whole, its people, and the teams under it."""

    whole: Who
    name: str
    owners: tuple[str, ...]
    teams: tuple[str, ...]


def team_panel(
    desk: Desk, around: Around, grid: Grid, facts: TeamFacts, order: Sorting
) -> TeamPanel:
    """Return the table of a team."""
    if not around.owners:
        empty = tr("Nobody is in this team yet. Its people come from the CRM's users and teams.")
        return TeamPanel("", (), (), empty)
    if not grid.cells:
        empty = tr(
            "There is no number of anybody in this team yet, nor a reason: nothing was loaded."
        )
        return TeamPanel("", (), (), empty)
    drawn = _Table(desk, grid, facts)
    before, around = len(around.owners), drawn.measured(around)
    flags = Flags(grid, facts, desk.formats, around.owners)
    rows = [drawn.targets()]
    rows += [drawn.person(owner, flags) for owner in drawn.ordered(around.owners, order)]
    people = len(around.owners)
    without = before - people
    if around.teams:
        rows.append(TeamRow(tr("By territory"), "", (), None, None, Kind.GROUP))
        told = flags.of_teams({team: drawn.people(team) for team in around.teams})
        for team in drawn.ordered(around.teams, order, ScopeKind.TEAM):
            members = desk.roster.members(team)
            row = drawn.whole(Who(ScopeKind.TEAM, team), desk.roster.name(team), len(members))
            href = address("/", **{**order.query, "team": desk.roster.teams[team].id})
            rows.append(TeamRow(row.name, row.sub, row.cells, row.spark, told.get(team), href=href))
    last = drawn.whole(around.whole, tr("All") if around.teams else tr("Team"), people, Kind.TOTAL)
    rows.append(replace(last, flag=None if around.teams else flags.pushed(around.owners)))
    chosen = next((one.title for one in grid.measures if str(one.key) == order.key), "name")
    sub = [
        tr(
            "People by KPI, sorted by {column}; select a heading to sort. Heat is the share of the"
            " target that is reached.",
            column=tr(_SORTED[chosen]),
        )
    ]
    if without:
        left = tr(
            "{count} without quota, new pipeline or closed deals are left out.", count=without
        )
        sub.append(left)
    return TeamPanel(" ".join(sub), drawn.columns(order), tuple(rows))


@dataclass(frozen=True, slots=True)
class _Table:
    desk: Desk
    grid: Grid
    facts: TeamFacts

    def measured(self, around: Around) -> Around:
        """Leave out who has no quota, pipeline or closed deal: they do not sell."""
        told = {
            who.id for (who, _), cell in self.grid.cells.items() if cell.reading.value is not None
        }
        owners = tuple(one for one in around.owners if one in told)
        teams = tuple(one for one in around.teams if one in told)
        return replace(around, owners=owners, teams=teams if len(teams) > 1 else ())

    def columns(self, order: Sorting) -> tuple[Column, ...]:
        """Return the heads: each KPI with its unit and period."""
        measures = [
            Column(
                tr(one.title),
                self._of(one),
                number=True,
                sort=order.address(str(one.key)),
                order=order.order(str(one.key)),
            )
            for one in self.grid.measures
        ]
        name = Column(tr("Person"), sort=order.address("name"), order=order.order("name"))
        scale = tr("{count} weeks, own scale", count=_WEEKS)
        built = Column(tr("Pipeline built"), scale, phone=False, width=110)
        return (name, *measures, built, Column(tr("Flags"), width=190))

    def _of(self, measure: Measure) -> str:
        period = self.desk.formats.period_least(self.grid.periods[measure.key])
        return f"{self._unit(measure)}, {period}"

    def _unit(self, measure: Measure) -> str:
        if measure.key == KpiKey("pipeline_coverage_remaining"):
            return tr("\N{MULTIPLICATION SIGN} of rest")
        unit = self.grid.kpis[measure.key].unit
        if unit is Unit.MONEY:
            return tr("{currency} K", currency=self.desk.card.currency)
        words = {
            Unit.RATIO: "%",
            Unit.TIMES: TIMES,
            Unit.HOURS: trc("unit of a column", "h"),
            Unit.DAYS: trc("unit of a column", "d"),
        }
        return words.get(unit, unit.value)

    def text(self, measure: Measure, value: float) -> str:
        """Return a bare figure: its unit stands in the head."""
        formats, unit = self.desk.formats, self.grid.kpis[measure.key].unit
        if unit is Unit.MONEY:
            return formats.number(value / _THOUSAND)
        if unit is Unit.RATIO:
            return formats.bare(value, unit, 0)
        return formats.bare(value, unit)

    def ordered(
        self, ids: Sequence[str], order: Sorting, kind: ScopeKind = ScopeKind.OWNER
    ) -> list[str]:
        """Return keys in the order asked for; who has no number stands last, either way."""
        names = sorted(ids, key=lambda one: (self.desk.roster.name(one).casefold(), one))
        if order.key == "name":
            return names[::-1] if order.down else names
        key = KpiKey(order.key)
        told = {one: cell for one in names if (cell := self.grid.cells.get((Who(kind, one), key)))}
        # What is too small to show has no place among what is shown.
        values = {
            one: cell.reading.value
            for one, cell in told.items()
            if cell.reading.value is not None and not cell.too_few
        }
        first = sorted(values, key=lambda one: values[one], reverse=order.down)
        return first + [one for one in names if one not in values]

    def targets(self) -> TeamRow:
        """Return the row of targets on top."""
        cells = tuple(HeatCell(self._target(one)) for one in self.grid.measures)
        return TeamRow(tr("Target"), "", cells, None, None, Kind.TARGET)

    def _target(self, measure: Measure) -> str:
        if measure.key == KpiKey("quota_attainment"):
            return tr("pace {share}", share=self.desk.formats.number(self.grid.part * 100))
        target = self.grid.targets.get(measure.key)
        if target is None or (target.value is None and target.low is None):
            return tr("none set")
        return self._said(measure, target)

    def _said(self, measure: Measure, target: Target) -> str:
        if target.value is None:
            low, high = target.low or 0.0, target.high or 0.0
            return f"{self.text(measure, low)}\N{EN DASH}{self.text(measure, high)}"
        lower = self.grid.kpis[measure.key].better.value == "lower"
        text = self.text(measure, target.value)
        return f"\N{LESS-THAN OR EQUAL TO}{NBSP}{text}" if lower else text

    def people(self, team: str) -> tuple[str, ...]:
        """Return the keys of the people of a team and of those below it."""
        return tuple(one.key for one in self.desk.roster.members(team))

    def person(self, owner: str, flags: Flags) -> TeamRow:
        """Return the row of one person."""
        member = self.desk.roster.people.get(owner)
        team = self.desk.roster.name(member.team) if member and member.team else ""
        return TeamRow(
            self.desk.roster.name(owner),
            team,
            self._cells(Who(ScopeKind.OWNER, owner)),
            self._spark((owner,)),
            flags.of_person(owner),
            person=True,
        )

    def whole(self, who: Who, name: str, people: int, kind: Kind = Kind.PLAIN) -> TeamRow:
        """Return the row of a territory, or of all together."""
        owners = (
            tuple(self.desk.roster.people) if who.kind is ScopeKind.TENANT else self.people(who.id)
        )
        count = trn("{count} person", "{count} people", people)
        return TeamRow(name, count, self._cells(who), self._spark(owners), None, kind)

    def _cells(self, who: Who) -> tuple[HeatCell, ...]:
        return tuple(self._cell(who, one) for one in self.grid.measures)

    def _cell(self, who: Who, measure: Measure) -> HeatCell:
        found = self.grid.cells.get((who, measure.key))
        name = self.grid.kpis[measure.key].name
        period = self.desk.formats.period(self.grid.periods[measure.key])
        if found is None:
            told = tr("{kpi}: no record in {period}", kpi=name, period=period)
            return HeatCell(trc("a number", "none"), None, told)
        reading = found.reading
        if reading.value is None:
            lacks = why_none.never_loaded(reading)
            text = tr("not loaded") if lacks else trc("a number", "none")
            why = home_absences.told(str(measure.key), reading, period)
            return HeatCell(text, None, f"{name}: {why}")
        if found.too_few:
            text = tr("n\u00a0{count}, too small", count=reading.n)
            return HeatCell(text, None, f"{name}: {period}")
        return HeatCell(
            self.text(measure, reading.value), found.level, "", self._href(who, measure)
        )

    def _href(self, who: Who, measure: Measure) -> str:
        query: dict[str, str | None] = {"grain": measure.grain.value}
        if measure.grain is not Grain.DAY:
            query["period"] = self.grid.periods[measure.key].label
        if who.kind is ScopeKind.TEAM:
            query["team"] = self.desk.roster.teams[who.id].id
        if who.kind is ScopeKind.OWNER and who.id in self.desk.roster.people:
            query["owner"] = self.desk.roster.people[who.id].id
        return kpi_page(str(measure.key), **query)

    def _spark(self, owners: Sequence[str]) -> Spark | None:
        lines = [self.facts.built[owner] for owner in owners if owner in self.facts.built]
        if not lines:
            return None
        points = tuple(float(sum(week)) for week in zip(*lines, strict=True))
        top = self.desk.formats.short(max(points), Unit.MONEY)
        return Spark(points, summary=tr("Pipeline built a week, at most {value}.", value=top))
