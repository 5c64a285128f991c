"""The second factor: setting it up, asking for it at the door, and what happens when it is lost.

A code is taken once. Wrong ones are counted under the person, apart from passwords: who knows the
password and not the code waits up to a quarter of an hour for each further guess.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from kpi_engine.language import mark, tr
from portal.errors import BadInputError, SignInFailedError, TooManyTriesError
from portal.models import people
from portal.models import second_factors as questions
from portal.models.people import Person
from portal.models.second_factors import RecoveryCode, SecondFactor
from portal.security import one_time_codes as codes
from portal.security.actor import Actor
from portal.security.sealing import Seal
from portal.services import auditing, sign_in_rules, signing_in, throttling
from portal.services.auditing import Event, Trace
from portal.services.signing_in import Account
from portal.services.throttling import Key, Limit
from portal.tenancy.database import Database
from portal.tenancy.doorway import DOOR
from portal.tenancy.keys import TenantKey
from portal.tenancy.session import TenantSession

FACTOR = Limit("factor", 5, timedelta(days=1), timedelta(minutes=15))
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret that a person may put into their authenticator, until a first code confirms it."""

    secret: str
    """In groups of four, as one types it."""
    address: str
    """The same for an authenticator that takes an address."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a person has a second factor, needs one, and how many recovery codes are left."""

    held: bool
    needed: bool
    codes_left: int


class WrongCodeError(SignInFailedError):
    """A code is wrong, was used, or is of another time: one text for every cause."""

    def __init__(self) -> None:
        Exception.__init__(
            self,
            tr("This code is not right, or was used already. Type the one that is shown now."),
        )


def standing(session: TenantSession, actor: Actor) -> Standing:
    """Return how the actor's second factor stands."""
    kept = session.scalars(questions.of_person(actor.person)).one_or_none()
    held = kept is not None and kept.confirmed_at is not None
    left = len(session.scalars(questions.open_codes(actor.person)).all()) if held else 0
    return Standing(held, sign_in_rules.needs_factor(session, actor.roles), left)


def asked(database: Database, account: Account) -> Standing:
    """Return what the door asks of an account whose first proof was right."""
    with database.session(account.tenant) as session:
        person = session.scalars(people.by_id(account.person)).one_or_none()
        if person is None:
            raise SignInFailedError
        kept = session.scalars(questions.of_person(person.id)).one_or_none()
        held = kept is not None and kept.confirmed_at is not None
        return Standing(held, sign_in_rules.needs_factor(session, person.roles), 0)


def offer(session: TenantSession, person: uuid.UUID, seal: Seal, trace: Trace) -> Offer:
    """Make a secret for a person who has no second factor yet; one that was offered before falls.

    Raises:
        BadInputError: if they have one already.
    """
    row = session.scalars(people.by_id_held(person)).one()
    kept = session.scalars(questions.of_person_held(person)).one_or_none()
    if kept is not None and kept.confirmed_at is not None:
        raise BadInputError(
            tr("You have a second factor already. Turn it off before you make another.")
        )
    secret = codes.new_secret()
    sealed = seal.close(secret, _place(session.tenant, person))
    if kept is None:
        session.add(SecondFactor(person_id=person, secret=sealed, made_at=trace.at))
    else:
        kept.secret, kept.made_at, kept.last_step = sealed, trace.at, None
    return _offer(session, row, secret)


def offered(session: TenantSession, person: uuid.UUID, seal: Seal) -> Offer:
    """Return the secret that was offered last, for who mistyped the first code.

    Raises:
        BadInputError: if none was, or it was confirmed: it is never shown again.
    """
    kept = session.scalars(questions.of_person(person)).one_or_none()
    if kept is None or kept.confirmed_at is not None:
        raise BadInputError(tr(_NONE_OFFERED))
    row = session.scalars(people.by_id(person)).one()
    return _offer(session, row, seal.open(kept.secret, _place(session.tenant, person)))


def confirm(
    database: Database, account: Account, code: str, seal: Seal, trace: Trace
) -> Sequence[str]:
    """Take the first code of an offered secret; return the recovery codes, shown this once.

    Raises:
        TooManyTriesError: if it was guessed at too often.
        WrongCodeError: if the code is not the one.
        BadInputError: if no secret was offered.
    """
    keys = _count(database, account, trace)
    with database.session(account.tenant) as session:
        kept = session.scalars(questions.of_person_held(account.person)).one_or_none()
        if kept is None or kept.confirmed_at is not None:
            raise BadInputError(tr(_NONE_OFFERED))
        if not _takes(session, kept, code, seal, trace):
            raise WrongCodeError
        kept.confirmed_at = trace.at
        made = _new_codes(session, account.person, trace)
        auditing.note(session, None, Event.FACTOR_SET, str(account.person), trace=trace)
    _forget(database, keys)
    return made


