"""The provider of a tenant by command: set, taken away or shown; its secret is never said again."""

import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from portal.cli.context import Portal
from portal.config import LOOPBACK, Mode
from portal.errors import BadInputError
from portal.security.sealing import Seal
from portal.services import sign_in_rules, tenants
from portal.services.auditing import Trace
from portal.services.provider_meeting import BACK
from portal.services.sign_in_rules import NewProvider
from portal.web.secret import secret_key


def change(portal: Portal, tenant: str, given: Mapping[str, Any]) -> dict[str, object]:
    """Do what the options say, and return how the provider stands then.

    Raises:
        BadInputError: if the options don't go together, or the secret is missing.
        SettingsError: if the portal has no secret to seal with.
    """
    issuer, client = given["issuer"], given["client_id"]
    sets = issuer is not None or client is not None or given["hosts"]
    if sets and (given["off"] or issuer is None or client is None):
        raise BadInputError("Give --issuer and --client-id together, or --off, or neither.")
    if sets and portal.config.mode is not Mode.DEMO:
        _reachable(issuer)
    # Asked before the database is: a portal without a secret keeps none.
    seal = Seal.of(secret_key(portal.config)) if sets else None
    new = NewProvider(issuer or "", client or "", _secret() if sets else "", given["hosts"])
    with portal.session(tenant) as session:
        tenants.get(session)
        if seal is not None:
            sign_in_rules.set_provider(session, new, seal, Trace(portal.now()))
        elif given["off"]:
            sign_in_rules.drop_provider(session, Trace(portal.now()))
        found = sign_in_rules.provider(session)
    return {
        "tenant": tenant,
        "issuer": found.issuer if found else None,
        "client_id": found.client_id if found else None,
        "hosts": list(found.hosts) if found else [],
        "redirect": portal.config.url + BACK,
    }


def _reachable(issuer: str) -> None:
    """Refuse an issuer that a portal for others never asks: without TLS, or on its own machine."""
    try:
        parts = urlsplit(issuer)
    except ValueError:
        return
    if parts.scheme == "http" or parts.hostname in LOOPBACK:
        raise BadInputError(
            "The issuer has to be reached by https and on another machine: a portal in production"
            " asks no other. With PORTAL_MODE=demo it may be on this one."
        )


def _secret() -> str:
    """The first line of standard input."""
    try:
        given = sys.stdin.readline().strip() if sys.stdin is not None else ""
    except UnicodeDecodeError:
        raise BadInputError("The secret on standard input is not text in UTF-8.") from None
    if not given:
        raise BadInputError("Give the client secret on standard input, in its first line.")
    return given
