"""Signing in by a company's own provider: OpenID Connect, by a code with PKCE, state and nonce.

The provider says who somebody is, never what they may do: only people whom an administrator added
come in, by an address that the provider has checked, and once they came, only as the same account.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kpi_engine.language import mark, tr
from portal.errors import BadInputError
from portal.models import people
from portal.services import auditing, sign_in_rules, signing_in, throttling
from portal.services.auditing import Event, Trace
from portal.services.outgoing import Outgoing, OutgoingError, OutgoingRefusedError
from portal.services.provider_errors import ProviderDownError, ProviderRefusedError
from portal.services.provider_meeting import BACK, Meeting, Try
from portal.services.sign_in_rules import Provider
from portal.services.signing_in import Account
from portal.services.throttling import Key
from portal.tenancy.database import Database
from portal.tenancy.doorway import DOOR
from portal.tenancy.keys import TenantKey, tenant_key
from portal.tenancy.session import TenantSession

_KNOWN = ".well-known/openid-configuration"
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")
"""Signatures that only the provider can make: none, and none by a secret that is shared."""
_LEEWAY = 60
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who came back, and when they proved it to the provider."""

    account: Account
    proven_at: datetime | None


def begin(
    database: Database, company: str, meeting: Meeting, trace: Trace, *, again: bool
) -> tuple[Try, str]:
    """Return what the browser is to keep, and the provider's address that it goes on to.

    Args:
        database: Of the portal.
        company: The tenant's key, as somebody typed it.
        meeting: How providers are met.
        trace: In which request.
        again: Whether the provider has to ask for the proof anew.

    Raises:
        TooManyTriesError: if it was tried too often.
        ProviderRefusedError: if that company has no provider, or there is none.
        ProviderDownError: if the provider does not answer.
    """
    keys = _keys(trace)
    signing_in.count(database, keys, trace)
    key, provider = _provider(database, company)
    found = _discovered(provider, _outgoing(provider, meeting))
    made = Try(key, provider.issuer, *(generate_token(48) for _ in range(3)))
    more = {"prompt": "login", "max_age": 0} if again else {}
    address: str = prepare_grant_uri(
        found["authorization_endpoint"],
        provider.client_id,
        "code",
        redirect_uri=meeting.url + BACK,
        scope="openid email",
        state=made.state,
        nonce=made.nonce,
        code_challenge=create_s256_code_challenge(made.verifier),
        code_challenge_method="S256",
        **more,
    )
    return made, address


def finish(
    database: Database, tried: Try, answer: Mapping[str, str], meeting: Meeting, trace: Trace
) -> Arrived:
    """Return who came back from the provider.

    Raises:
        ProviderRefusedError: if the answer is not one to this try, or nobody's here.
        ProviderDownError: if the provider does not answer.
    """
    key, provider = _provider(database, tried.company)
    try:
        claims = _claims(provider, tried, answer, meeting, trace)
        arrived = _arrived(database, key, provider, claims, trace)
    except ProviderRefusedError as error:
        with database.session(key) as session:
            told = {"by": "provider", "why": error.why}
            auditing.note(session, None, Event.SIGN_IN_FAILED, detail=told, trace=trace)
        raise
    with database.session(DOOR) as session:
        throttling.forget(session, _keys(trace))
    return arrived


def _provider(database: Database, company: str) -> tuple[TenantKey, Provider]:
    """Return the provider of a company; one without is told the same as one that is not there."""
    try:
        key = tenant_key(company)
    except BadInputError:
        raise ProviderRefusedError(tr(_NO_PROVIDER), "no provider") from None
    with database.session(key) as session:
        found = sign_in_rules.provider(session)
    if found is None:
        raise ProviderRefusedError(tr(_NO_PROVIDER), "no provider")
    return key, found


def _outgoing(provider: Provider, meeting: Meeting) -> Outgoing:
    own = urlsplit(provider.issuer).hostname or ""
    return Outgoing(frozenset({own, *provider.hosts}), meeting.loopback)


def _discovered(provider: Provider, outgoing: Outgoing) -> Mapping[str, Any]:
    """Return what the provider says of itself, if it is the one that was set."""
    try:
        found: dict[str, Any] = OpenIDProviderMetadata(
            outgoing.get(f"{provider.issuer.rstrip('/')}/{_KNOWN}")
        )
    except OutgoingError as error:
        raise ProviderDownError from error
    places = [found.get(f"{name}_endpoint") for name in ("authorization", "token")]
    for place in (*places, found.get("jwks_uri")):
        if not isinstance(place, str) or not outgoing.admits(place):
            raise ProviderDownError
    if found.get("issuer") != provider.issuer:
        raise ProviderDownError
    return found


