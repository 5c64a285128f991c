"""How a company's people sign in: the roles that need a second factor, and its provider."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from kpi_engine.language import tr
from portal.errors import BadInputError, UnknownNameError, UnknownTenantError
from portal.models import sign_in_rules as questions
from portal.models import tenants
from portal.models.sign_in_rules import ProviderLink, SignInRule
from portal.security.actor import Actor
from portal.security.roles import Role
from portal.security.sealing import Seal
from portal.services import auditing, inputs
from portal.services.auditing import Event, Trace
from portal.tenancy.session import TenantSession

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class NewProvider:
    """What an operator says of a company's provider."""

    issuer: str
    client_id: str
    client_secret: str
    hosts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Provider:
    """Who vouches for the people of one company: an OpenID Connect issuer."""

    issuer: str
    client_id: str
    sealed: str
    hosts: tuple[str, ...]
    """The hosts that may be asked besides the issuer's own."""


def needs_factor(session: TenantSession, roles: Iterable[str]) -> bool:
    """Say whether one of these roles needs a second factor."""
    rule = session.scalars(questions.its_rule()).one_or_none()
    return rule is not None and not set(rule.factor_roles).isdisjoint(str(role) for role in roles)


def factor_roles(session: TenantSession) -> tuple[Role, ...]:
    """Return the roles that need a second factor."""
    rule = session.scalars(questions.its_rule()).one_or_none()
    return tuple(role for role in Role if rule is not None and role.value in rule.factor_roles)


def need_factor(
    session: TenantSession, actor: Actor | None, role: str, trace: Trace, *, needed: bool
) -> None:
    """Say whether a role needs a second factor; who has none sets one up when they next sign in.

    Raises:
        UnknownNameError: if there is no such role.
    """
    known = [each.value for each in Role]
    if role not in known:
        raise UnknownNameError("role", role, known)
    rule = _rule(session, trace)
    before = set(rule.factor_roles)
    after = before | {role} if needed else before - {role}
    rule.factor_roles = [each for each in known if each in after]
    rule.changed_at = trace.at
    told = {"before": sorted(before), "after": sorted(after)}
    auditing.note(session, actor, Event.SETTINGS_CHANGED, "second factor", told, trace=trace)


def provider(session: TenantSession) -> Provider | None:
    """Return the company's provider, or None."""
    rule = session.scalars(questions.its_rule()).one_or_none()
    if rule is None or rule.issuer is None:
        return None
    return Provider(rule.issuer, rule.client_id or "", rule.client_secret or "", tuple(rule.hosts))


def set_provider(session: TenantSession, new: NewProvider, seal: Seal, trace: Trace) -> Provider:
    """Let an OpenID Connect provider vouch for the company's people.

    Raises:
        BadInputError: if the issuer is no address to ask, or a part is missing.
    """
    issuer, hosts = _issuer(new.issuer), tuple(_host(each) for each in new.hosts)
    client = inputs.line(tr("The client id"), new.client_id)
    if not 0 < len(new.client_secret) <= _LONGEST:
        raise BadInputError(
            tr("The client secret is missing, or longer than any that is given out.")
        )
    rule = _rule(session, trace)
    rule.issuer, rule.client_id, rule.hosts = issuer, client, list(hosts)
    rule.client_secret = seal.close(new.client_secret, place(session))
    rule.changed_at = trace.at
    told = {"issuer": issuer, "client": client}
    auditing.note(session, None, Event.SETTINGS_CHANGED, "provider", told, trace=trace)
    return Provider(issuer, client, rule.client_secret, hosts)


def drop_provider(session: TenantSession, trace: Trace) -> None:
    """Let people sign in by password only."""
    rule = _rule(session, trace)
    rule.issuer, rule.client_id, rule.client_secret, rule.hosts = None, None, None, []
    rule.changed_at = trace.at
    told = {"issuer": "none"}
    auditing.note(session, None, Event.SETTINGS_CHANGED, "provider", told, trace=trace)


def link(
    session: TenantSession, person: uuid.UUID, issuer: str, subject: str, trace: Trace
) -> bool:
    """Bind a person to the account that they first came with; False where it is another by now."""
    kept = session.scalars(questions.link_of_person(person)).one_or_none()
    if kept is not None and kept.issuer == issuer:
        return kept.subject == subject
    if session.scalars(questions.link_of_subject(issuer, subject)).one_or_none() is not None:
        return False
    if kept is not None:
        # The company changed its provider: the account at the former one is nobody's any more.
        session.delete(kept)
        session.flush()
    made = ProviderLink(person_id=person, issuer=issuer, subject=subject, made_at=trace.at)
    return session.insert_new(made)


def unlink(session: TenantSession, person: uuid.UUID) -> None:
    """Forget which account at the provider is a person's."""
    kept = session.scalars(questions.link_of_person(person)).one_or_none()
    if kept is not None:
        session.delete(kept)


def linked(session: TenantSession) -> frozenset[uuid.UUID]:
    """Return who came by the provider already."""
    return frozenset(row.person_id for row in session.scalars(questions.links()))


def place(session: TenantSession) -> str:
    """Return what the provider's secret is sealed for."""
    return f"sign_in_rule:{session.tenant}"


def company(session: TenantSession) -> str:
    """Return the company's name."""
    row = session.scalars(tenants.its_row()).one_or_none()
    if row is None:
        raise UnknownTenantError(session.tenant)
    return row.name


def _rule(session: TenantSession, trace: Trace) -> SignInRule:
    """Return the rule, made where there was none, held against other writers."""
    company(session)
    found = session.scalars(questions.its_rule_held()).one_or_none()
    if found is None:
        session.insert_new(SignInRule(factor_roles=[], hosts=[], changed_at=trace.at))
        found = session.scalars(questions.its_rule_held()).one()
    return found


def _issuer(text: str) -> str:
    told = inputs.line(tr("The issuer"), text)
    if not _is_issuer(told):
        raise BadInputError(tr("The issuer has to look like https://sign-in.example.org/realm."))
    return told


def _is_issuer(text: str) -> bool:
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        return False
    return named and parts.scheme in {"https", "http"} and not parts.query + parts.fragment


def _host(text: str) -> str:
    told = inputs.line(tr("The host"), text).lower()
    if not told.isascii() or set(told) & set("/:@?# "):
        raise BadInputError(tr("A host has to look like keys.example.org, without anything else."))
    return told
