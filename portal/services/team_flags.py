"""What should be said of a person or a territory in few words; the most important thing only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr, trn
from kpi_engine.units import Unit
from portal.models.observations import ScopeKind
from portal.readmodels.cards import Status, Tone
from portal.readmodels.formats import Formats
from portal.services.activities import Doing
from portal.services.deals import NOTHING
from portal.services.numbers import Who
from portal.services.opportunities import at_risk
from portal.services.sales_facts import BEFORE_WEEKS, RECENT_WEEKS, TeamFacts
from portal.services.statuses import LEAST_RECORDS
from portal.services.team_grid import Grid
from portal.services.working_time import is_early

_PUSH, _DROP = 1.25, 0.15
_PART = RECENT_WEEKS / BEFORE_WEEKS
_FEWEST_CALLS = 30
_FEW_PEOPLE = 4
_STARVED = 0.8
_MANY_TASKS = 3
_WIN_RATE, _QUOTA, _COVERAGE = (
    KpiKey("win_rate"),
    KpiKey("quota_attainment"),
    KpiKey("pipeline_coverage_remaining"),
)


@dataclass(frozen=True, slots=True)
class Push:
    """More calls, and less out of each: effort up, quality down."""

    calls: float
    """By how much more calls, as a share."""
    less: float
    """By how much less comes of a call, as a share."""
    of: str
    """What comes less: 'reach somebody', 'lead to a meeting'."""


_COMES = {Doing.CONNECTED: mark("reach somebody"), Doing.MEETINGS: mark("lead to a meeting")}
_FLAGS = {
    _COMES[Doing.CONNECTED]: mark("Guardrail: calls up {calls}, {less} fewer reach somebody"),
    _COMES[Doing.MEETINGS]: mark("Guardrail: calls up {calls}, {less} fewer lead to a meeting"),
}


def push(did: Mapping[tuple[str, Doing], tuple[int, ...]], owners: Sequence[str]) -> Push | None:
    """Return the call push of some people in the last eight weeks; None where there is none."""
    before, now = _summed(did, owners, Doing.CALLS)
    if min(now, before * _PART) < _FEWEST_CALLS:
        return None
    more = now / (before * _PART)
    fewer = {}
    for doing in _COMES:
        came_before, came = _summed(did, owners, doing)
        if came_before:
            fewer[doing] = 1 - (came / now) / (came_before / before)
    worst = max(fewer, key=lambda doing: fewer[doing], default=None)
    if worst is None or more < _PUSH or fewer[worst] < _DROP:
        return None
    return Push(more - 1, fewer[worst], _COMES[worst])


def _summed(
    did: Mapping[tuple[str, Doing], tuple[int, ...]], owners: Sequence[str], doing: Doing
) -> tuple[int, int]:
    """Return how often some people did something before, and of late."""
    lines = [did[owner, doing] for owner in owners if (owner, doing) in did]
    return sum(line[0] for line in lines), sum(line[1] for line in lines)


@dataclass(frozen=True, slots=True)
class Flags:
    """Says the flag of each person and territory of one team."""

    grid: Grid
    facts: TeamFacts
    formats: Formats
    owners: tuple[str, ...]

    def of_person(self, owner: str) -> Status | None:
        """Return the most important thing of a person; None where nothing stands out."""
        return (
            self.pushed((owner,))
            or self._gem(owner)
            or self._flagged(owner)
            or self._slipped(owner)
            or self._overdue(owner)
        )

    def pushed(self, owners: Sequence[str]) -> Status | None:
        """Return that calls went up and less came of them; None where that is not so."""
        found = push(self.facts.did, owners)
        if found is None:
            return None
        calls, less = self.formats.per_cent(found.calls), self.formats.per_cent(found.less)
        text = tr(_FLAGS[found.of], calls=calls, less=less)
        return Status(Tone.BAD, text, "shield-exclamation")

    def _gem(self, owner: str) -> Status | None:
        """Whoever wins most of what they get, and gets little."""
        rates = {
            one: cell.reading.value
            for one in self.owners
            if (cell := self.grid.cells.get((Who(ScopeKind.OWNER, one), _WIN_RATE))) is not None
            and cell.reading.value is not None
            and cell.reading.n >= LEAST_RECORDS
        }
        volume = self.grid.volume
        given = sum(volume.values())
        if len(rates) < _FEW_PEOPLE or owner not in rates or not given:
            return None
        share = volume.get(owner, 0.0) / given
        if rates[owner] < max(rates.values()) or share * len(volume) > _STARVED:
            return None
        text = tr("Best win rate; gets {share} of the leads", share=self.formats.per_cent(share))
        return Status(Tone.GOOD, text, "stars")

    def _flagged(self, owner: str) -> Status | None:
        deals = self.facts.open.get(owner, ())
        risky = at_risk(deals)
        amount = sum((one.deal.amount for one in risky), NOTHING)
        total = sum((one.deal.amount for one in deals), NOTHING)
        if len(risky) < 2 or amount * 4 < total:  # noqa: PLR2004 - one in four is worth a word
            return None
        text = tr(
            "{count} of {total} deals stalled or past due", count=len(risky), total=len(deals)
        )
        # Of deals whose amounts nobody entered, a sum of 0 would read as worth nothing.
        if amount:
            text = f"{text}, {self.formats.short(float(amount), Unit.MONEY)}"
        late = self.facts.overdue.get(owner, 0)
        if late >= _MANY_TASKS:
            text = "; ".join([text, tr("{count} tasks overdue", count=late)])
        return Status(Tone.BAD if amount * 2 > total else Tone.WATCH, text)

    def _slipped(self, owner: str) -> Status | None:
        deals = self.facts.slips.get(owner, ())
        if not deals:
            return None
        money = self.formats.short(float(sum((one.amount for one in deals), NOTHING)), Unit.MONEY)
        text = trn(
            "{count}\u00a0deal slipped twice, {money}",
            "{count}\u00a0deals slipped twice, {money}",
            len(deals),
            money=money,
        )
        return Status(Tone.WATCH, text)

    def _overdue(self, owner: str) -> Status | None:
        late = self.facts.overdue.get(owner, 0)
        if late < _MANY_TASKS:
            return None
        return Status(Tone.WATCH, tr("{count} tasks overdue", count=late))

    def of_teams(self, teams: Mapping[str, Sequence[str]]) -> Mapping[str, Status]:
        """Return what sets territories, with their people, apart from each other."""
        told_of = {team: self.pushed(owners) for team, owners in teams.items()}
        found = {team: flag for team, flag in told_of.items() if flag is not None}
        pace = self.grid.part
        for key, text in (
            (_QUOTA, tr("Furthest behind pace")),
            (_COVERAGE, tr("Lowest coverage")),
        ):
            told = {
                team: value
                for team in teams
                if (value := self.grid.value(Who(ScopeKind.TEAM, team), key)) is not None
            }
            if len(told) < 2:  # noqa: PLR2004 - alone, nothing is the lowest
                continue
            lowest = min(told, key=lambda team: (told[team], team))
            paced = round(told[lowest], 2) >= round(pace, 2) or is_early(pace)
            if key == _QUOTA and paced:
                continue
            found.setdefault(lowest, Status(Tone.NEUTRAL, text, "info-circle"))
        return found
