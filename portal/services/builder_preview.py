"""What a definition gives while it is built: value, trend, records, data, for one reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kpi_engine.crm.entities import ENTITIES
from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.definitions.words import in_words
from kpi_engine.errors import KpiError
from kpi_engine.language import tr, trn
from portal.errors import PortalError
from portal.readmodels.builder import NeedRow, Sample, Trial, TrialBar
from portal.readmodels.cards import Change, Choice, Status, Tone
from portal.security.permissions import Permission
from portal.services import absences, catalogue_words, data_fills, viewpoints
from portal.services.addresses import address
from portal.services.builder_columns import column_words
from portal.services.builder_fields import entity_words
from portal.services.builder_trial import FEWEST_SHOWN, Tried, behind, tried
from portal.services.data_fills import Fills
from portal.services.data_needs import Need, needs_of
from portal.services.desks import Desk
from portal.services.engines import Workshop
from portal.services.kpi_sights import ADJECTIVES, Sight
from portal.services.record_tables import heads_of, numeric, rows_of
from portal.services.records import RecordsAsked
from portal.services.viewpoints import Viewpoint

WELL, WEAK = 0.9, 0.5
"""From this share on a column is well filled; under that it is too empty to build on."""
_STALE_DAYS = 14


@dataclass(frozen=True, slots=True)
class Built:
    """A definition that can be tried: the KPI, the catalogue with it, and whose numbers."""

    desk: Desk
    kpi: Kpi
    grown: Catalogue
    view: Viewpoint
    path: str


def trial(workshop: Workshop, built: Built) -> Trial:
    """Return the value and the trend of the last twelve closed periods.

    Raises:
        PortalError, KpiError: if it cannot be computed, or not within the time of a page.
    """
    points = tried(workshop, built.desk, built.kpi, built.grown, built.view)
    return drawn(built, points)


def drawn(built: Built, points: Sequence[Tried]) -> Trial:
    """Return what the trial shows of its points."""
    formats, kpi = built.desk.formats, built.kpi
    last = points[-1]
    value = last.reading.value
    return Trial(
        formats.period(last.period),
        tr(
            "{whose}, the last {count} closed periods, {cadence}.",
            whose=built.view.name,
            count=len(points),
            cadence=tr(ADJECTIVES[kpi.cadence]),
        ),
        "" if value is None else formats.short(value, kpi.unit),
        "" if value is not None else absence_of(built, last),
        change_of(built, points),
        bars_of(built, points),
        in_words(kpi.measure),
        scopes_of(built),
        summary_of(built, points),
    )


def absence_of(built: Built, one: Tried) -> str:
    """Return in words why a period has no number."""
    formats = built.desk.formats
    told = absences.in_words(built.grown, built.kpi, one.reading, one.period, formats)
    return catalogue_words.begun(told)


def change_of(built: Built, points: Sequence[Tried]) -> Change | None:
    """Return the last period's change against the one before."""
    if len(points) < 2 or None in (points[-1].reading.value, points[-2].reading.value):  # noqa: PLR2004
        return None
    new, old = points[-1].reading.value or 0.0, points[-2].reading.value or 0.0
    formats, unit = built.desk.formats, built.kpi.unit
    against = tr("vs {period}", period=formats.period_least(points[-2].period))
    if new == old or built.kpi.better is Better.RANGE:
        up = None if new == old else new > old
        return Change(formats.change(new, old, unit), against, Tone.NEUTRAL, up)
    good = (new > old) is (built.kpi.better is Better.HIGHER)
    tone = Tone.GOOD if good else Tone.BAD
    return Change(formats.change(new, old, unit), against, tone, new > old)


def bars_of(built: Built, points: Sequence[Tried]) -> tuple[TrialBar, ...]:
    """Return a bar for each period, from 0 to the greatest of them."""
    formats, unit = built.desk.formats, built.kpi.unit
    top = max((abs(one.reading.value or 0.0) for one in points), default=0.0)
    return tuple(
        TrialBar(
            formats.period_least(one.period),
            formats.period(one.period),
            absence_of(built, one)
            if one.reading.value is None
            else formats.short(one.reading.value, unit),
            formats.number(one.reading.n),
            share_of(one.reading.value, top),
        )
        for one in points
    )


def share_of(value: float | None, top: float) -> float | None:
    """Return a value as a share of a scale that begins at 0."""
    return None if value is None else max(value, 0.0) / top if top else 0.0


