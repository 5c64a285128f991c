"""Replaced KPIs as pages show them: the panel of one replacement, and the ledger of all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from portal.readmodels.bridges import BridgeForm, BridgePanel, ReplacedPage
from portal.readmodels.cards import Choice, Head, Status, Tone
from portal.security.permissions import Permission
from portal.services import addresses, bridge_figures, bridge_keeping, bridge_words, bridges
from portal.services.bridges import Bridge, Run
from portal.services.desks import Desk
from portal.services.framework_tabs import CATALOGUE, REPLACED, tabs
from portal.services.numbers import TENANT

FORM = "/framework/kpis/{kpi}/bridge"
"""Where a bridge is stored before its end."""
_SUB = mark(
    "When one KPI follows another, both are told for a while. What they read then is stored, and"
    " never computed again."
)
_NOT_OPEN = mark("The bridge tells the company's numbers, which are not open to you.")
_WAITS = mark("The run has ended. The bridge is stored when the numbers tell its last day.")


@dataclass(frozen=True, slots=True)
class _Replacement:
    """One run with what is stored of it, the newest first, and what is live if it is not whole."""

    run: Run
    stored: tuple[Bridge, ...]
    live: Bridge | None

    @property
    def shown(self) -> Bridge | None:
        return self.live or next(iter(self.stored), None)


def page(desk: Desk, said: str = "") -> ReplacedPage:
    """Return the ledger; `said` is what the last change did."""
    return ReplacedPage(
        head=Head(tr("Replaced KPIs"), tr(_SUB)),
        tabs=tabs(REPLACED),
        said=said,
        panels=tuple(_panel(desk, one) for one in _replacements(desk)),
        catalogue=CATALOGUE,
    )


def of_kpi(desk: Desk, kpi: KpiKey) -> tuple[BridgePanel, ...]:
    """Return the panels of the replacements that a KPI has a part in, as old or as new.

    None for whom the company's numbers are not open: the page of a KPI tells them their own.
    """
    if not desk.sees(kpi, TENANT):
        return ()
    return tuple(_panel(desk, one) for one in _replacements(desk, kpi))


def form(desk: Desk, kpi: str) -> BridgeForm:
    """Return the form that stores a bridge before its end.

    Raises:
        NotThereError: if the KPI does not run beside a successor.
    """
    found = bridge_keeping.running(desk, kpi)
    return BridgeForm(
        title=_title(desk, found.run, found),
        told=_days(desk, found.run),
        sentence=_sentence(desk, found),
        back=f"{REPLACED}#bridge-{_anchor(found.run)}",
    )


def _replacements(desk: Desk, kpi: KpiKey | None = None) -> Iterator[_Replacement]:
    """Yield every replacement with a parallel run, the newest first.

    One that was taken back before anything was stored has nothing to show.
    """
    wanted = [
        run for run in bridges.runs(desk.session) if kpi is None or kpi in {run.kpi, run.successor}
    ]
    kept: dict[tuple[KpiKey, int], list[Bridge]] = {}
    for one in bridges.stored(desk.session, kpi) if wanted else ():
        kept.setdefault((one.run.kpi, one.run.revision), []).append(one)
    for run in wanted:
        stored = tuple(kept.get((run.kpi, run.revision), ()))
        whole = any(one.through == run.until_day for one in stored)
        live = None
        if run.current and not whole:
            live = bridges.live(bridge_keeping.ground_of(desk), run)
        if run.current or stored:
            yield _Replacement(run, _whole_first(stored, run), live)


def _whole_first(stored: Iterable[Bridge], run: Run) -> tuple[Bridge, ...]:
    """Put what tells the whole run before what was stored on the way, whenever it was."""
    return tuple(sorted(stored, key=lambda one: one.through != run.until_day))


def _panel(desk: Desk, one: _Replacement) -> BridgePanel:
    run, shown = one.run, one.shown
    opened = is_open(desk, run)
    told = shown if opened else None
    return BridgePanel(
        anchor=_anchor(run),
        title=_title(desk, run, shown),
        sub=_days(desk, run),
        pill=_pill(desk, one),
        sentence=_told(desk, one, opened=opened),
        old=_name(desk, run.kpi, shown.old.name if shown else None),
        new=_name(desk, run.successor, shown.new.name if shown else None),
        facts=tuple(_facts(desk, run, told)),
        charts=bridge_figures.charts(desk, told) if told else (),
        rows=bridge_figures.rows(desk, told) if told else (),
        foot=bridge_figures.definitions_note(told) if told else "",
        earlier=_earlier(desk, one) if opened else (),
        store=_store(desk, one),
        export=_export(desk, told),
        links=_links(desk, run),
    )


def is_open(desk: Desk, run: Run) -> bool:
    """Say whether the person sees the company's numbers of both, which is what a bridge tells."""
    return desk.sees(run.kpi, TENANT) and desk.sees(run.successor, TENANT)


