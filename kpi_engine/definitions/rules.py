"""What must hold between the definitions of a catalogue: each rule yields what breaks it.

A rule is handed the KPIs and the keys that a file defines but that could not be read; those are
told elsewhere and not told again as missing.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields

from kpi_engine.crm.derived import QUERYABLE
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.described import Timing
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.graph import Circle, ground_up
from kpi_engine.definitions.kinds import FirstTouch, Kpi, KpiKey, KpiRef, Part, Rolling, ToDate
from kpi_engine.definitions.nodes import MOMENTS, said
from kpi_engine.definitions.parts import inputs_of, walk
from kpi_engine.definitions.problems import Issue, Severity, printable
from kpi_engine.definitions.unit_rules import units_fit
from kpi_engine.definitions.value_rules import values_are_known
from kpi_engine.errors import did_you_mean
from kpi_engine.language import tr

Kpis = Mapping[KpiKey, Kpi]
Rule = Callable[[Kpis, frozenset[str]], Iterator[Issue]]

MAX_MEASURES = 500
MAX_STOREYS = 20
RESERVED = frozenset({"data", "drafts", "new", "proposals"})
"""What pages beside those of the KPIs are called in addresses."""
_KEY = re.compile(r"[a-z][a-z0-9_]{1,63}", re.ASCII)
_TRUTHS = ("where", "of_where", "event")
_TIMES = ("on", "start", "end", "reaches", "opened", "closed", "at", "after")


def issue(kpi: Kpi, place: str, text: str, severity: Severity = Severity.ERROR) -> Issue:
    """Return an issue of a KPI; its file and line are found later."""
    return Issue("", 0, place, kpi.key, severity, text)


def keys_are_plain(kpis: Kpis, _unread: frozenset[str]) -> Iterator[Issue]:
    """A key is a plain word, and a KPI has a name."""
    for key, kpi in kpis.items():
        if key != kpi.key or not _KEY.fullmatch(key):
            yield issue(
                kpi, "key", tr("A key is 2 to 64 of a-z, 0-9 and _, and begins with a letter.")
            )
        if not kpi.name.strip():
            yield issue(kpi, "name", tr("'name' is blank; say it in a few words."))


def key_refusal(key: str) -> str:
    """Say why no KPI can be given a key: its page would have another one's address; else empty."""
    return (
        tr("'{key}' is the address of a page. Choose another key.", key=key)
        if key in RESERVED
        else ""
    )


def keys_are_free(keys: Iterable[str]) -> Iterator[Issue]:
    """No KPI is given the address of another page. What holds already is left as it is."""
    for key in sorted(keys):
        text = key_refusal(key)
        if text:
            yield Issue("", 0, "key", key, Severity.ERROR, text)


def inputs_exist(kpis: Kpis, unread: frozenset[str]) -> Iterator[Issue]:
    """Every KPI that a KPI is built from is defined."""
    for kpi in kpis.values():
        for place, part in walk(kpi.measure):
            if isinstance(part, KpiRef) and part.key not in kpis and part.key not in unread:
                yield issue(kpi, place, tr("It uses {what}", what=_undefined(part.key, kpis)))


def companions_exist(kpis: Kpis, unread: frozenset[str]) -> Iterator[Issue]:
    """Every guardrail and every driven KPI is defined, and is another KPI."""
    for kpi in kpis.values():
        for place, keys in (("guardrails", kpi.guardrails), ("drives", kpi.drives)):
            for key in keys:
                if key == kpi.key:
                    yield issue(
                        kpi,
                        place,
                        tr("It names itself among its {place}; name another KPI.", place=place),
                    )
                elif key not in kpis and key not in unread:
                    yield issue(
                        kpi,
                        place,
                        tr("Its {place} name {what}", place=place, what=_undefined(key, kpis)),
                    )


def only_leading_ones_drive(kpis: Kpis, _unread: frozenset[str]) -> Iterator[Issue]:
    """A lagging KPI tells the result and drives nothing."""
    for kpi in kpis.values():
        if kpi.drives and kpi.timing is not Timing.LEADING:
            text = tr("It drives other KPIs but is lagging; only a leading one does.")
            yield issue(kpi, "drives", text, Severity.WARNING)


def _undefined(key: str, kpis: Iterable[str]) -> str:
    return tr(
        "'{key}', which is not defined.{hint}",
        key=printable(key[:64]),
        hint=did_you_mean(key, kpis),
    )


