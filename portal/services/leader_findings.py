"""The one thing that a sales leader should know first, worked out from the numbers.

Each rule says how much money it is about, as a part of the quota; the largest is told. A rule that
is not about money weighs as much as is written beside it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kpi_engine.language import mark, tr
from kpi_engine.units import Unit
from portal.readmodels.cards import Finding, Tone
from portal.readmodels.formats import Formats
from portal.services import forecast_verdict, pipeline_funnel
from portal.services.addresses import kpi_page
from portal.services.deals import NOTHING, Deal
from portal.services.pipeline import Move, Step, Usual
from portal.services.sales_facts import PeriodView, TeamFacts
from portal.services.stage_funnel import StageRow
from portal.services.team_flags import push
from portal.services.working_time import is_early

_PUSH, _WEAK = 0.12, 0.04
_MOST_OF_IT = 0.4
_SMALL = 0.03


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules look at."""

    facts: TeamFacts
    seen: PeriodView
    formats: Formats
    owners: tuple[str, ...]
    names: Callable[[str], str]
    team_of: Callable[[str], str]
    """What the team of a person is called; empty where there is only one."""
    quota: float | None
    won: float | None
    part: float
    scope: Mapping[str, str] = field(default_factory=dict)
    """How an address names whose numbers these are."""

    def money(self, amount: Decimal | float) -> str:
        """Return money as a sentence says it."""
        return self.formats.short(float(amount), Unit.MONEY)

    def weight(self, amount: Decimal | float) -> float:
        """Return how much an amount matters: its part of the quota, or of the pipeline."""
        whole = self.quota or float(self.facts.fall.amount(Step.START)) or float(self.won or 0)
        return abs(float(amount)) / whole if whole else 0.0


Told = tuple[float, Finding]


def finding(case: Case) -> Finding | None:
    """Return what stands first on the page; None where nothing stands out."""
    rules = (_slipped, _promised, _pushed, _weak, _pace)
    told = [found for rule in rules if (found := rule(case)) is not None]
    first = max(told, key=lambda one: one[0], default=None)
    return None if first is None or first[0] < _SMALL else first[1]


def _slipped(case: Case) -> Told | None:
    usual, amount = case.facts.usual.get(Step.SLIPPED), case.facts.fall.amount(Step.SLIPPED)
    if usual is None or not usual.beyond(amount) or amount > usual.middle:
        return None
    fact = _slip_words(case, amount, usual)
    link = (tr("See slipped deals"), kpi_page("slipped_deals", **case.scope))
    cause = _where(case, case.facts.fall.of(Step.SLIPPED), -amount)
    return case.weight(amount - usual.middle), Finding(fact, cause, *link, tone=Tone.BAD)


def _slip_words(case: Case, amount: Decimal, usual: Usual) -> str:
    period, slipped = case.formats.period_least(case.seen.period), case.money(-amount)
    if not usual.middle:
        return tr(
            "{amount} slipped out of {period}; by this day usually nothing has.",
            amount=slipped,
            period=period,
        )
    times, middle = float(amount / usual.middle), case.money(-usual.middle)
    if 1.9 <= times <= 2.15:  # noqa: PLR2004 - what a person calls double
        return tr(
            "Slipped deals doubled: {amount} left {period}, against {usual} by this day usually.",
            amount=slipped,
            period=period,
            usual=middle,
        )
    return tr(
        "Slipped deals are at {times} usual: {amount} left {period}, against {usual} by this day"
        " usually.",
        times=case.formats.times(times),
        amount=slipped,
        period=period,
        usual=middle,
    )


def _where(case: Case, moves: Iterable[Move], total: Decimal) -> str:
    """Name the territory, the person and the stage that hold most of what moved."""
    by_stage: dict[str, Decimal] = {}
    by_owner: dict[str, Decimal] = {}
    by_team: dict[str, Decimal] = {}
    for move in moves:
        _add(by_team, case.team_of(move.deal.owner), -move.amount)
        _add(by_stage, _stage(move.deal), -move.amount)
        _add(by_owner, move.deal.owner, -move.amount)
    stage, in_stage = _largest(by_stage)
    owner, of_owner = _largest(by_owner)
    parts = []
    team, of_team = _largest(by_team)
    if team and of_team >= total * Decimal(_MOST_OF_IT):
        share = case.formats.per_cent(float(of_team / total))
        parts.append(tr("{name} holds {share} of it.", name=team, share=share))
    elif of_owner >= total * Decimal(_MOST_OF_IT):
        share = case.formats.per_cent(float(of_owner / total))
        parts.append(tr("{name} holds {share} of it.", name=case.names(owner), share=share))
    row = next((one for one in case.facts.funnel.rows if one.stage == stage), None)
    if in_stage >= total * Decimal(_MOST_OF_IT):
        parts.append(_stalls(case, stage, row, float(in_stage / total)))
    return " ".join(parts) or tr("It is spread over people and stages.")


