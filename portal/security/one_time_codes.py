"""Codes that work once: six digits of the present half minute, and recovery codes on paper.

The digits are those of RFC 6238, as every authenticator makes them. A code of the half minute
before or after is taken too, because clocks differ; none is taken twice.
"""

import hashlib
import hmac
import secrets
from base64 import b32encode
from datetime import datetime

import pyotp

STEP = 30
_NEAR = (0, -1, 1)
_CODES, _BYTES, _GROUP = 10, 10, 4
_DIGITS = 6


def new_secret() -> str:
    """Return a secret of 160 bits that nobody has had."""
    return pyotp.random_base32()


def address(secret: str, name: str, company: str) -> str:
    """Return the address that an authenticator takes a secret from."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=f"Meridian {company}")


def grouped(text: str) -> str:
    """Return a secret in groups of four, as one types it."""
    return " ".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def step_of(secret: str, code: str, now: datetime, spent: int | None) -> int | None:
    """Return the half minute that a code is of, or None if it is wrong or was spent.

    Args:
        secret: The person's.
        code: What was typed.
        now: The present moment.
        spent: The half minute of the last code that was taken, if any.
    """
    if not (len(code) == _DIGITS and code.isascii() and code.isdigit()):
        return None
    maker, at = pyotp.TOTP(secret), int(now.timestamp()) // STEP
    found = [
        at + near for near in _NEAR if hmac.compare_digest(maker.at(now, counter_offset=near), code)
    ]
    fresh = [step for step in found if spent is None or step > spent]
    return fresh[0] if fresh else None


def new_recovery_codes() -> tuple[str, ...]:
    """Return ten codes of 80 bits each, in groups as one writes them down."""
    made = [b32encode(secrets.token_bytes(_BYTES)).decode().lower() for _ in range(_CODES)]
    return tuple(
        "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP)) for code in made
    )


def recovery_hash(code: str, person: str) -> str:
    """Return what is kept of a recovery code; blanks, hyphens and capitals don't matter."""
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    # Eighty random bits can't be guessed from a hash, however quick it is.
    return hashlib.sha256(f"{person}:{plain}".encode("utf-8", "replace")).hexdigest()


def digits(code: str) -> str:
    """Return what was typed without the blanks that authenticators show."""
    return code.replace(" ", "").replace("\u00a0", "")
