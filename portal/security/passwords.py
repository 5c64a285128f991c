"""Passwords: hashed with argon2id, stored as text that names its own algorithm and cost.

Hashes of earlier releases were made with scrypt; they are still known, and made anew when their
person signs in.
"""

import hashlib
import hmac
from base64 import b64decode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kpi_engine.language import tr
from portal.errors import BadInputError

SHORTEST, LONGEST = 12, 128
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""The second of OWASP's equal choices: 19 MiB, two passes. Its salt is new each time."""
_SCRYPT_MEMORY = 256 * 1024 * 1024
NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$iZDIgZ6OCawgULcwSMUm2w$"
    "9OIlrKUQgDBmS5fnmF6TyEzJ1jJ058EStP3bIogdzSE"
)
"""A hash that is no one's, made as theirs are: ready, so that the first try takes no longer."""


def hashed(password: str) -> str:
    """Return the argon2id hash of `password`.

    Raises:
        BadInputError: if it is shorter than 12 or longer than 128 characters, or no text.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInputError(
            tr(
                "A password has {least} to {most} characters; this one has {count}.",
                least=SHORTEST,
                most=LONGEST,
                count=len(password),
            )
        )
    try:
        return _HASHER.hash(password)
    except UnicodeEncodeError:
        raise BadInputError(tr("A password has to be text.")) from None


def matches(password: str, stored: str) -> bool:
    """Say whether `password` is the one that `stored` was made from."""
    if len(password) > LONGEST:
        # What nobody can have set is not hashed: a megabyte would take its time.
        password = ""
    try:
        if stored.startswith("scrypt$"):
            return _matches_scrypt(password, stored)
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


def is_outdated(stored: str) -> bool:
    """Say whether a hash was made in another way than new ones are."""
    return not stored.startswith("$argon2id$") or _HASHER.check_needs_rehash(stored)


def spend_the_time() -> None:
    """Take as long as a comparison takes, where there is nothing to compare with."""
    matches("no password of anybody's", NOBODYS)


def _matches_scrypt(password: str, stored: str) -> bool:
    _, log_n, r, p, salt, key = stored.split("$")
    found = hashlib.scrypt(
        password.encode(),
        salt=b64decode(salt),
        n=1 << int(log_n),
        r=int(r),
        p=int(p),
        maxmem=_SCRYPT_MEMORY,
        dklen=32,
    )
    return hmac.compare_digest(found, b64decode(key))
