"""The segments of a shared or plain ratio: each one's factors before and now, from the facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from kpi_engine.questions import Dimension, Scope
from kpi_engine.questions import ScopeKind as Reaching
from kpi_engine.reading import Reading
from kpi_engine.statistics.contribution import Segment, SegmentParts, of_segments
from portal.models.observations import ScopeKind
from portal.services import loads, splits
from portal.services.attribution_parts import Asked, Mix, adds_up, near
from portal.services.engines import Workshop
from portal.services.split_figures import NAMELESS
from portal.services.splits import SplitAnswer, SplitAsked

_PEOPLE = frozenset({"team", "rep"})
_MIX_OF = {
    "source": (mark("Mix of sources"), mark("sources")),
    "product": (mark("Mix of products"), mark("products")),
    "region": (mark("Mix of regions"), mark("regions")),
    "campaign": (mark("Mix of campaigns"), mark("campaigns")),
    "segment": (mark("Mix of segments"), mark("segments")),
    "industry": (mark("Mix of industries"), mark("industries")),
    "priority": (mark("Mix of priorities"), mark("priorities")),
    "kind": (mark("Mix of kinds"), mark("kinds")),
}


@dataclass(frozen=True, slots=True)
class Chain:
    """KPIs whose rates follow on each other, from the lower part of the whole to its upper part.

    `keys` has the whole KPI last: its own upper part ends the last rate.
    """

    keys: tuple[KpiKey, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The parts of each link of a chain, and the mix, which nobody did."""

    links: tuple[float, ...]
    mix: Mix


def told(workshop: Workshop, asked: Asked, chain: Chain) -> Told | None:
    """Return the parts over the KPI's main dimension; None where it has none, or they don't add up.

    They don't where the facts have moved on since the numbers were taken.
    """
    name = main_dimension(asked)
    if not name:
        return None
    answers = [_answer(workshop, asked, key, splits.NAMES[name]) for key in chain.keys]
    if not _same_whole(asked, answers[-1]):
        return None
    before, now = (_segments(answers, place) for place in (0, 1))
    if not all(sum(one.under for one in side.values()) for side in (before, now)):
        return None
    parts = of_segments(before, now)
    links = tuple(sum(one.rates[at] for one in parts.values()) for at in range(len(chain.keys)))
    mix = sum(one.mix for one in parts.values())
    if not adds_up(asked, [*links, mix]):
        return None
    note = _note(asked, answers[-1], parts)
    return Told(links, _mix(name, mix, note))


def _mix(name: str, amount: float, note: str) -> Mix:
    whole, parts = _MIX_OF[name]
    return Mix(tr(whole), amount, note, of=tr(parts))


def main_dimension(asked: Asked) -> str:
    """Return by what a KPI is told apart first, but not by who worked on it; empty for none."""
    offered = splits.offered(asked.desk.catalogue, asked.kpi.key, asked.who)
    return next((name for name in offered if name not in _PEOPLE), "")


def _answer(workshop: Workshop, asked: Asked, key: KpiKey, dimension: Dimension) -> SplitAnswer:
    desk = asked.desk
    version = (loads.current_pin(desk.session).seq, fingerprints(desk.catalogue)[key])
    question = SplitAsked(key, asked.now, asked.before, _scope(asked), dimension, desk.today)
    return splits.split(workshop, desk.card.key, version, question)


def _scope(asked: Asked) -> Scope:
    if asked.who.kind is ScopeKind.TENANT:
        return Scope()
    kind = Reaching.TEAM if asked.who.kind is ScopeKind.TEAM else Reaching.OWN
    return Scope(kind, (asked.who.id,))


def _same_whole(asked: Asked, answer: SplitAnswer) -> bool:
    pairs = zip((answer.whole.before, answer.whole.now), asked.readings, strict=True)
    return all(near(one.value, other.value) for one, other in pairs)


def _segments(answers: Sequence[SplitAnswer], place: int) -> Mapping[str, Segment]:
    """Return each segment's lower part and the factors of its rate, link by link."""
    sides = [_by_key(answer, place) for answer in answers]
    keys = dict.fromkeys(key for side in sides for key in side)
    return {key: _segment([side.get(key) for side in sides]) for key in keys}


def _by_key(answer: SplitAnswer, place: int) -> Mapping[str, Reading]:
    return {group.key or "": (group.pair.before, group.pair.now)[place] for group in answer.groups}


def _segment(readings: Sequence[Reading | None]) -> Segment:
    first = next((one for one in readings if one is not None), None)
    under = (first.under or 0.0) if first is not None else 0.0
    factors: list[float | None] = []
    step = under
    for reading in readings:
        over = (reading.over or 0.0) if reading is not None else 0.0
        factors.append(over / step if step else None)
        step = over
    return Segment(under, tuple(factors))


def _note(asked: Asked, answer: SplitAnswer, parts: Mapping[str, SegmentParts]) -> str:
    """Name the segment whose weight moved the whole most the way the mix did."""
    total = sum(one.mix for one in parts.values())
    whole_before, whole_now = answer.whole.before.under, answer.whole.now.under
    if not whole_before or not whole_now or not total:
        return ""
    middle = sum(asked.values) / 2
    best, size = "", 0.0
    for group in answer.groups:
        was, is_now = (
            (one.under or 0.0) / whole
            for one, whole in (
                (group.pair.before, whole_before),
                (group.pair.now, whole_now),
            )
        )
        rates = [one.value for one in (group.pair.before, group.pair.now) if one.value is not None]
        pull = (is_now - was) * (sum(rates) / len(rates) - middle) if rates else 0.0
        if pull * total > 0 and abs(pull) > size:
            best, size = _moved(asked, group.label or tr(NAMELESS), was, is_now), abs(pull)
    return best


def _moved(asked: Asked, name: str, was: float, is_now: float) -> str:
    formats = asked.desk.formats
    ends = f"{formats.number(was * 100, 1)} \N{RIGHTWARDS ARROW} {formats.per_cent(is_now, 1)}"
    return f"{name} {ends}"
