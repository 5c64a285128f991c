"""Settings of one running portal, read once from the environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from portal.errors import SettingsError

_S3_OPTIONS = {
    "PORTAL_STORE_ENDPOINT": "AWS_ENDPOINT_URL",
    "PORTAL_STORE_REGION": "AWS_REGION",
    "PORTAL_STORE_KEY_ID": "AWS_ACCESS_KEY_ID",
    "PORTAL_STORE_SECRET": "AWS_SECRET_ACCESS_KEY",
    "PORTAL_STORE_TOKEN": "AWS_SESSION_TOKEN",
}
"""Our name of each S3 setting, and the name that object stores know it by (read too)."""

SETTINGS = (
    "PORTAL_HOME",
    "PORTAL_DATABASE_URL",
    "PORTAL_DATABASE_OWNER_URL",
    "PORTAL_STORE",
    "PORTAL_SPARK_MASTER",
    "PORTAL_MODE",
    "PORTAL_URL",
    "PORTAL_TRUSTED_HOSTS",
    "PORTAL_PROXIES",
    "PORTAL_SECRET_KEY",
    "PORTAL_SMTP_URL",
    *_S3_OPTIONS,
)
"""Every setting of the environment, for the documentation and for misspelt names."""

LOCAL_URL = "http://127.0.0.1:8050"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SHORTEST_SECRET = 32
_MOST_PROXIES = 5


class Mode(StrEnum):
    """How the portal is run."""

    PRODUCTION = "production"
    DEMO = "demo"


_POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")
_SPARK = ("local", "spark://", "k8s://", "yarn")


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one running portal."""

    home: Path
    """`PORTAL_HOME`: the data folder, by default `./var`."""
    store: str
    """`PORTAL_STORE`: where the facts lie, a folder or an `s3://` address; default `HOME/facts`."""
    database_url: str | None = field(default=None, repr=False)
    """`PORTAL_DATABASE_URL`: the server to use; None is the embedded one in the data folder."""
    owner_url: str | None = field(default=None, repr=False)
    """`PORTAL_DATABASE_OWNER_URL`: who owns the tables there; for upgrades and backups."""
    spark_master: str | None = None
    """`PORTAL_SPARK_MASTER`: where Spark runs; None starts a local one."""
    mode: Mode = Mode.PRODUCTION
    """`PORTAL_MODE`: `production`, or `demo` on one's own machine."""
    url: str = LOCAL_URL
    """`PORTAL_URL`: the address that people type; https anywhere but on one's own machine."""
    trusted_hosts: tuple[str, ...] = ()
    """`PORTAL_TRUSTED_HOSTS`: further names that the portal answers to, between commas."""
    proxies: int = 0
    """`PORTAL_PROXIES`: how many proxies of one's own stand in front and name the client."""
    secret_key: str | None = field(default=None, repr=False)
    """`PORTAL_SECRET_KEY`: what cookies are signed with; in demo mode it is made by itself."""
    smtp_url: str | None = field(default=None, repr=False)
    """`PORTAL_SMTP_URL`: where mail is handed over; None keeps it in `HOME/mail`."""
    store_options: Mapping[str, str] = field(default_factory=dict, repr=False)
    """`PORTAL_STORE_ENDPOINT`, `_REGION`, `_KEY_ID`, `_SECRET`, `_TOKEN`, under their AWS names."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Config:
        """Build from `environ`, naming every setting that cannot be used at once.

        Raises:
            SettingsError: with a sentence for each fault.
        """
        given = {name: text.strip() for name, text in environ.items() if text.strip()}
        faults = [
            *_misspelt(given),
            *_bad_addresses(given),
            *_bad_store(given),
            *_bad_spark(given),
            *_bad_web(given),
        ]
        if faults:
            raise SettingsError(faults)
        home = Path(given.get("PORTAL_HOME", "var")).expanduser().absolute()
        store = given.get("PORTAL_STORE", str(home / "facts"))
        return cls(
            home=home,
            store=store if _is_s3(store) else str(Path(store).expanduser().absolute()),
            database_url=given.get("PORTAL_DATABASE_URL"),
            owner_url=given.get("PORTAL_DATABASE_OWNER_URL"),
            spark_master=given.get("PORTAL_SPARK_MASTER"),
            mode=Mode(given.get("PORTAL_MODE", Mode.PRODUCTION)),
            url=given.get("PORTAL_URL", LOCAL_URL).rstrip("/"),
            trusted_hosts=_listed(given.get("PORTAL_TRUSTED_HOSTS", "")),
            proxies=int(given.get("PORTAL_PROXIES", "0")),
            secret_key=given.get("PORTAL_SECRET_KEY"),
            smtp_url=given.get("PORTAL_SMTP_URL"),
            store_options=MappingProxyType(_s3_options(given) if _is_s3(store) else {}),
        )


def _misspelt(given: Mapping[str, str]) -> list[str]:
    """Names that all but match a setting: a slip there would silently start an empty portal."""
    strange = [name for name in given if name.startswith("PORTAL_") and name not in SETTINGS]
    near = {name: get_close_matches(name, SETTINGS, n=1, cutoff=0.9) for name in sorted(strange)}
    return [
        f"There is no setting {name}. Did you mean {close[0]}?"
        for name, close in near.items()
        if close
    ]


def _bad_addresses(given: Mapping[str, str]) -> list[str]:
    """Database addresses that are not of a PostgreSQL server."""
    names = ("PORTAL_DATABASE_URL", "PORTAL_DATABASE_OWNER_URL")
    faults = [
        f"{name} has to look like postgresql://user:password@host/database."
        for name in names
        if name in given and not _is_postgres(given[name])
    ]
    if names[1] in given and names[0] not in given:
        faults.append(f"{names[1]} is set without {names[0]}. Set both, or neither.")
    return faults


def _is_postgres(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in _POSTGRES and len(parts.path) > 1 and parts.port != 0
    except ValueError:
        return False


def _is_s3(store: str) -> bool:
    return store.startswith("s3://")


def _bad_store(given: Mapping[str, str]) -> list[str]:
    store = given.get("PORTAL_STORE", "")
    if _is_s3(store) and not urlsplit(store).netloc:
        return ["PORTAL_STORE names no bucket. It has to look like s3://bucket/folder."]
    if "://" in store and not _is_s3(store):
        return ["PORTAL_STORE has to be a folder or an address like s3://bucket/folder."]
    return []


def _bad_spark(given: Mapping[str, str]) -> list[str]:
    master = given.get("PORTAL_SPARK_MASTER", "local")
    if master.startswith(_SPARK):
        return []
    return ["PORTAL_SPARK_MASTER has to look like spark://host:7077 or local[2]."]


def _bad_web(given: Mapping[str, str]) -> Iterator[str]:
    """Settings of the web server that cannot be used, or would not keep anybody out."""
    if given.get("PORTAL_MODE", Mode.PRODUCTION) not in list(Mode):
        yield "PORTAL_MODE has to be production or demo."
    if "PORTAL_URL" in given and not _is_web(given["PORTAL_URL"]):
        yield "PORTAL_URL has to look like https://kpi.example.org; http only on 127.0.0.1."
    if given.get("PORTAL_PROXIES", "0") not in {str(count) for count in range(_MOST_PROXIES + 1)}:
        yield f"PORTAL_PROXIES has to be a number from 0 to {_MOST_PROXIES}."
    secret = given.get("PORTAL_SECRET_KEY")
    if secret is not None and (len(secret) < _SHORTEST_SECRET or len(set(secret)) < _VARIED):
        yield (
            f"PORTAL_SECRET_KEY has to be at least {_SHORTEST_SECRET} random characters, as "
            "`openssl rand -hex 32` prints them."
        )


_VARIED = 8
"""Different characters of a secret: a word said over and over has fewer."""


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        plain = parts.scheme == "http" and parts.hostname in LOOPBACK
        return bool(parts.hostname) and (plain or parts.scheme == "https") and parts.port != 0
    except ValueError:
        return False


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _s3_options(given: Mapping[str, str]) -> dict[str, str]:
    """The storage options under the names of the object store; ours win over the usual ones."""
    options = {usual: given[usual] for usual in _S3_OPTIONS.values() if usual in given}
    options |= {usual: given[ours] for ours, usual in _S3_OPTIONS.items() if ours in given}
    if options.get("AWS_ENDPOINT_URL", "").startswith("http://"):
        options["AWS_ALLOW_HTTP"] = "true"
    return options
