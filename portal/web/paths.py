"""Addresses of the portal itself, and which of those that were sent may be followed."""

import re

SIGN_IN = "/login"
SIGN_OUT = "/logout"
FRESH = "/fresh"
"""Where an open page asks by itself whether there are newer numbers."""

PAGE_ENDPOINTS = ("/", "/<path:path>")
"""What Dash calls its two routes of pages."""
LINK_ENDPOINTS = ("passwords.choose",)
"""Where links in mails lead whose secret a script takes out of the address."""
IMMUTABLE = "public, max-age=31536000, immutable"
"""What is said of files whose address changes with their content."""

REVALIDATED = "public, no-cache"
"""What is said of the same files where the address has no mark: kept, and asked after each time."""
OWN_IMMUTABLE = "private, max-age=31536000, immutable"
"""What is said of a company's own logo and accent, whose address changes with their content too:
its people's browsers keep them, and nothing between them and the portal does."""
KEPT = (IMMUTABLE, REVALIDATED, OWN_IMMUTABLE)
"""Everything else is kept by nobody."""

_OWN = re.compile(r"/(?![/\\])[A-Za-z0-9_\-./~%+,@:]*(?:\?[A-Za-z0-9_\-./~%+,=&;:@*!]*)?")
_LONGEST = 1_000
_HIDDEN = re.compile(r"%(?:2f|5c|0[0-9a-f]|7f)", re.IGNORECASE)


def own_path(text: str | None) -> str:
    """Return an address to go on to, if it is a path of this portal; else its first page.

    Browsers read two slashes, backslashes and a tab between them as another host, so only plain
    characters may stand.
    """
    if not text or len(text) > _LONGEST or not _OWN.fullmatch(text):
        return "/"
    path = text.partition("?")[0]
    if "//" in path or _HIDDEN.search(path) or path.startswith((SIGN_IN, SIGN_OUT, "/_dash-")):
        return "/"
    return text