def _claims(
    provider: Provider, tried: Try, answer: Mapping[str, str], meeting: Meeting, trace: Trace
) -> CodeIDToken:
    """Return what the provider says of who came back, signed by it, for us, for this try."""
    if not hmac.compare_digest(answer.get("state", "").encode(), tried.state.encode()):
        raise ProviderRefusedError(tr(_NOT_OURS), "state")
    if provider.issuer != tried.issuer or answer.get("iss", tried.issuer) != tried.issuer:
        raise ProviderRefusedError(tr(_NOT_OURS), "issuer")
    code = answer.get("code", "")
    if "error" in answer or not 0 < len(code) <= _LONGEST:
        raise ProviderRefusedError(tr(_NOT_IN), "refused by the provider")
    outgoing = _outgoing(provider, meeting)
    found = _discovered(provider, outgoing)
    if found.get("authorization_response_iss_parameter_supported") and "iss" not in answer:
        raise ProviderRefusedError(tr(_NOT_OURS), "issuer")
    form: str = prepare_token_request(
        "authorization_code",
        redirect_uri=meeting.url + BACK,
        code=code,
        code_verifier=tried.verifier,
    )
    secret = meeting.seal.open(provider.sealed, f"sign_in_rule:{tried.company}")
    try:
        tokens = outgoing.post(found["token_endpoint"], form, provider.client_id, secret)
        keys = outgoing.get(found["jwks_uri"])
    except OutgoingRefusedError as error:
        raise ProviderRefusedError(tr(_NOT_IN), "refused by the provider") from error
    except OutgoingError as error:
        raise ProviderDownError from error
    return _verified(tokens, keys, (provider, tried), trace.at)


def _verified(
    tokens: Mapping[str, Any], keys: dict[str, Any], asked: tuple[Provider, Try], now: datetime
) -> CodeIDToken:
    provider, tried = asked
    try:
        token = jwt.decode(str(tokens.get("id_token", "")), _keys_of(keys), algorithms=_ALGORITHMS)
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
            },
            params={
                "nonce": tried.nonce,
                "client_id": provider.client_id,
                "access_token": tokens.get("access_token"),
            },
        )
        claims.validate(now=int(now.timestamp()), leeway=_LEEWAY)
    except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ProviderRefusedError(tr(_NOT_OURS), f"token: {type(error).__name__}") from error
    return claims


def _keys_of(found: dict[str, Any]) -> KeySet:
    """Return the provider's keys for signing, without those that are a shared secret."""
    listed = [each for each in found["keys"] if each.get("kty") in {"RSA", "EC"}]
    return KeySet.import_key_set({"keys": listed})


def _arrived(
    database: Database, key: TenantKey, provider: Provider, claims: CodeIDToken, trace: Trace
) -> Arrived:
    email, subject = claims.get("email"), claims.get("sub")
    if claims.get("email_verified") is not True or not _is_word(email):
        raise ProviderRefusedError(tr(_UNCHECKED), "unverified address")
    if not _is_word(subject):
        raise ProviderRefusedError(tr(_NOT_OURS), "no subject")
    with database.session(key) as session:
        account = _account(session, email, provider.issuer, subject, trace)
    return Arrived(account, _proven(claims.get("auth_time"), trace.at))


def _is_word(told: object) -> bool:
    return isinstance(told, str) and 0 < len(told) <= _LONGEST and told.isprintable()


def _account(
    session: TenantSession, email: str, issuer: str, subject: str, trace: Trace
) -> Account:
    person = session.scalars(people.by_email(email)).one_or_none()
    if person is None or person.disabled_at is not None:
        raise ProviderRefusedError(tr(_UNKNOWN), "nobody here")
    if not sign_in_rules.link(session, person.id, issuer, subject, trace):
        raise ProviderRefusedError(tr(_ANOTHER), "another account")
    name = sign_in_rules.company(session)
    return Account(session.tenant, name, person.id, signing_in.stamp(person))


def _proven(told: object, now: datetime) -> datetime | None:
    """Return when somebody proved who they are, if the provider says; never later than now."""
    if not isinstance(told, int | float) or isinstance(told, bool):
        return None
    return datetime.fromtimestamp(min(max(told, 0), now.timestamp()), UTC)


def _keys(trace: Trace) -> tuple[Key, ...]:
    return (Key(throttling.ADDRESS, trace.ip), Key(throttling.EVERYBODY, ""))


_NO_PROVIDER = mark(
    "There is no sign-in provider under this key. Ask for it, or use your password."
)
_NOT_OURS = mark("This is no answer to your sign-in. Start again from the sign-in page.")
_NOT_IN = mark("Your company's provider did not let you in. Try again, or ask who looks after it.")
_UNCHECKED = mark(
    "Your company's provider has not checked your e-mail address, so it proves nothing here. Ask "
    "who looks after it."
)
_UNKNOWN = mark(
    "Your company's provider knows you, this portal does not. Ask an administrator to add you."
)
_ANOTHER = mark(
    "You came with another account than the first time. Ask an administrator to reset how you "
    "sign in."
)
