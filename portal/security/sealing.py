"""Secrets at rest: sealed with a key that is made from the portal's own secret, never kept beside.

Each is bound to the place it was sealed for: moved to another row, it does not open.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.errors import PortalError

_FORM, _NONCE, _KEY = "v1.", 12, 32


@dataclass(frozen=True, slots=True)
class Seal:
    """Seals and opens texts for one portal."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: str) -> "Seal":
        """Return the seal of a portal's secret; its cookies are signed with another key."""
        made = HKDF(SHA256(), _KEY, salt=None, info=b"meridian secrets at rest")
        return cls(made.derive(secret.encode()))

    def close(self, text: str, place: str) -> str:
        """Return `text` sealed for one place: a table and the row's key."""
        nonce = os.urandom(_NONCE)
        held = AESGCM(self.key).encrypt(nonce, text.encode(), place.encode())
        return _FORM + urlsafe_b64encode(nonce + held).decode()

    def open(self, sealed: str, place: str) -> str:
        """Return what was sealed for `place`.

        Raises:
            SealBrokenError: if it was sealed with another secret or elsewhere, or was changed.
        """
        try:
            raw = urlsafe_b64decode(sealed.removeprefix(_FORM))
            return AESGCM(self.key).decrypt(raw[:_NONCE], raw[_NONCE:], place.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError from error


class SealBrokenError(PortalError):
    """A kept secret can't be opened."""

    def __init__(self) -> None:
        super().__init__(
            "A secret that the portal keeps can't be opened: PORTAL_SECRET_KEY is another one than "
            "when it was kept. Set the former one, or set the secret anew."
        )
