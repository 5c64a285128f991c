"""The key of a tenant: short, plain, and safe as a folder's name."""

import re
from typing import NewType

from portal.errors import BadInputError

TenantKey = NewType("TenantKey", str)

PATTERN = r"[a-z0-9][a-z0-9_-]{0,39}"


def tenant_key(text: str) -> TenantKey:
    """Return `text` as a tenant's key.

    Raises:
        BadInputError: if it is not 1 to 40 of a-z, 0-9, - and _, a letter or digit first.
    """
    if not re.fullmatch(PATTERN, text):
        raise BadInputError(
            f"'{text}' can't be a tenant's key. Use 1 to 40 of a-z, 0-9, - and _, beginning with "
            "a letter or digit."
        )
    return TenantKey(text)
