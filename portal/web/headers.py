"""What every answer carries, errors too: what a browser may do with it, and that it keeps none."""

from collections.abc import Callable

from flask import Flask, Response, request

from portal.web.asking import request_id
from portal.web.paths import KEPT, LINK_ENDPOINTS, PAGE_ENDPOINTS

PLAIN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The rule of pages that run no script: signing in, errors."""
LINK_POLICY = f"{PLAIN_POLICY}; script-src 'self'"
"""The rule of the page that a link in a mail leads to: a script of ours takes the link's secret out
of the address, where it stands after the mark that no server sees."""
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_HTTPS_ONLY = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


def add_headers(server: Flask, policy: Callable[[], str], *, https: bool) -> None:
    """Put the headers on every answer of `server`; `policy` is the rule of pages with scripts."""
    always = _ALWAYS | (_HTTPS_ONLY if https else {})

    @server.after_request
    def add(response: Response) -> Response:
        response.headers.update(always)
        response.headers["X-Request-Id"] = request_id()
        response.headers["Content-Security-Policy"] = _rule(response, policy)
        if response.headers.get("Cache-Control") not in KEPT:
            response.headers["Cache-Control"] = "no-store"
        return response


def _rule(response: Response, policy: Callable[[], str]) -> str:
    if response.mimetype != "text/html":
        return PLAIN_POLICY
    if request.endpoint in PAGE_ENDPOINTS:
        return policy()
    return LINK_POLICY if request.endpoint in LINK_ENDPOINTS else PLAIN_POLICY
