"""Who moved it in words: figures that add up as they are shown, and the sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from kpi_engine.language import tr
from kpi_engine.statistics import contribution
from kpi_engine.units import Unit
from portal.readmodels.figures import Scale, scale_of
from portal.readmodels.formats import Formats
from portal.services.attribution_parts import Asked, Found
from portal.services.split_figures import steps_of

_MOST_NAMED = 4
_MONEY = {Unit.MONEY, Unit.MONEY_PER_DAY}


@dataclass(frozen=True, slots=True)
class Shown:
    """The figures as they are displayed, in whole steps of the smallest digit.

    `parts` and `mix` add up to `total`, and `total` is the difference of the two displayed values.
    """

    scale: Scale
    unit: Unit
    total: int
    parts: tuple[int, ...]
    mix: int | None

    def signed(self, steps: int) -> str:
        """Return a figure with its sign and without its unit; nought has no sign."""
        text = self.scale.text(steps / 10.0**self.scale.places / self.scale.factor)
        return f"+{text}" if steps > 0 else text

    def whole(self, formats: Formats) -> str:
        """Return the change with its unit: '-3.0 pp'."""
        return self.with_unit(self.total, formats)

    def with_unit(self, steps: int, formats: Formats) -> str:
        """Return a figure with its unit, as money is written before and other units after it."""
        if self.unit in _MONEY:
            amount = steps / 10.0**self.scale.places / self.scale.factor
            return formats.difference(amount, 0.0, self.unit)
        unit = tr("pp") if self.unit is Unit.RATIO else self.scale.unit
        return f"{self.signed(steps)}\N{NO-BREAK SPACE}{unit}".rstrip()


def shown(asked: Asked, found: Found) -> Shown:
    """Return the figures as they are displayed: by largest remainders, so that they add up."""
    before, now = asked.values
    # A change of thousands in a sum of millions is told in thousands.
    size_of = [now - before] if asked.kpi.unit in _MONEY else [before, now]
    scale = scale_of(size_of, asked.kpi.unit, asked.desk.formats)
    total = steps_of(now, scale) - steps_of(before, scale)
    amounts = [part.amount for part in found.parts]
    everything = [*amounts, found.mix.amount] if found.mix else amounts
    size = scale.factor * 10.0**scale.places
    steps = [round(one) for one in contribution.rounded([x * size for x in everything], total, 0)]
    many = len(amounts)
    return Shown(
        scale, asked.kpi.unit, total, tuple(steps[:many]), steps[many] if found.mix else None
    )


def sentence(asked: Asked, found: Found, figures: Shown) -> str:
    """Return the change and its parts: '-3.0 pp: marketing -1.1, sales -1.6, mix -0.3'."""
    named: Sequence[tuple[str, int]] = list(
        zip([part.word for part in found.parts], figures.parts, strict=True)
    )
    if len(named) > _MOST_NAMED:
        ordered = sorted(named, key=lambda one: -abs(one[1]))
        rest = sum(steps for _, steps in ordered[_MOST_NAMED:])
        named = [*ordered[:_MOST_NAMED], (tr("others"), rest)]
    told = [f"{word} {figures.signed(steps)}" for word, steps in named]
    if figures.mix is not None:
        told.append(tr("mix {amount}", amount=figures.signed(figures.mix)))
    return f"{figures.whole(asked.desk.formats)}: {', '.join(told)}."
