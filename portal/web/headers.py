"""What every answer carries, errors too: what a browser may do with it, and that it keeps none."""

from collections.abc import Callable

from flask import Flask, Response, request

from portal.web.asking import request_id
from portal.web.paths import KEPT, PAGE_ENDPOINTS

PLAIN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The rule of pages that run no script: signing in, errors."""
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
        is_page = request.endpoint in PAGE_ENDPOINTS and response.mimetype == "text/html"
        response.headers["Content-Security-Policy"] = policy() if is_page else PLAIN_POLICY
        if response.headers.get("Cache-Control") not in KEPT:
            response.headers["Cache-Control"] = "no-store"
        return response
