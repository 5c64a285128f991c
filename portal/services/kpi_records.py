"""The records behind a number as a page shows them: marked by how they counted, in pages."""

from collections.abc import Mapping
from dataclasses import replace

from kpi_engine.compiler.relations import key_alone
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from kpi_engine.questions import Dimension
from portal.readmodels.cards import Choice
from portal.readmodels.kpi_page import Records
from portal.security.permissions import Denied, Permission, may
from portal.services import catalogue_words, records
from portal.services.engines import Workshop
from portal.services.kpi_sights import Sight
from portal.services.kpi_split import group_of
from portal.services.record_tables import PARTS, heads_of, numeric, rows_of
from portal.services.records import Counted, Found, RecordsAsked
from portal.services.too_slow import TooSlowError

PAGE = 50
_MOST_PAGES = 2000
_SIDES = {"under": mark("Below the line"), "over": mark("Above the line"), "": mark("All")}
_INSIDE = {"under": mark("below the line"), "over": mark("above the line"), "": mark("all")}
"""The same within a sentence."""
_ALL = "all"
_EXPORTS = (("csv", "CSV"), ("xlsx", "XLSX"))
_NOT_ITS_OWN = mark(
    "This KPI is worked out from parts, so it has no records of its own. These are the records of"
    " its parts, each marked."
)
_NOT_EXACT = mark("A mean over days or a comparison by account: these records stood in the period.")


def panel(workshop: Workshop, sight: Sight, page: str) -> Records:
    """Return the panel: the records if the address asks for them, else the way to them."""
    desk, period = sight.desk, sight.desk.formats.period(sight.period)
    title = tr("Records behind {period}", period=period)
    denied = may(desk.actor, Permission.RECORDS_READ)
    if isinstance(denied, Denied):
        return _bare(title, denied=tr(denied.reason))
    side = sight.query.get("records", "")
    if not side:
        return _bare(title, opens=sight.address(records=_ALL))
    try:
        found = found_for(workshop, sight, (_number(page) - 1) * PAGE, PAGE)
    except TooSlowError as error:
        # The number above is known; only what lies behind it is not told.
        return _bare(title, empty=str(error))
    return _drawn(sight, title, found, _number(page))


def found_for(workshop: Workshop, sight: Sight, skip: int, most: int) -> Found:
    """Return the records that the address asks for, so many after so many."""
    return records.find(workshop, sight.desk.card.key, _asked(sight, skip, most))


def _bare(title: str, *, denied: str = "", opens: str = "", empty: str = "") -> Records:
    none = Records(title, "", (), (), (), frozenset(), (), "")
    return replace(none, denied=denied, opens=opens, empty=empty)


def _asked(sight: Sight, skip: int, most: int) -> RecordsAsked:
    side = sight.query.get("records", "")
    return RecordsAsked(
        KpiKey(sight.kpi.key),
        sight.period,
        sight.view.scope,
        sight.desk.today,
        _group(sight),
        "" if side == _ALL else side,
        sight.query.get("part", ""),
        skip,
        most,
    )


def _group(sight: Sight) -> Mapping[Dimension, str | None]:
    found = group_of(sight.query.get("group", ""), sight.query.get("split", ""))
    return found or {}


def _number(page: str) -> int:
    return min(max(int(page), 1), _MOST_PAGES) if page.isdecimal() else 1


def _drawn(sight: Sight, title: str, found: Found, page: int) -> Records:
    formats, chosen = sight.desk.formats, found.chosen
    if chosen is None or not found.n:
        return Records(
            title, _whose(sight), _sides(sight, found), (), (), frozenset(), (), "",
            empty=tr("{name} has no record here.", name=sight.view.name),
        )  # fmt: skip
    heads = heads_of(sight, found)
    rows = rows_of(sight, found)
    if not rows:
        return _beyond(sight, title, found, page)
    first = (page - 1) * PAGE + 1
    last = min(first + PAGE - 1, found.n)
    counted = tr(
        "{first}\N{EN DASH}{last} of {count}",
        first=formats.number(first),
        last=formats.number(last),
        count=formats.number(found.n),
    )
    return Records(
        title,
        f"{_told(sight, found)} {_whose(sight)}",
        _sides(sight, found),
        _parts(sight, chosen, found.part),
        heads,
        frozenset(numeric(found)),
        rows,
        counted,
        "" if page == 1 else sight.address(page=str(page - 1)),
        sight.address(page=str(page + 1)) if last < found.n else "",
        _exports(sight),
        _note(found, chosen),
    )


