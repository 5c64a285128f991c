"""The panel 'Who moved it' of a KPI's page."""

from collections.abc import Sequence

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from kpi_engine.statistics.contribution import Method
from kpi_engine.units import Unit
from portal.readmodels.formats import Formats
from portal.readmodels.moved import Moved, MovedPart, MovedRate
from portal.services import addresses, listed
from portal.services.attributions import Attribution, Kind, NotTold, Part, Rate, attribution
from portal.services.engines import Workshop
from portal.services.kpi_sights import Sight

_LEAST_LABEL = 0.1
_COMPANY_ONLY = mark("This KPI is told for the whole company only.")
_ARROW = "\N{RIGHTWARDS ARROW}"
_FEET = {
    Kind.INPUTS: mark("Parts of what it is computed from."),
    Kind.GROUPS: mark("Parts of those whose records it counts."),
}


def moved(workshop: Workshop, sight: Sight) -> Moved:
    """Return who moved the KPI since the period before."""
    desk, formats, unit = sight.desk, sight.desk.formats, sight.kpi.unit
    if sight.company_only:
        return Moved("", ("", ""), ("", ""), "", (), "", empty=tr(_COMPANY_ONLY))
    found = attribution(workshop, desk, sight.kpi, sight.view.who, sight.before, sight.period)
    if isinstance(found, NotTold):
        return Moved("", ("", ""), ("", ""), "", (), "", empty=found.reason)
    before, now = (formats.short(value, unit) for value in found.values)
    owners = found.kind is Kind.OWNERS
    return Moved(
        found.sentence,
        (formats.period(sight.before), before),
        (formats.period(sight.period), now),
        tr("{sentence} From {before} to {now}.", sentence=found.sentence, before=before, now=now),
        tuple(_parts(sight, found)),
        _foot(found),
        tr("How it is split") if owners else "",
        f"/framework/owners?kpi={sight.kpi.key}" if owners else "",
    )


def _parts(sight: Sight, found: Attribution) -> list[MovedPart]:
    steps = [*found.shown.parts, *([found.shown.mix] if found.shown.mix is not None else [])]
    size = sum(map(abs, steps)) or 1
    told = [
        _part(sight, found, part, found.shown.parts[at], abs(found.shown.parts[at]) / size)
        for at, part in enumerate(found.parts)
    ]
    # The reader's own part stands first, then the others in their order.
    told.sort(key=lambda one: not one.own)
    if found.whose_mix is not None and found.shown.mix is not None:
        told.append(_mix(sight, found, found.shown.mix, abs(found.shown.mix) / size))
    return told


def _part(sight: Sight, found: Attribution, part: Part, steps: int, width: float) -> MovedPart:
    return MovedPart(
        part.name,
        found.shown.with_unit(steps, sight.desk.formats),
        width,
        found.shown.signed(steps) if width >= _LEAST_LABEL else "",
        steps * found.shown.total < 0,
        part.person or "",
        _role(part, sight.desk.formats),
        part.responsibility,
        tuple(_rate(sight, rate) for rate in part.rates),
        own=part.person_id is not None and part.person_id == sight.desk.actor.person,
    )


def _role(part: Part, formats: Formats) -> str:
    if part.share is None:
        return ""
    share = formats.per_cent(float(part.share) / 100, 0 if part.share == int(part.share) else 2)
    return tr("{part}, {share} share", part=part.name, share=share)


def _opens(sight: Sight, kpi: KpiKey) -> bool:
    """Say whether the page of an input may be opened; its number is a part of this one's anyway."""
    return sight.desk.sees(kpi, sight.view.who)


def _rate(sight: Sight, rate: Rate) -> MovedRate:
    href = ""
    if rate.kpi is not None and rate.kpi != sight.kpi.key and _opens(sight, rate.kpi):
        href = addresses.kpi_page(rate.kpi, **dict(sight.view.query))
    return MovedRate(rate.name, _ends(rate, sight.desk.formats), href)


def _ends(rate: Rate, formats: Formats) -> str:
    if rate.before is None or rate.now is None:
        told = [
            tr("no number") if one is None else formats.short(one, rate.unit)
            for one in (rate.before, rate.now)
        ]
        return f"{told[0]} {_ARROW} {told[1]}"
    if rate.unit is Unit.RATIO:
        return (
            f"{formats.bare(rate.before, rate.unit)} {_ARROW} {formats.short(rate.now, rate.unit)}"
        )
    return f"{formats.short(rate.before, rate.unit)} {_ARROW} {formats.short(rate.now, rate.unit)}"


def _mix(sight: Sight, found: Attribution, steps: int, width: float) -> MovedPart:
    mix = found.whose_mix
    note = mix.note if mix is not None else ""
    return MovedPart(
        mix.name if mix is not None else tr("Mix"),
        found.shown.with_unit(steps, sight.desk.formats),
        width,
        found.shown.signed(steps) if width >= _LEAST_LABEL else "",
        steps * found.shown.total < 0,
        nobodys=True,
        note=tr("Nobody's: {note}", note=note)
        if note
        else tr("Nobody's: the weights of the parts moved."),
    )


def _foot(found: Attribution) -> str:
    foot = _FEET.get(found.kind)
    told = tr(foot) if foot else _acknowledged(found.parts)
    if found.kind is Kind.OWNERS and found.whose_mix is not None:
        mix = found.whose_mix.of
        told = tr("{told} Each part within the same {mix}.", told=told, mix=mix)
    if found.method is Method.SHAPLEY:
        return tr("{told} A part changed its sign: told by Shapley's value.", told=told)
    return told


def _acknowledged(parts: Sequence[Part]) -> str:
    open_ = [part.person or part.name for part in parts if not part.acknowledged]
    if not open_:
        if len(parts) == 2:  # noqa: PLR2004 - two are both
            return tr("Split acknowledged by both.")
        return tr("Split acknowledged by all.")
    return tr("Split not acknowledged yet by {names}.", names=listed.anded(open_))