def no_cycles(kpis: Kpis, _unread: frozenset[str]) -> Iterator[Issue]:
    """No KPI is built from itself, by whatever way. Each circle is told once."""
    yield from map(depends_on_itself, ground_up(kpis)[1])


def depends_on_itself(circle: Circle) -> Issue:
    """Return the issue of KPIs of which each uses the next, and the last the first."""
    text = tr("It depends on itself: {circle}.", circle=" → ".join((*circle, circle[0])))
    return Issue("", 0, "measure", circle[0], Severity.ERROR, text)


def nothing_towers(kpis: Kpis, _unread: frozenset[str]) -> Iterator[Issue]:
    """A KPI stands on a bounded number of measures, in a bounded number of storeys."""
    heights: dict[KpiKey, int] = {}
    sizes: dict[KpiKey, int] = {}
    for key in ground_up(kpis)[0]:
        kpi = kpis[key]
        heights[key] = 1 + max((heights.get(each, 0) for each in inputs_of(kpi)), default=0)
        parts = [part for _, part in walk(kpi.measure)]
        sizes[key] = sum(sizes.get(p.key, 1) if isinstance(p, KpiRef) else 1 for p in parts)
        if heights[key] == MAX_STOREYS + 1:
            yield issue(
                kpi,
                "measure",
                tr("It stands on KPIs on KPIs, more than {most} deep.", most=MAX_STOREYS),
            )
        if sizes[key] > MAX_MEASURES:
            yield issue(
                kpi, "measure", tr("It stands on more than {most} measures.", most=MAX_MEASURES)
            )
            sizes[key] = 1  # told once, and not again by all that stands on it


def windows_are_not_nested(kpis: Kpis, _unread: frozenset[str]) -> Iterator[Issue]:
    """A trailing window or running total does not look through another one."""
    windowed: set[KpiKey] = set()
    for key in ground_up(kpis)[0]:
        kpi = kpis[key]
        windows = [
            (place, part) for place, part in walk(kpi.measure) if isinstance(part, Rolling | ToDate)
        ]
        if windows or windowed.intersection(inputs_of(kpi)):
            windowed.add(key)
        for place, part in windows:
            if any(_looks_through(below, windowed) for _, below in walk(part.measure)):
                yield issue(
                    kpi, place, tr("A window cannot look through another window; take one out.")
                )


def _looks_through(part: Part, windowed: set[KpiKey]) -> bool:
    return isinstance(part, Rolling | ToDate) or (isinstance(part, KpiRef) and part.key in windowed)


def types_fit(kpis: Kpis, _unread: frozenset[str]) -> Iterator[Issue]:
    """Filters are true or false, and what places a record in time is a date or a time."""
    for kpi in kpis.values():
        for place, part in walk(kpi.measure):
            for each in fields(part):
                value = getattr(part, each.name)
                if isinstance(value, Expression):
                    yield from _typed(kpi, f"{place}.{each.name}", each.name, value)


def _typed(kpi: Kpi, place: str, name: str, value: Expression) -> Iterator[Issue]:
    if name in _TRUTHS and value.type is not ColumnType.BOOLEAN:
        yield issue(
            kpi, place, tr("A filter is true or false, and this is {kind}.", kind=said(value.type))
        )
    if name in _TIMES and value.type not in MOMENTS:
        yield issue(
            kpi, place, tr("This has to be a date or a time, and is {kind}.", kind=said(value.type))
        )


def touches_refer(kpis: Kpis, _unread: frozenset[str]) -> Iterator[Issue]:
    """The column by which a touch is found refers to the entity that waits."""
    for kpi in kpis.values():
        for place, part in walk(kpi.measure):
            if isinstance(part, FirstTouch) and part.key == "id":
                column = QUERYABLE[part.first].column(part.by)
                if column and column.refers != part.of:
                    text = tr(
                        "'{column}' of {entity} does not refer to {other}.",
                        column=part.by,
                        entity=part.first,
                        other=part.of,
                    )
                    yield issue(kpi, f"{place}.by", text)


RULES: tuple[Rule, ...] = (
    keys_are_plain,
    inputs_exist,
    companions_exist,
    only_leading_ones_drive,
    no_cycles,
    nothing_towers,
    windows_are_not_nested,
    types_fit,
    touches_refer,
    units_fit,
    values_are_known,
)