def _beyond(sight: Sight, title: str, found: Found, page: int) -> Records:
    count = sight.desk.formats.number(found.n)
    told = tr("There is no page {page}: {count} records are fewer.", page=page, count=count)
    first = sight.address(page=None)
    bare = _bare(title, empty=told)
    return replace(bare, sub=_whose(sight), sides=_sides(sight, found), opens_first=first)


def _note(found: Found, chosen: Counted) -> str:
    if not found.simple:
        return tr(_NOT_ITS_OWN)
    return "" if chosen.exact else tr(_NOT_EXACT)


def _exports(sight: Sight) -> tuple[Choice, ...]:
    if not sight.desk.may(Permission.EXPORT_MAKE):
        return ()
    return tuple(Choice(text, sight.export("records", kind)) for kind, text in _EXPORTS)


def _told(sight: Sight, found: Found) -> str:
    number = sight.desk.formats.number
    told = [
        _records(number(one.total), one, alone=len(found.sides) == 1)
        for one in found.sides
        if one.entity
    ]
    return f"{', '.join(told[:4])}." if told else ""


def _records(count: str, one: Counted, *, alone: bool) -> str:
    records = catalogue_words.records(one.entity, one.total)
    if alone:
        return f"{count} {records}"
    side = _named(one.side.name, _INSIDE)
    return tr("{count} {records} {side}", count=count, records=records, side=side)


def _whose(sight: Sight) -> str:
    group = _group(sight)
    told = ""
    if group:
        name = next(iter(group.values())) or tr("Not recorded")
        told = " " + tr("Only the group '{name}'.", name=key_alone(name))
    whole = tr("You may see all of them.")
    if sight.view.query:
        whole = tr("Those of {name}.", name=sight.view.name)
    return f"{whole}{told}"


def _side_name(name: str) -> str:
    """Return what a part of a measure is called: 'Below the line', 'Won, above the line'."""
    told = _named(name, _SIDES)
    return told[:1].upper() + told[1:]


def _named(name: str, whole: Mapping[str, str]) -> str:
    if name in whole:
        return tr(whole[name])
    words = [one for one in name.split(".") if one not in {"over", "under"}]
    places = [tr(_INSIDE[one]) for one in name.split(".") if one in {"over", "under"}]
    return ", ".join([*(one.replace("_", " ") for one in words), *places[:1]])


def _sides(sight: Sight, found: Found) -> tuple[Choice, ...]:
    if len(found.sides) < 2:  # noqa: PLR2004 - one side is no choice
        return ()
    number = sight.desk.formats.number
    return tuple(
        Choice(
            f"{_side_name(one.side.name)} {number(one.total)}",
            sight.address(records=one.side.name or _ALL, part=None),
            one is found.chosen,
        )
        for one in found.sides
    )


def _parts(sight: Sight, chosen: Counted, part: str) -> tuple[Choice, ...]:
    if len(chosen.parts) < 2:  # noqa: PLR2004 - one part is no choice
        return ()
    number = sight.desk.formats.number
    whole = number(sum(chosen.parts.values()))
    every = Choice(tr("All {count}", count=whole), sight.address(part=None), not part)
    return (
        every,
        *(
            Choice(
                f"{tr(PARTS.get(one, one))} {number(count)}", sight.address(part=one), one == part
            )
            for one, count in chosen.parts.items()
        ),
    )
