"""Random secrets that a browser or a mail carries; the database keeps only their hashes."""

import hashlib
import re
import secrets
from dataclasses import dataclass

from portal.tenancy.keys import PATTERN, TenantKey

_BYTES = 32
_FORM = re.compile(rf"({PATTERN})\.([A-Za-z0-9_-]{{43}})")


@dataclass(frozen=True, slots=True)
class Token:
    """A secret of 256 bits, and the tenant to look for it in.

    The tenant in it is where to look, no proof: with another one in its place the hash is not
    found there.
    """

    tenant: TenantKey
    secret: str

    @property
    def text(self) -> str:
        """What the browser keeps."""
        return f"{self.tenant}.{self.secret}"

    @property
    def hashed(self) -> str:
        """What the database keeps; it also depends on the tenant."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def new_token(tenant: TenantKey) -> Token:
    """Return a token that nobody has had."""
    return Token(tenant, secrets.token_urlsafe(_BYTES))


def read_token(text: str) -> Token | None:
    """Return the token that a text is, or None if it has not the form of one."""
    found = _FORM.fullmatch(text)
    return Token(TenantKey(found[1]), found[2]) if found else None