def check(database: Database, account: Account, code: str, seal: Seal, trace: Trace) -> None:
    """Take a code, or a recovery code in its place; each works once.

    Raises:
        TooManyTriesError: if it was guessed at too often.
        WrongCodeError: if it is not right, or was used.
    """
    keys = _count(database, account, trace)
    with database.session(account.tenant) as session:
        kept = session.scalars(questions.of_person_held(account.person)).one_or_none()
        right = kept is not None and kept.confirmed_at is not None
        if kept is not None and right:
            right = _takes(session, kept, code, seal, trace) or _spends(
                session, account.person, code, trace
            )
        if not right:
            auditing.note(session, None, Event.FACTOR_FAILED, str(account.person), trace=trace)
    if not right:
        raise WrongCodeError
    _forget(database, keys)


def renew_codes(session: TenantSession, actor: Actor, trace: Trace) -> Sequence[str]:
    """Make ten recovery codes; those before fall.

    Raises:
        BadInputError: if the actor has no second factor.
    """
    _own(session, actor)
    return _new_codes(session, actor.person, trace)


def turn_off(session: TenantSession, actor: Actor, trace: Trace) -> None:
    """Take the actor's second factor away; every session of theirs but this one ends.

    Raises:
        BadInputError: if they have none, or a role of theirs needs one.
    """
    kept = _own(session, actor)
    if sign_in_rules.needs_factor(session, actor.roles):
        raise BadInputError(tr("Your company asks your roles for a second factor. It stays on."))
    session.delete(kept)
    _spend_codes(session, actor.person, trace)
    signing_in.end_all(session, actor.person, Event.FACTOR_REMOVED, trace.at, but=actor.session)
    auditing.note(session, actor, Event.FACTOR_REMOVED, str(actor.person), trace=trace)


def reset(session: TenantSession, actor: Actor | None, person: Person, trace: Trace) -> None:
    """Forget how a person signs in besides the password; every session of theirs ends."""
    kept = session.scalars(questions.of_person_held(person.id)).one_or_none()
    if kept is not None:
        session.delete(kept)
    _spend_codes(session, person.id, trace)
    sign_in_rules.unlink(session, person.id)
    signing_in.end_all(session, person.id, Event.FACTOR_RESET, trace.at)
    auditing.note(session, actor, Event.FACTOR_RESET, str(person.id), trace=trace)


def holders(session: TenantSession) -> frozenset[uuid.UUID]:
    """Return who has a second factor."""
    return frozenset(row.person_id for row in session.scalars(questions.confirmed()))


_NONE_OFFERED = mark("There is no second factor to confirm. Set it up from your account.")


def _own(session: TenantSession, actor: Actor) -> SecondFactor:
    kept = session.scalars(questions.of_person_held(actor.person)).one_or_none()
    if kept is None or kept.confirmed_at is None:
        raise BadInputError(tr("You have no second factor. Set it up from your account."))
    return kept


def _offer(session: TenantSession, person: Person, secret: str) -> Offer:
    company = sign_in_rules.company(session)
    return Offer(codes.grouped(secret), codes.address(secret, person.email, company))


def _takes(session: TenantSession, kept: SecondFactor, code: str, seal: Seal, trace: Trace) -> bool:
    """Say whether a code is right, and spend it: its row is held, so two at once take it once."""
    secret = seal.open(kept.secret, _place(session.tenant, kept.person_id))
    step = codes.step_of(secret, codes.digits(code[:_LONGEST]), trace.at, kept.last_step)
    if step is None:
        return False
    kept.last_step = step
    return True


def _spends(session: TenantSession, person: uuid.UUID, code: str, trace: Trace) -> bool:
    wanted = codes.recovery_hash(code[:_LONGEST], str(person))
    for row in session.scalars(questions.open_codes(person)):
        if row.code_hash == wanted:
            row.used_at = trace.at
            auditing.note(session, None, Event.RECOVERY_CODE_USED, str(person), trace=trace)
            return True
    return False


def _new_codes(session: TenantSession, person: uuid.UUID, trace: Trace) -> Sequence[str]:
    _spend_codes(session, person, trace)
    made = codes.new_recovery_codes()
    for code in made:
        session.add(
            RecoveryCode(
                id=uuid.uuid4(),
                person_id=person,
                code_hash=codes.recovery_hash(code, str(person)),
                made_at=trace.at,
            )
        )
    auditing.note(session, None, Event.RECOVERY_CODES_MADE, str(person), trace=trace)
    return made


def _spend_codes(session: TenantSession, person: uuid.UUID, trace: Trace) -> None:
    for row in session.scalars(questions.open_codes(person)):
        row.used_at = trace.at


def _count(database: Database, account: Account, trace: Trace) -> Sequence[Key]:
    keys = (
        Key(throttling.ADDRESS, trace.ip),
        Key(FACTOR, f"{account.tenant}:{account.person}"),
        Key(throttling.EVERYBODY, ""),
    )
    try:
        with database.session(DOOR) as session:
            throttling.take(session, keys, trace.at)
    except TooManyTriesError:
        with database.session(account.tenant) as session:
            about = str(account.person)
            auditing.note(session, None, Event.THROTTLED, about, {"at": "code"}, trace=trace)
        raise
    return keys


def _forget(database: Database, keys: Sequence[Key]) -> None:
    with database.session(DOOR) as session:
        throttling.forget(session, keys)


def _place(tenant: TenantKey, person: uuid.UUID) -> str:
    return f"second_factor:{tenant}:{person}"
