"""The editor of an action: what it offers, and what somebody typed into it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.errors import UnknownKpiError
from kpi_engine.language import mark, tr, trc
from kpi_engine.statistics.effect import Way
from kpi_engine.units import Unit
from portal.errors import BadInputError
from portal.models.actions import KINDS, LONGEST_TITLE
from portal.readmodels.actions import EditorForm, Option
from portal.readmodels.formats import TIMES
from portal.services import action_kinds, effect_text, typed_words, viewpoints
from portal.services.action_cards import ActionCard, Expected, Guardrail
from portal.services.action_rows import Draft
from portal.services.action_words import lasting
from portal.services.desks import Desk
from portal.services.numbers import Who
from portal.services.ownership import Person, everybody
from portal.services.typed_figures import figure

LAGS = (0, 14, 28, 42, 56, 91, 182)
_USUAL_LAG = 28
_AHEAD = timedelta(days=28)
"""How far ahead a new action is due, until somebody says otherwise."""
_UNITS: Mapping[Unit, str] = {
    Unit.RATIO: mark("pp"),
    Unit.TIMES: TIMES,
    Unit.DAYS: mark("days"),
    Unit.HOURS: mark("hours"),
    Unit.MINUTES: mark("minutes"),
}
_WAYS: Mapping[Way, str] = {Way.UP: mark("Up"), Way.DOWN: mark("Down")}
_SIDES = {"least": mark("at least"), "most": mark("at most")}


@dataclass(frozen=True, slots=True)
class Typed:
    """The editor's fields as somebody filled them in."""

    title: str = ""
    person: str = ""
    """The id of who is to do it."""
    due: str = ""
    kind: str = ""
    direction: str = ""
    size: str = ""
    lag: str = ""
    guardrail: str = ""
    side: str = ""
    limit: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Typed":
        """Return what a form or an address says."""
        return cls(**{name: given.get(name, "") for name in FIELDS})

    def told(self) -> dict[str, str | None]:
        """Return what was filled in, for an address."""
        return {name: getattr(self, name) or None for name in FIELDS}


FIELDS = tuple(one.name for one in fields(Typed))
"""The names of the fields, in a form as in an address."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Which KPI of whom an action is to move."""

    kpi: Kpi
    who: Who
    name: str
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sending:
    """Where an editor is sent, under which name, and what goes along."""

    name: str
    to: str
    csrf: str
    button: str
    kept: Mapping[str, str]
    cancel: str = ""
    error: str = ""
    theirs: tuple[tuple[str, str], ...] = ()


def subject_of(desk: Desk, query: Mapping[str, str]) -> Subject:
    """Return what an address or a form names.

    Raises:
        UnknownKpiError: if there is no such KPI.
        BadInputError: if the team or person is none, or not open to the reader.
    """
    key = query.get("kpi", "")
    if key not in desk.catalogue:
        raise UnknownKpiError(key, desk.catalogue)
    asked = {name: query[name] for name in ("team", "owner") if query.get(name)}
    view = viewpoints.viewpoint(desk, asked, key)
    if asked and view.notice:
        # Nobody asks for an action on other numbers than they meant.
        raise BadInputError(view.notice)
    return Subject(desk.catalogue.kpi(key), view.who, view.name, view.query)


def draft_of(desk: Desk, kpi: Kpi, typed: Typed) -> Draft:
    """Return what was typed as an action says it.

    Raises:
        BadInputError: if a field cannot be used; says which.
    """
    size = figure(tr("The size"), typed.size, kpi.unit, desk.actor.locale)
    return Draft(
        title=typed_words.text(tr("The action"), typed.title),
        kind=typed.kind,
        owner=typed_words.one_id(tr("owner"), typed.person),
        due=typed_words.day(tr("The due day"), typed.due),
        expected=Expected(
            _way(typed.direction), None if size is None else abs(size), _days(typed.lag)
        ),
        limit=_limit(desk, kpi, typed),
    )


def typed_of(desk: Desk, card: ActionCard) -> Typed:
    """Return an action as its editor's fields say it."""
    unit = desk.catalogue.kpi(card.kpi).unit
    limit = card.limit
    known = limit is not None and limit.kpi in desk.catalogue
    return Typed(
        card.title,
        str(card.owner.id),
        card.due.isoformat(),
        card.kind,
        card.expected.direction.value,
        _plain(desk, card.expected.size, unit),
        str(card.expected.lag_days),
        limit.kpi if limit and known else "",
        "most" if limit and not limit.least else "least",
        _plain(desk, limit.limit, desk.catalogue.kpi(limit.kpi).unit) if limit and known else "",
    )


