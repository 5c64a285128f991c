"""Passwords: hashed with scrypt, stored as text that names its own algorithm and cost."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

from portal.errors import BadInputError

SHORTEST, LONGEST = 12, 128
_LOG_N, _R, _P = 17, 8, 1
_MEMORY = 256 * 1024 * 1024
"""What scrypt may take; the cost above needs half of it."""


def hashed(password: str) -> str:
    """Return `scrypt$<log2 n>$<r>$<p>$<salt>$<key>` for `password`.

    Raises:
        BadInputError: if it is shorter than 12 or longer than 128 characters.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInputError(
            f"A password has {SHORTEST} to {LONGEST} characters; this one has {len(password)}."
        )
    salt = secrets.token_bytes(16)
    key = _key(password, salt, _LOG_N, _R, _P)
    return "$".join(("scrypt", f"{_LOG_N}", f"{_R}", f"{_P}", _text(salt), _text(key)))


def matches(password: str, stored: str) -> bool:
    """Say whether `password` is the one that `stored` was made from."""
    algorithm, log_n, r, p, salt, key = stored.split("$")
    if algorithm != "scrypt":
        return False
    found = _key(password, b64decode(salt), int(log_n), int(r), int(p))
    return hmac.compare_digest(found, b64decode(key))


def _key(password: str, salt: bytes, log_n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(
        password.encode(), salt=salt, n=1 << log_n, r=r, p=p, maxmem=_MEMORY, dklen=32
    )


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
