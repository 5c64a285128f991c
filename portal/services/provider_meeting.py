"""What stands between this portal and the sign-in providers of companies."""

from dataclasses import dataclass

from portal.security.sealing import Seal

BACK = "/login/provider/back"


@dataclass(frozen=True, slots=True)
class Meeting:
    """How this portal meets providers."""

    seal: Seal
    url: str
    """Its own address."""
    loopback: bool
    """Whether a provider may be on one's own machine: in demo mode only."""


@dataclass(frozen=True, slots=True)
class Try:
    """What the browser keeps while its person is at the provider; it is good for one return."""

    company: str
    issuer: str
    state: str
    nonce: str
    verifier: str
