"""The portal for a WSGI server of one's own: `gunicorn --worker-class gthread wsgi:server`."""

import os
from datetime import UTC, datetime

from portal.app import create_app
from portal.config import Config


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - this is the clock that is handed in


server = create_app(Config.from_environ(os.environ), clock=_now)
