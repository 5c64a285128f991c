"""Errors of the portal: one family, a sentence for a person, one class a cause.

The engine's family is `kpi_engine.errors.KpiError`; a front door shows both alike.
"""

from collections.abc import Iterable, Sequence

from kpi_engine.errors import did_you_mean
from kpi_engine.language import mark, tr


class PortalError(Exception):
    """Something a person asked of the portal cannot be done; the text says what and what next."""


class SettingsError(PortalError):
    """Settings of the environment are missing or cannot be used; every one is named at once."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = tuple(faults)


class BadInputError(PortalError):
    """A value that a person gave cannot be used."""


class UnknownNameError(BadInputError):
    """A person named something that is not among the known names."""

    def __init__(self, what: str, word: str, known: Iterable[str], *, listed: bool = True) -> None:
        names = list(known)
        hint = did_you_mean(word, names)
        if listed and not hint:
            hint = tr(" Choose from {names}.", names=", ".join(names))
            if not names:
                hint = tr(" None is known yet: portal refresh brings in those of the CRM.")
        super().__init__(
            tr("There is no {what} called '{word}'.{hint}", what=tr(what), word=word, hint=hint)
        )


KINDS = (
    *(mark("currency"), mark("department's home"), mark("dimension"), mark("finding")),
    *(mark("grain"), mark("owner")),
    *(mark("kind of item"), mark("kind of numbers"), mark("role"), mark("rule"), mark("team")),
    *(mark("set of KPIs"), mark("time zone"), mark("view of the inbox"), mark("weekday")),
)
"""What people name and may name wrongly, as errors say it."""


class DatabaseUnreachableError(PortalError):
    """The database server does not answer."""


class ServerFailedError(PortalError):
    """The embedded database server could not be started or stopped."""


class SchemaBehindError(PortalError):
    """The tables of the database are not those that this release works with."""


class SchemaAheadError(PortalError):
    """The tables of the database were made by a newer release."""

    def __init__(self, found: str, ours: str) -> None:
        super().__init__(
            f"The database is at version {found}, newer than this portal's {ours}. "
            "Install the newer portal."
        )


class RoleTooStrongError(PortalError):
    """The portal was given a database role that row-level security does not bind."""


class UnscopedSessionError(PortalError):
    """A session was asked something outside one tenant's scope, or in a way that leaks."""


class ForeignTenantError(PortalError):
    """A row of another tenant was handed to a tenant's session."""


class TenantExistsError(PortalError):
    """A tenant of that key is there already."""

    def __init__(self, key: str) -> None:
        super().__init__(f"There is a tenant called '{key}' already. Choose another key.")


class UnknownTenantError(PortalError):
    """No tenant has that key."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"There is no tenant called '{key}'. Make it with: portal tenant create {key} --name …"
        )
        self.key = key


class PersonExistsError(PortalError):
    """A person with that e-mail address is in the tenant already."""

    def __init__(self, email: str) -> None:
        super().__init__(tr("'{email}' is a user of this tenant already.", email=email))


class LoadOvertakenError(PortalError):
    """A load lost its turn: another load of the tenant began since."""

    def __init__(self, seq: int) -> None:
        super().__init__(
            f"Load {seq} is no longer under way, because another load of this tenant began "
            "or it has ended. Nothing of it is seen. Import the files again."
        )


class LoadOutOfOrderError(BadInputError):
    """Facts cannot become known before facts that are in the store already."""


class UndeclaredError(PortalError):
    """Doors of the portal and the list of their permissions differ; the portal does not start."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = tuple(faults)


class NotSignedInError(PortalError):
    """Nobody is signed in, or their session has ended."""

    def __init__(self) -> None:
        super().__init__(tr("Your session has ended. Sign in again."))


class DeniedError(PortalError):
    """The person may not do this; the text says why and whom to ask."""


class SignInFailedError(PortalError):
    """The address and the password do not belong together: one text for every cause."""

    def __init__(self) -> None:
        super().__init__(tr("This e-mail address and password don't belong together. Try again."))


class LinkSpentError(PortalError):
    """A link was used, is too old, or was never made: one text for every cause."""

    def __init__(self) -> None:
        super().__init__(tr("This link works no more. Ask for a new one and use it soon."))


class TooManyTriesError(PortalError):
    """Too much was tried in too short a time; it works again after some seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            tr("Too many tries. Wait {seconds} seconds, then try again.", seconds=seconds)
        )
        self.seconds = seconds
