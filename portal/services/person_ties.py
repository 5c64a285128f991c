"""What a person is called, and who they are in the CRM: changed after they were added.

Whose numbers somebody sees hangs on it, so their sessions end and the change holds at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from kpi_engine.language import mark, tr
from portal.errors import BadInputError
from portal.models import people as questions
from portal.models.people import Person
from portal.security.actor import Actor
from portal.services import auditing, inputs, rosters, signing_in
from portal.services.auditing import Event, Trace
from portal.services.rosters import Roster
from portal.services.typed_words import an_id
from portal.tenancy.session import TenantSession

NOBODY = mark("There is no such person. Reload the page to see who there is.")


@dataclass(frozen=True, slots=True)
class Tie:
    """What is said of a person; an empty id ties them to nobody, or to no team."""

    name: str = ""
    crm_user_id: str = ""
    team_id: str = ""


@dataclass(frozen=True, slots=True)
class TieForm:
    """The form: who it is of, what stands there, and what the CRM offers, as id and name."""

    email: str
    given: Tie
    users: tuple[tuple[str, str], ...] = field(default=())
    teams: tuple[tuple[str, str], ...] = field(default=())


def form(session: TenantSession, person: str, typed: Tie | None = None) -> TieForm:
    """Return the form of a person, with what was typed where it was refused.

    Raises:
        BadInputError: if there is no such person.
    """
    row, roster = _person(session, person), rosters.roster(session)
    stands = Tie(row.name, row.crm_user_id or "", row.team_id or "")
    return TieForm(
        row.email,
        stands if typed is None else typed,
        _offered((one.id, one.name) for one in roster.people.values()),
        _offered((one.id, one.name) for one in roster.teams.values()),
    )


def tie(session: TenantSession, actor: Actor, person: str, said: Tie, trace: Trace) -> str:
    """Change a person's name and who they are in the CRM, and say so; nothing new changes nothing.

    Raises:
        BadInputError: if there is no such person, or the CRM knows no such user or team.
    """
    row, roster = _person(session, person, held=True), rosters.roster(session)
    name = inputs.line(tr("The person's name"), said.name) if said.name.strip() else ""
    user, team = _user(roster, said.crm_user_id.strip()), _team(roster, said.team_id.strip())
    told = {
        word: f"{before or '-'} > {after or '-'}"
        for word, before, after in (
            ("name", row.name, name),
            ("user", row.crm_user_id, user),
            ("team", row.team_id, team),
        )
        if (before or None) != (after or None)
    }
    if not told:
        return tr("Nothing was changed.")
    row.name, row.crm_user_id, row.team_id = name, user, team
    signing_in.end_all(session, row.id, Event.PERSON_CHANGED, trace.at)
    auditing.note(session, actor, Event.PERSON_CHANGED, str(row.id), told, trace=trace)
    return tr("{name} was changed. They sign in again.", name=row.name or row.email)


def _person(session: TenantSession, person: str, *, held: bool = False) -> Person:
    """Return a person's row; another tenant's is nobody's."""
    wanted = an_id(person, BadInputError(tr(NOBODY)))
    asked = questions.by_id_held(wanted) if held else questions.by_id(wanted)
    row = session.scalars(asked).one_or_none()
    if row is None:
        raise BadInputError(tr(NOBODY))
    return row


def _user(roster: Roster, given: str) -> str | None:
    if not given:
        return None
    told = inputs.line(tr("The CRM user's id"), given)
    # Before the first load nobody is known, and whoever is said may come with it.
    if roster.people and roster.of_crm_user(told) is None:
        raise BadInputError(
            tr("No user of the CRM alone has the id '{id}'. Choose one that is offered.", id=told)
        )
    return told


def _team(roster: Roster, given: str) -> str | None:
    if not given:
        return None
    told = inputs.line(tr("The team's id"), given)
    if roster.teams and roster.of_team(told) is None:
        raise BadInputError(
            tr("No team of the CRM alone has the id '{id}'. Choose one that is offered.", id=told)
        )
    return told


def _offered(found: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(found, key=lambda one: one[1]))
