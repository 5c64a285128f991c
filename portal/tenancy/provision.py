"""The roles and the database of the embedded server."""

import psycopg
from psycopg import sql

from portal.tenancy.names import APP, DATABASE, OWNER, SUPERUSER
from portal.tenancy.server import Address


def provision(address: Address) -> None:
    """Make the owner's and the application's role and the database where they are missing."""
    with psycopg.connect(
        host=address.socket_folder,
        port=address.port,
        user=SUPERUSER,
        dbname="postgres",
        autocommit=True,
    ) as server:
        for role in (OWNER, APP):
            if not _there(server, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
                make_login(server, role)
        if not _there(server, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            server.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)
                )
            )


def make_login(server: psycopg.Connection, role: str, password: str | None = None) -> None:
    """Make a role that may log in and nothing else."""
    secret = sql.SQL(" PASSWORD {}").format(sql.Literal(password)) if password else sql.SQL("")
    server.execute(
        sql.SQL(
            "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        ).format(sql.Identifier(role))
        + secret
    )


def _there(server: psycopg.Connection, question: str, name: str) -> bool:
    return server.execute(question.encode(), (name,)).fetchone() is not None