def _stalls(case: Case, stage: str, row: StageRow | None, share: float) -> str:
    if row is not None and row.days_above > 0 and row.days is not None and row.usual_days:
        days, usual = case.formats.number(row.days), case.formats.number(row.usual_days)
        return tr(
            "They stand in {stage}, {days} days where {usual} is usual.",
            stage=stage,
            days=days,
            usual=usual,
        )
    part = case.formats.per_cent(share)
    return tr("{share} of it stands in {stage}.", share=part, stage=stage)


def _stage(deal: Deal) -> str:
    return deal.stays[-1].stage if deal.stays else deal.stage


def _add(sums: dict[str, Decimal], key: str, amount: Decimal) -> None:
    sums[key] = sums.get(key, NOTHING) + amount


def _largest(sums: Mapping[str, Decimal]) -> tuple[str, Decimal]:
    return max(sums.items(), key=lambda one: (one[1], one[0]), default=("", NOTHING))


def _promised(case: Case) -> Told | None:
    expected = case.facts.expected
    said = case.facts.said[-1][1] if case.facts.said else None
    if expected is None or said is None or said <= expected.high:
        return None
    over = said - expected.high
    fact = tr(
        "The forecast of {forecast} stands {over} above what the model expects at most.",
        forecast=case.money(said),
        over=case.money(over),
    )
    near = forecast_verdict.bias_now(case.facts, case.seen)
    cause = tr(
        "The model's range is {low} to {high}.",
        low=case.money(expected.low),
        high=case.money(expected.high),
    )
    if near is not None and near > 0:
        ran = case.formats.per_cent(near)
        cause = tr(
            "Earlier ones ran {share} over at this distance, so {forecast} means about {amount}.",
            share=ran,
            forecast=case.money(said),
            amount=case.money(forecast_verdict.meant(said, near)),
        )
    link = (tr("See forecast bias"), kpi_page("forecast_bias", **case.scope))
    return case.weight(over), Finding(fact, cause, *link, tone=Tone.WATCH)


def _pushed(case: Case) -> Told | None:
    fact = _push_words(case)
    if not fact:
        return None
    pushed = [owner for owner in case.owners if push(case.facts.did, (owner,)) is not None]
    cause = tr("It is spread over the team.")
    if pushed:
        names = ", ".join(case.names(owner) for owner in pushed[:3])
        cause = tr("Most of all with {names}.", names=names)
    link = (tr("See calls"), kpi_page("calls_made", **case.scope))
    return _PUSH, Finding(fact, cause, *link, tone=Tone.WATCH)


def _push_words(case: Case) -> str:
    found = push(case.facts.did, case.owners)
    if found is None:
        return ""
    calls, less = case.formats.per_cent(found.calls), case.formats.per_cent(found.less)
    return tr(
        "Calls are up {calls} in eight weeks, but {less} fewer of them {aim}.",
        calls=calls,
        less=less,
        aim=tr(found.of),
    )


def _weak(case: Case) -> Told | None:
    weak = case.facts.funnel.weak
    if weak is None:
        return None
    name, rest = pipeline_funnel.weak_words(case.facts.funnel, case.formats)
    fact = f"{name} {rest}"
    over = case.seen.until >= case.seen.period.end
    cause = tr(_STOOD if over else _STAND, count=weak.here)
    return _WEAK, Finding(fact, cause, tr("See the stages"), "#funnel", tone=Tone.WATCH)


_STAND = mark("{count} deals stand there now.")
_STOOD = mark("{count} deals stood there at the end.")


def _pace(case: Case) -> Told | None:
    if not case.quota or case.won is None:
        return None
    gap = case.won - case.quota * case.part
    if gap < 0 and is_early(case.part):
        return None
    fact = _pace_words(case, gap, case.won)
    expected = case.facts.expected
    cause = _push_words(case)
    if not cause and expected is not None:
        cause = tr(
            "The model expects {low} to {high} against a quota of {quota}.",
            low=case.money(expected.low),
            high=case.money(expected.high),
            quota=case.money(case.quota),
        )
    tone = Tone.GOOD if gap >= 0 else Tone.BAD
    link = (tr("See the quota"), kpi_page("quota_attainment", **case.scope))
    return case.weight(gap), Finding(fact, cause, *link, tone=tone)


def _pace_words(case: Case, gap: float, won: float) -> str:
    period = case.formats.period_least(case.seen.period)
    told = {"period": period, "amount": case.money(abs(gap)), "won": case.money(won)}
    if case.part < 1:
        if gap >= 0:
            return tr("{period} is {amount} ahead of pace: {won} won.", **told)
        return tr("{period} is {amount} behind pace: {won} won.", **told)
    if gap >= 0:
        return tr("{period} is {amount} ahead of its quota: {won} won.", **told)
    return tr("{period} is {amount} behind its quota: {won} won.", **told)