def blank(desk: Desk, kpi: Kpi) -> Typed:
    """Return the fields of a new action: one's own, for better, in a month."""
    direction = Way.DOWN if kpi.better is Better.LOWER else Way.UP
    guard = next((key for key in kpi.guardrails if key in desk.catalogue), None)
    side = "most" if guard and desk.catalogue.kpi(guard).better is Better.LOWER else "least"
    return Typed(
        person=str(desk.actor.person),
        due=(desk.today + _AHEAD).isoformat(),
        kind=KINDS[0],
        direction=direction.value,
        lag=str(_USUAL_LAG),
        side=side,
    )


def form(desk: Desk, subject: Subject, typed: Typed, sending: Sending) -> EditorForm:
    """Return the editor with its fields filled in."""
    kpi = subject.kpi
    return EditorForm(
        name=sending.name,
        sends=sending.to,
        csrf=sending.csrf,
        title=typed.title,
        longest=LONGEST_TITLE,
        owners=_owners(desk, typed.person),
        due=typed.due,
        kinds=tuple(Option(one, action_kinds.titled(one), one == typed.kind) for one in KINDS),
        directions=tuple(
            Option(way.value, tr(_WAYS[way]), way.value == typed.direction) for way in Way
        ),
        size=typed.size,
        unit=unit_word(kpi.unit, desk.card.currency),
        lags=_lags(typed.lag),
        guardrails=_guardrails(desk, kpi, typed.guardrail),
        sides=tuple(Option(side, tr(said), side == typed.side) for side, said in _SIDES.items()),
        limit=typed.limit,
        shows=_shows(desk, subject, typed),
        kept=tuple(sending.kept.items()),
        button=sending.button,
        cancel=sending.cancel,
        error=sending.error,
        theirs=sending.theirs,
    )


def unit_word(unit: Unit, currency: str) -> str:
    """Return what a size is counted in; empty for plain numbers."""
    return currency if unit in {Unit.MONEY, Unit.MONEY_PER_DAY} else tr(_UNITS.get(unit, ""))


def _shows(desk: Desk, subject: Subject, typed: Typed) -> str:
    """Say what the data can show; of what cannot be read yet, only what needs no figure of it."""
    try:
        size = figure(tr("The size"), typed.size, subject.kpi.unit, desk.actor.locale)
        due, lag = typed_words.perhaps_day(tr("The due day"), typed.due), _days(typed.lag)
    except BadInputError:
        size, due, lag = None, None, _USUAL_LAG
    return effect_text.outlook(desk, (subject.kpi, subject.who), size, (due, lag))


def _owners(desk: Desk, chosen: str) -> tuple[Option, ...]:
    people = sorted(everybody(desk.session).values(), key=_by_name)
    return tuple(
        Option(str(one.id), one.name, str(one.id) == chosen)
        for one in people
        if one.active or str(one.id) == chosen
    )


def _by_name(one: Person) -> tuple[str, str]:
    return one.name.casefold(), one.email


def _lags(chosen: str) -> tuple[Option, ...]:
    offered = sorted({*LAGS, *((int(chosen),) if chosen.isdecimal() else ())})
    return tuple(Option(str(days), lasting(days), str(days) == chosen) for days in offered)


def _guardrails(desk: Desk, kpi: Kpi, chosen: str) -> tuple[Option, ...]:
    known = sorted(
        (one for one in desk.catalogue.values() if one.key != kpi.key), key=lambda one: one.name
    )
    named = [one for one in known if one.key in kpi.guardrails]
    rest = [one for one in known if one.key not in kpi.guardrails]
    return (
        Option("", trc("guardrail", "None"), not chosen),
        *(Option(one.key, one.name, one.key == chosen) for one in (*named, *rest)),
    )


def _limit(desk: Desk, kpi: Kpi, typed: Typed) -> Guardrail | None:
    if not typed.guardrail:
        return None
    if typed.guardrail not in desk.catalogue or typed.guardrail == kpi.key:
        raise BadInputError(tr("The guardrail is another KPI, one of the list."))
    guard = desk.catalogue.kpi(typed.guardrail)
    limit = figure(tr("The guardrail's limit"), typed.limit, guard.unit, desk.actor.locale)
    if limit is None:
        raise BadInputError(
            tr("Say where {kpi} breaks: at least or at most how much.", kpi=guard.name)
        )
    return Guardrail(KpiKey(guard.key), typed.side != "most", limit)


def _way(typed: str) -> Way:
    if typed not in {way.value for way in Way}:
        raise BadInputError(tr("Say whether the KPI is to go up or down."))
    return Way(typed)


def _days(typed: str) -> int:
    if not typed.isdecimal() or len(typed) > len("366"):
        raise BadInputError(tr("Say after how long the action is to show."))
    return int(typed)


def _plain(desk: Desk, amount: float | None, unit: Unit) -> str:
    """Return a figure as it is typed: without its unit, with all its places."""
    if amount is None:
        return ""
    scaled = round(amount * (100 if unit is Unit.RATIO else 1), 6)
    kept = max(0, len(f"{scaled:.6f}".rstrip("0").partition(".")[2]))
    return desk.formats.number(scaled, kept)