def summary_of(built: Built, points: Sequence[Tried]) -> str:
    """Return the trend in a sentence, for who cannot see it."""
    formats, unit = built.desk.formats, built.kpi.unit
    told = [one for one in points if one.reading.value is not None]
    if not told:
        return tr("There is no number in these periods.")
    first, last = (
        tr(
            "{value} in {period}",
            value=formats.short(one.reading.value or 0.0, unit),
            period=formats.period(one.period),
        )
        for one in (told[0], told[-1])
    )
    return tr(
        "From {first} to {last}; {count} of {total} periods have a number.",
        first=first,
        last=last,
        count=len(told),
        total=len(points),
    )


def scopes_of(built: Built) -> tuple[Choice, ...]:
    """Return whose numbers may be looked at."""
    found = tuple(
        Choice(one.name, address(built.path, **dict(one.query)), one.who == built.view.who)
        for one in viewpoints.choices(built.desk)
    )
    return found if len(found) > 1 else ()


def sample(workshop: Workshop, built: Built, points: Sequence[Tried]) -> Sample | None:
    """Return the first records behind the last period that has a number."""
    desk = built.desk
    if not desk.may(Permission.RECORDS_READ):
        return None
    told = [one for one in points if one.reading.value is not None] or list(points)
    period = told[-1].period
    asked = RecordsAsked(built.kpi.key, period, built.view.scope, desk.today, most=FEWEST_SHOWN)
    title = tr("Records behind {period}", period=desk.formats.period(period))
    try:
        found = behind(workshop, desk, built.kpi, built.grown, asked)
    except (PortalError, KpiError) as error:
        return Sample(title, "", (), frozenset(), (), str(error))
    if found.chosen is None or not found.rows:
        return Sample(
            title, "", (), frozenset(), (), tr("{whose} has no record here.", whose=built.view.name)
        )
    sight = Sight(replace(desk, catalogue=built.grown), built.kpi, period, period, built.view, {})
    rows = rows_of(sight, found)
    sub = _counted(built, len(rows), found.n, found.chosen.entity)
    return Sample(title, sub, heads_of(sight, found), frozenset(numeric(found)), rows)


def _counted(built: Built, shown: int, n: int, entity: str) -> str:
    told = {
        "count": built.desk.formats.number(n),
        "records": catalogue_words.records(entity) if entity else tr("records"),
        "whose": built.view.name,
    }
    if shown >= n:
        return tr("All {count} {records} of {whose}.", **told)
    return tr("The first {shown} of {count} {records}. {whose}.", shown=shown, **told)


def needs(workshop: Workshop, built: Built) -> tuple[NeedRow, ...]:
    """Return the columns that the KPI stands on, each with how well it is filled."""
    wanted = tuple(needs_of([built.kpi.key], built.grown))
    found = data_fills.fills(workshop, built.desk, [need.entity for need in wanted])
    return tuple(need_row(built.desk, need, found) for need in wanted)


def need_row(desk: Desk, need: Need, found: Mapping[str, Fills]) -> NeedRow:
    """Return one column with its share and how fresh its records are."""
    one = found.get(need.entity, Fills())
    share = one.share(need.column)
    return NeedRow(
        column_words(need.column),
        entity_words(need.entity),
        tr("never loaded") if share is None else desk.formats.per_cent(share),
        share,
        _fresh(desk, one),
        status_of(share, need),
    )


def _fresh(desk: Desk, found: Fills) -> str:
    if found.newest is None:
        return ""
    days = (desk.today - found.newest).days
    if days > _STALE_DAYS:
        return tr("newest {day}", day=desk.formats.day(found.newest))
    if days == 0:
        return tr("newest today")
    return trn("newest {count} day ago", "newest {count} days ago", days)


def status_of(share: float | None, need: Need) -> Status:
    """Return how well filled a column is. What happens later is rightly empty until then."""
    if share is None:
        return Status(Tone.BAD, tr("Not loaded"))
    if share == 0:
        return Status(Tone.BAD, tr("Empty"))
    if share >= WELL:
        return Status(Tone.GOOD, tr("Well filled"))
    if is_event(need):
        return Status(Tone.NEUTRAL, tr("When it happens"), "clock")
    if need.column.endswith("_id"):
        return Status(Tone.NEUTRAL, tr("Where there is one"), "link-45deg")
    gaps = share >= WEAK
    return Status(Tone.WATCH if gaps else Tone.BAD, tr("Gaps") if gaps else tr("Thin"))


_SOMETIMES = frozenset(
    {"lost_reason", "disqualified_reason", "satisfaction", "is_satisfied", "outcome"}
)


def is_event(need: Need) -> bool:
    """Say whether a column is rightly empty until something happens."""
    entity = ENTITIES[need.entity]
    column = entity.column(need.column)
    if column is None or column.required or need.column == entity.placed_by:
        return False
    return need.column.endswith(("_at", "_on")) or need.column in _SOMETIMES