def _anchor(run: Run) -> str:
    return f"{run.kpi}-{run.revision}"


def _name(desk: Desk, key: KpiKey, then: str | None) -> str:
    found = desk.catalogue.get(key)
    return then or (key if found is None else found.name)


def _title(desk: Desk, run: Run, shown: Bridge | None) -> str:
    return tr(
        "{old} was replaced by {new}",
        old=_name(desk, run.kpi, shown.old.name if shown else None),
        new=_name(desk, run.successor, shown.new.name if shown else None),
    )


def _days(desk: Desk, run: Run) -> str:
    first, last = desk.formats.day(run.from_day), desk.formats.day(run.until_day)
    return tr(
        "The whole company's numbers; both told from {first} until {last}.", first=first, last=last
    )


def _pill(desk: Desk, one: _Replacement) -> Status:
    if not one.run.current:
        return Status(Tone.NEUTRAL, tr("Taken back since"), "slash-circle")
    if any(each.through == one.run.until_day for each in one.stored):
        return Status(Tone.NEUTRAL, tr("Stored"), "check-circle")
    if desk.today <= one.run.until_day:
        day = desk.formats.day(one.run.until_day)
        return Status(Tone.NEUTRAL, tr("Running until {day}", day=day), "hourglass-split")
    return Status(Tone.NEUTRAL, tr("To be stored"), "hourglass-split")


def _told(desk: Desk, one: _Replacement, *, opened: bool) -> str:
    if not opened:
        return tr(_NOT_OPEN)
    if one.shown is None:
        return tr("One of the two is not in the catalogue any more, or nothing was read yet.")
    told = _sentence(desk, one.shown)
    if one.live is not None and desk.today > one.run.until_day:
        return f"{told} {tr(_WAITS)}"
    return told


def _sentence(desk: Desk, found: Bridge) -> str:
    return bridge_words.sentence(found, desk.formats)


def _facts(desk: Desk, run: Run, told: Bridge | None) -> Iterator[tuple[str, str]]:
    day = desk.formats.day(run.from_day)
    yield tr("Why"), f"{run.reason.rstrip('.')}. {run.by}, {day}."
    if told is None:
        return
    if told.stored is not None:
        yield tr("Stored"), _stored(desk, told)
    known = bridge_figures.known_at(told)
    if known is not None:
        yield tr("Known at"), _moment(desk, known)
    made = [f"{side.name} {side.definition}" for side in (told.old, told.new)]
    yield tr("Definitions"), ", ".join(made)


def _stored(desk: Desk, told: Bridge) -> str:
    """Tell when a bridge was stored, by whom, and why, if it was before the end."""
    kept = told.stored
    if kept is None:
        return ""
    at = _moment(desk, kept.at)
    if not kept.by:
        return tr("{day}, by the portal when the run had ended.", day=at)
    through = desk.formats.day(told.through)
    return tr(
        "{day} by {name}, up to {through}: {why}",
        day=at,
        name=kept.by,
        through=through,
        why=f"{kept.why.rstrip('.')}.",
    )


def _moment(desk: Desk, moment: datetime) -> str:
    """Return a moment by the clock of the company."""
    return desk.moment(moment)


def _earlier(desk: Desk, one: _Replacement) -> tuple[str, ...]:
    """Return what was stored besides what is shown, with its own sentence."""
    return tuple(
        f"{_stored(desk, each)} {_sentence(desk, each)}"
        for each in one.stored
        if each is not one.shown
    )


def _store(desk: Desk, one: _Replacement) -> str:
    """Return the form that stores the bridge now, for who may and while the run goes on."""
    live = one.live
    if live is None or not live.shared or desk.today > one.run.until_day:
        return ""
    told_to = live.shared[-1].period.end.toordinal() - 1
    if any(each.through.toordinal() == told_to for each in one.stored):
        return ""
    return FORM.format(kpi=one.run.kpi) if desk.may(Permission.FRAMEWORK_EDIT) else ""


def _export(desk: Desk, told: Bridge | None) -> str:
    if told is None or told.stored is None or not desk.may(Permission.EXPORT_MAKE):
        return ""
    return f"{REPLACED}/{told.stored.id}.csv"


def _links(desk: Desk, run: Run) -> tuple[Choice, ...]:
    """Return the pages of both KPIs, as far as there are any."""
    keys: Sequence[KpiKey] = (run.kpi, run.successor)
    return tuple(
        Choice(desk.catalogue[key].name, addresses.kpi_page(key))
        for key in keys
        if key in desk.catalogue
    )
