"""The figures of a split: how sure each group is, and its part of the change, which adds up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor

from kpi_engine.definitions.kinds import Kpi
from kpi_engine.language import mark, tr, trn
from kpi_engine.reading import Absence, Reading, State
from kpi_engine.statistics.intervals import Interval, wilson
from kpi_engine.units import MEANS, Unit, half_up
from portal.readmodels.figures import Scale
from portal.services import statuses
from portal.services.listed import briefly
from portal.services.parts_of_change import OTHERS, Pair, contributions
from portal.services.splits import Group, SplitAnswer

NAMELESS = mark("Not recorded")
"""What the group of the records that say nothing is called; said by `tr`."""


def key_of(group: Group) -> str:
    """Return the key of a group among others; that of the records that say nothing is none's."""
    return "\0" if group.key is None else group.key


@dataclass(frozen=True, slots=True)
class Figures:
    """How the figures of a split are written; `parts` are in the smallest steps that are shown."""

    kpi: Kpi
    answer: SplitAnswer
    scale: Scale
    parts: Mapping[str, int]

    def moved(self, pair: Pair) -> str:
        """Return how a value moved, as the difference of what is shown."""
        if pair.now.value is None or pair.before.value is None:
            return ""
        return self.signed(self._steps(pair.now.value) - self._steps(pair.before.value))

    def part(self, groups: Sequence[Group]) -> str:
        """Return what groups add to the change."""
        keys = [key_of(group) for group in groups if key_of(group) in self.parts]
        return self.signed(sum(self.parts[key] for key in keys)) if keys else ""

    @property
    def others(self) -> str:
        """Return what belongs to no group; empty where all of it does."""
        return self.signed(self.parts[OTHERS]) if self.parts.get(OTHERS) else ""

    def signed(self, steps: int) -> str:
        """Return so many steps as a signed figure; nought has no sign."""
        text = self.scale.text(steps / 10**self.scale.places / self.scale.factor)
        return f"+{text}" if steps > 0 else text

    def _steps(self, value: float) -> int:
        return steps_of(value, self.scale)


def figures(kpi: Kpi, answer: SplitAnswer, scale: Scale) -> Figures:
    """Return the figures of a split; without parts where the change cannot be shared out."""
    whole = answer.whole
    if whole.now.value is None or whole.before.value is None:
        return Figures(kpi, answer, scale, {})
    groups = {key_of(one): one.pair for one in answer.groups}
    found = contributions(kpi, whole, groups)
    exact = {one.key: one.points * scale.factor * 10.0**scale.places for one in found}
    total = steps_of(whole.now.value, scale) - steps_of(whole.before.value, scale)
    return Figures(kpi, answer, scale, shared_out(exact, total) if exact else {})


def alone(answer: SplitAnswer) -> SplitAnswer:
    """Return a split compared with nothing: its period runs, and the one before is a whole one."""
    none = Reading(None, State.ABSENT, Absence.NOT_BEGUN.value, 0)
    groups = tuple(
        replace(one, pair=Pair(one.pair.now, none))
        for one in answer.groups
        if one.pair.now.value is not None or one.pair.now.n
    )
    return SplitAnswer(Pair(answer.whole.now, none), groups)


def steps_of(value: float, scale: Scale) -> int:
    """Return a value as a whole number of the smallest step that is shown."""
    return int(half_up(value * scale.factor * 10.0**scale.places))


def shared_out(exact: Mapping[str, float], total: int) -> Mapping[str, int]:
    """Round numbers so that they add up: the largest remainders are rounded up first."""
    whole = {key: floor(value) for key, value in exact.items()}
    left = total - sum(whole.values())
    order = sorted(exact, key=lambda key: (whole[key] - exact[key], key))
    if left < 0:
        order.reverse()
    for place in range(abs(left)):
        whole[order[place % len(order)]] += 1 if left > 0 else -1
    return whole


def ranked(kpi: Kpi, groups: Iterable[Group]) -> list[Group]:
    """Return groups, the largest first; then those of too few records, then those without any."""

    def place(group: Group) -> tuple[bool, bool, float, str]:
        now = group.pair.now
        few = statuses.too_few(kpi, now)
        return (now.value is None, few, -(now.value or 0.0), group.label or "")

    return sorted(groups, key=place)


def interval_of(kpi: Kpi, reading: Reading) -> Interval | None:
    """Return how sure a share is; only a share of records, not one of money, can be told."""
    over, under = reading.over, reading.under
    if kpi.unit is not Unit.RATIO or over is None or under is None or reading.value is None:
        return None
    if statuses.too_few(kpi, reading) or under != reading.n or not 0 <= over <= under:
        return None
    return wilson(over, under) if float(over).is_integer() else None


def top_of(kpi: Kpi, answer: SplitAnswer) -> float:
    """Return the end of the bars' scale: the largest value or whisker of the groups.

    The whole is among them where it is marked on the scale: of a mean, and not of a sum.
    """
    whole = answer.whole.now.value if kpi.unit in MEANS else None
    ends = [0.0, whole or 0.0]
    for group in answer.groups:
        reading = group.pair.now
        interval = interval_of(kpi, reading)
        few = statuses.too_few(kpi, reading)
        ends += [0.0 if few else reading.value or 0.0, interval.high if interval else 0.0]
    return max(ends)


def apart(kpi: Kpi, answer: SplitAnswer) -> str:
    """Say which groups lie apart from the whole by more than chance; nothing of a single one."""
    if len(answer.groups) == 1:
        return ""
    whole = answer.whole.now.value
    told: dict[str, list[str]] = {"above": [], "below": []}
    sure = False
    for group in ranked(kpi, answer.groups):
        interval = interval_of(kpi, group.pair.now)
        if interval is None or whole is None:
            continue
        sure = True
        side = "above" if interval.low > whole else "below" if interval.high < whole else ""
        if side:
            told[side].append(group.label or tr(NAMELESS))
    if not sure:
        return ""
    above = _above(told["above"]) if told["above"] else ""
    below = _below(told["below"]) if told["below"] else ""
    if not above and not below:
        return tr("No group lies clearly apart; the differences may be chance.")
    named = ", ".join(part for part in (above, below) if part)
    return tr("{groups}; the rest may be chance.", groups=named)


_FEW = 3


def _above(names: Sequence[str]) -> str:
    return trn(
        "{names} lies clearly above",
        "{names} lie clearly above",
        len(names),
        names=briefly(names, _FEW),
    )


def _below(names: Sequence[str]) -> str:
    return trn(
        "{names} lies clearly below",
        "{names} lie clearly below",
        len(names),
        names=briefly(names, _FEW),
    )
