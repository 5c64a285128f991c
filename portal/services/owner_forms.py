"""The forms of owners and shares: what they show, and what was typed, read and checked."""

from collections.abc import Sequence

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr
from portal.models.ownership import Help, KpiOwner, owners_of
from portal.readmodels.framework_forms import OwnerForm, ShareLine, SharesForm
from portal.services import (
    addresses,
    form_parts,
    owner_scopes,
    owner_words,
    ownership,
    shares,
    typed_words,
    viewpoints,
)
from portal.services.desks import Desk
from portal.services.form_parts import Typed, Whose
from portal.services.framework_tabs import HOME, OWNERS
from portal.services.ownership_changes import NewHelp, OwnerChange
from portal.services.shares import NewShare, NewSplit
from portal.services.typed_words import RefusedFieldError, beside

_LEAST_LINES = 3


def owner_form(desk: Desk, kpi: str, whose: Whose) -> OwnerForm:
    """Return the form of a KPI's owner.

    Raises:
        BadInputError: if there is no such KPI, team or person.
    """
    found, who = form_parts.known_kpi(desk, kpi), form_parts.scope(desk, whose)
    rows = list(desk.session.scalars(owners_of(found.key, who.kind.value, who.id)))
    people = ownership.everybody(desk.session)
    owned = ownership.owners(desk.session, [found.key], desk.today, who).get(found.key)
    names = {row.id: people[row.person].name for row in rows if row.person}
    history = tuple(_past(row, names.get(row.id, ""), desk) for row in rows)
    return OwnerForm(
        title=found.name,
        question=found.question,
        scope=form_parts.scope_name(desk, who),
        owner="" if owned is None else str(owned.accountable.id),
        from_day=str(desk.today),
        people=form_parts.people(desk, () if owned is None else (owned.accountable,)),
        history=history,
        owned=owned is not None,
        help_action=addresses.address(
            f"{HOME}/kpis/{found.key}/help", **viewpoints.of_who(desk, who).query
        ),
        scopes=tuple(owner_scopes.scopes(desk, found.key, who)),
        search=owner_scopes.people(desk, found.key, who, whose.find),
        reason="",
        back=f"{OWNERS}#{found.key}",
    )


def _past(row: KpiOwner, name: str, desk: Desk) -> str:
    return tr(
        "From {day}: {what} ({author}, {said})",
        day=desk.formats.day(row.from_day),
        what=", ".join(part for part in (name or tr("nobody"), row.reason) if part),
        author=row.set_by_name,
        said=desk.day_of(row.set_at),
    )


def owner_typed(desk: Desk, kpi: str, whose: Whose, typed: Typed) -> OwnerChange:
    """Return who is to be accountable, as it was typed.

    Raises:
        BadInputError: if a part of it is none.
    """
    chosen = form_parts.first(typed, "owner")
    with beside("owner"):
        person = typed_words.person_id(chosen) if chosen else None
    with beside("from_day"):
        day = typed_words.day(tr("The first day"), form_parts.first(typed, "from_day"))
    return OwnerChange(
        form_parts.known_kpi(desk, kpi).key,
        person,
        day,
        form_parts.first(typed, "reason"),
        form_parts.scope(desk, whose),
    )


def help_typed(desk: Desk, kpi: str, whose: Whose, typed: Typed) -> NewHelp:
    """Return who is to update or cover, as it was typed.

    Raises:
        BadInputError: if a part of it is none.
    """
    kind = form_parts.first(typed, "kind")
    if kind not in [one.value for one in Help]:
        raise RefusedFieldError(
            "kind", tr("Choose whether the person updates the KPI or covers for its owner.")
        )
    with beside("person"):
        person = typed_words.person_id(form_parts.first(typed, "person"))
    with beside("help_from"):
        first = typed_words.day(tr("The first day"), form_parts.first(typed, "from_day"))
    with beside("last_day"):
        last = typed_words.perhaps_day(tr("The last day"), form_parts.first(typed, "last_day"))
    return NewHelp(
        form_parts.known_kpi(desk, kpi).key,
        Help(kind),
        person,
        first,
        last,
        form_parts.scope(desk, whose),
    )


def shares_form(desk: Desk, kpi: str, whose: Whose) -> SharesForm:
    """Return the form of a KPI's shares.

    Raises:
        BadInputError: if there is no such KPI, team or person.
    """
    found, who = form_parts.known_kpi(desk, kpi), form_parts.scope(desk, whose)
    stands = shares.current(desk, found.key, who)
    lines = [
        ShareLine(
            one.component,
            str(one.person.id),
            owner_words.percent(one.percent),
            one.responsibility,
            one.input or "",
        )
        for one in stands
    ]
    owned = ownership.owners(desk.session, [found.key], desk.today, who)
    return SharesForm(
        title=found.name,
        question=found.question,
        scope=form_parts.scope_name(desk, who),
        owned=bool(owned),
        lines=_more_lines(lines),
        people=form_parts.people(desk, tuple(one.person for one in stands)),
        kpis=form_parts.kpis(one for one in desk.catalogue.values() if one.key != found.key),
        back=f"{OWNERS}#{found.key}",
    )


def share_lines(typed: Typed) -> tuple[ShareLine, ...]:
    """Return the shares that were typed, to be shown again; those left empty are left out."""
    names = ("component", "person", "percent", "responsibility", "input")
    found = [
        ShareLine(*line)
        for line in zip(*(form_parts.every(typed, name) for name in names), strict=False)
    ]
    return tuple(one for one in found if one.component or one.percent or one.responsibility)


def shares_typed(desk: Desk, kpi: str, whose: Whose, typed: Typed) -> NewSplit:
    """Return how a KPI is to be shared, as it was typed.

    Raises:
        BadInputError: if a part of it is none.
    """
    parts = tuple(
        NewShare(
            line.component,
            typed_words.person_id(line.person),
            typed_words.percent(tr("The share of '{part}'", part=line.component), line.percent),
            line.responsibility,
            KpiKey(line.input) if line.input else None,
        )
        for line in share_lines(typed)
    )
    return NewSplit(form_parts.known_kpi(desk, kpi).key, parts, form_parts.scope(desk, whose))


def _more_lines(lines: Sequence[ShareLine]) -> tuple[ShareLine, ...]:
    count = min(max(len(lines) + 1, _LEAST_LINES), shares.MOST)
    return (*lines, *[ShareLine()] * (count - len(lines)))
