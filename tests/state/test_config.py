"""Settings are read once, with defaults, and every one that is off is named at once."""

from pathlib import Path

import pytest

from portal.config import Config
from portal.errors import SettingsError


def test_nothing_needs_to_be_set():
    config = Config.from_environ({})
    assert config.home == Path.cwd() / "var"
    assert config.store == str(Path.cwd() / "var" / "facts")
    assert (config.database_url, config.owner_url, config.spark_master) == (None, None, None)
    assert config.store_options == {}


def test_an_empty_setting_is_none():
    given = {"PORTAL_HOME": "", "PORTAL_DATABASE_URL": " ", "PORTAL_STORE": ""}
    assert Config.from_environ(given) == Config.from_environ({})


def test_the_facts_lie_in_the_home_unless_said_otherwise(tmp_path):
    assert Config.from_environ({"PORTAL_HOME": str(tmp_path)}).store == str(tmp_path / "facts")
    assert Config.from_environ({"PORTAL_STORE": "elsewhere"}).store == str(Path.cwd() / "elsewhere")
    assert Config.from_environ({"PORTAL_STORE": "s3://bucket/facts"}).store == "s3://bucket/facts"


def test_the_options_of_an_s3_store_go_by_their_usual_names_and_ours_win():
    given = {
        "PORTAL_STORE": "s3://bucket",
        "PORTAL_STORE_ENDPOINT": "http://127.0.0.1:5000",
        "PORTAL_STORE_REGION": "eu-1",
        "AWS_REGION": "us-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }
    config = Config.from_environ(given)
    assert config.store_options == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:5000",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "eu-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }
    assert "secret" not in repr(config)


def test_a_folder_is_given_no_s3_options():
    assert Config.from_environ({"AWS_REGION": "us-1"}).store_options == {}


_OFF = [
    ({"PORTAL_DATABASE_URL": "mysql://host/db"}, "PORTAL_DATABASE_URL has to look like"),
    ({"PORTAL_DATABASE_URL": "host/db"}, "PORTAL_DATABASE_URL has to look like"),
    ({"PORTAL_DATABASE_URL": "postgresql://host"}, "PORTAL_DATABASE_URL has to look like"),
    ({"PORTAL_DATABASE_URL": "postgresql://h:99999/db"}, "PORTAL_DATABASE_URL has to look like"),
    ({"PORTAL_DATABASE_URL": "postgresql://[::1/db"}, "PORTAL_DATABASE_URL has to look like"),
    ({"PORTAL_DATABASE_OWNER_URL": "postgresql://h/db"}, "without PORTAL_DATABASE_URL"),
    ({"PORTAL_STORE": "s3://"}, "names no bucket"),
    ({"PORTAL_STORE": "gs://bucket"}, "a folder or an address like s3://"),
    ({"PORTAL_SPARK_MASTER": "host:7077"}, "spark://host:7077"),
    ({"PORTAL_MODE": "debug"}, "PORTAL_MODE has to be production or demo"),
    ({"PORTAL_URL": "http://kpi.example.org"}, "PORTAL_URL has to look like https"),
    ({"PORTAL_URL": "kpi.example.org"}, "PORTAL_URL has to look like https"),
    ({"PORTAL_URL": "javascript:x"}, "PORTAL_URL has to look like https"),
    ({"PORTAL_PROXIES": "-1"}, "PORTAL_PROXIES has to be a number"),
    ({"PORTAL_PROXIES": "many"}, "PORTAL_PROXIES has to be a number"),
    ({"PORTAL_SECRET_KEY": "short"}, "at least 32 random characters"),
    ({"PORTAL_SECRET_KEY": "secret" * 9}, "at least 32 random characters"),
    ({"PORTAL_DATABSE_URL": "postgresql://h/db"}, "Did you mean PORTAL_DATABASE_URL"),
    ({"PORTAL_HOM": "/x"}, "Did you mean PORTAL_HOME"),
]


@pytest.mark.parametrize(("given", "why"), _OFF)
def test_a_setting_that_is_off_is_named(given, why):
    with pytest.raises(SettingsError, match=why):
        Config.from_environ(given)


def test_all_that_is_off_is_named_at_once():
    given = {name: text for each, _ in _OFF[::3] for name, text in each.items()}
    with pytest.raises(SettingsError) as refused:
        Config.from_environ(given)
    assert len(refused.value.faults) >= len(given)


def test_settings_of_others_are_left_alone():
    assert Config.from_environ({"PORTAL_PORT": "8050", "HOME": "/x"}) == Config.from_environ({})


@pytest.mark.parametrize(
    "address", ["postgres://u:p@h/db", "postgresql://h/db", "postgresql+psycopg://u@/db?host=/run"]
)
def test_an_address_of_a_postgresql_server_is_taken(address):
    assert Config.from_environ({"PORTAL_DATABASE_URL": address}).database_url == address


def test_a_portal_on_one_s_own_machine_may_speak_plainly():
    for address in ("http://127.0.0.1:9000", "http://localhost", "https://kpi.example.org/"):
        assert Config.from_environ({"PORTAL_URL": address}).url == address.rstrip("/")


def test_the_secret_is_not_shown():
    config = Config.from_environ({"PORTAL_SECRET_KEY": "0123456789abcdef" * 4})
    assert "0123456789" not in repr(config)
