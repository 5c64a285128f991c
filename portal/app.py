"""The portal as a whole: every room joined, and refused if a door of it is not listed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask

import portal
from callbacks.edge import Edge
from callbacks.host import Looks, PortalDash
from callbacks.registering import register_all
from kpi_engine import language
from portal.config import Config
from portal.jobs.jobs import declare_jobs
from portal.security.registry import Kind, Registry
from portal.services.workshops import duckdb_workshop
from portal.tenancy.database import Database, open_database
from portal.web import actions, kpi_files, reviews
from portal.web.asking import WebAsking
from portal.web.assets import FONT, SHEET, Shelf, marked_address, serve_assets
from portal.web.guard import refuse_gaps
from portal.web.hosting import csrf_cookie, make_server

ASSETS = Path(portal.__file__).parent / "assets"
LOCALES = Path(portal.__file__).parent / "locales"


@dataclass(frozen=True, slots=True)
class Joined:
    """A portal that is ready to serve."""

    server: Flask
    dash: PortalDash
    edge: Edge


def create_app(
    config: Config, *, clock: Callable[[], datetime], database: Database | None = None
) -> Flask:
    """Return the portal as a WSGI application.

    Raises:
        UndeclaredError: if a route or a callback declares no permission, or one is not there.
        SettingsError: if a setting is missing.
        PortalError: if the database can't be used.
    """
    return join(config, clock, database or open_database(config)).server


def join(config: Config, clock: Callable[[], datetime], database: Database) -> Joined:
    """Join the rooms over an open database; the same errors as `create_app`."""
    language.teach(LOCALES)
    registry, asking = Registry(), WebAsking(clock)
    hosts: list[PortalDash] = []
    server = make_server(config, database, registry, asking, lambda: hosts[0])
    hosts.append(PortalDash(server, _looks(), csrf_cookie(config)))
    packages = hosts[0].registered_paths
    serve_assets(server, Shelf(ASSETS.resolve(), config.home / "cache" / "assets", packages))
    workshop = duckdb_workshop(config, database)
    edge = Edge(config, database, workshop, registry, clock, asking)
    hosts[0].join(edge)
    kpi_files.join(server, registry, kpi_files.Files(workshop, asking))
    actions.join(server, registry, database, asking)
    reviews.join(server, registry, reviews.Counter(database, workshop, asking))
    register_all(hosts[0], edge)
    declare_jobs(registry)
    refuse_gaps(registry, server)
    registry.refuse_gaps(Kind.CALLBACK, hosts[0].callback_map)
    return Joined(server, hosts[0], edge)


def _looks() -> Looks:
    return Looks(ASSETS, marked_address(ASSETS, SHEET), marked_address(ASSETS, FONT))
