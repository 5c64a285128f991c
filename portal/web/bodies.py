"""Bodies of callbacks: read strictly, held against what was registered, before Dash sees them."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from flask import Flask, abort, request

from portal.web.callback_shapes import Shape, check_body, shape_of
from portal.web.strict_json import NotOursError, read

CALLBACKS = "/_dash-update-component"
_QUERY = {"endId"}
"""What Dash's script adds to the address: the mark of one page load."""


def guard_bodies(server: Flask, callbacks: Callable[[], Mapping[str, Mapping[str, Any]]]) -> None:
    """Answer 400 to bodies that no page of ours sends, 415 to other kinds, 413 to large ones."""

    @cache
    def shapes() -> Mapping[str, Shape]:
        # What the browser answers by itself has no function here to call.
        return {name: shape_of(name, one) for name, one in callbacks().items() if "callback" in one}

    @server.before_request
    def check() -> None:
        if request.endpoint != CALLBACKS:
            return
        if request.mimetype != "application/json" or request.content_encoding:
            abort(415)
        if set(request.args) - _QUERY:
            # Dash's background jobs are steered by it; there are none here.
            abort(400)
        try:
            check_body(read(request.get_data()), shapes())
        except NotOursError:
            abort(400)
