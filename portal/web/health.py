"""Whether the process lives, and whether it can serve."""

import os

from flask import Blueprint, Response, jsonify, make_response

from portal.config import Config
from portal.errors import PortalError
from portal.security.permissions import Access, Gate
from portal.tenancy.database import Database

ROUTES: dict[str, Access] = {"health.alive": Gate.EVERYBODY, "health.ready": Gate.EVERYBODY}


def blueprint(config: Config, database: Database) -> Blueprint:
    """Return the two routes; neither tells anything of what the portal holds."""
    made = Blueprint("health", __name__)

    @made.get("/livez")
    def alive() -> Response:
        return jsonify(alive=True)

    @made.get("/readyz")
    def ready() -> Response:
        try:
            database.check()
            able = {"database": True, "folder": os.access(config.home, os.W_OK)}
        except PortalError:
            able = {"database": False, "folder": os.access(config.home, os.W_OK)}
        return make_response(jsonify(able), 200 if all(able.values()) else 503)

    return made
