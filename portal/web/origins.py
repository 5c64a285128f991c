"""What changes something is taken from the portal's own pages only.

Browsers say where a request comes from, in headers that no page can set. Where they say nothing, as
programs do, the form's token decides alone.
"""

from urllib.parse import urlsplit

from flask import Flask, request

from kpi_engine.language import mark, tr
from portal.config import Config
from portal.errors import DeniedError

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_SENTENCE = mark(
    "This came from another site and was not done. Open the portal itself and repeat it."
)


def refuse_other_sites(server: Flask, config: Config) -> None:
    """Refuse what another site sends in somebody's name, whatever it carries."""
    known = {_origin(config.url)}
    https = config.url.startswith("https://")

    @server.before_request
    def check() -> None:
        if request.method in _SAFE:
            return
        site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        # The host was held against the list of trusted ones before.
        own = known | {f"{'https' if https else request.scheme}://{request.host}"}
        if (site is not None and site != "same-origin") or (
            origin is not None and origin not in own
        ):
            raise DeniedError(tr(_SENTENCE))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
