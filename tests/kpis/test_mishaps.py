"""When the portal itself fails, one sentence says so, and the details are kept from other eyes."""

import stat

import pytest

from portal.cli import kpi as command
from portal.cli.mishaps import record
from tests.conftest import NOW


class Broken(Exception):  # noqa: N818 - a fault of nobody's family
    """What nobody has foreseen."""


def notes(home):
    """Return the files that tell of mishaps."""
    return sorted((home / "logs").glob("portal-*.log"))


@pytest.fixture
def broken(monkeypatch):
    """The commands fail as they begin to work."""

    def fail(*_):
        raise Broken("the secret of the matter")

    monkeypatch.setattr(command, "workshop_of", fail)


def test_a_fault_of_the_portals_own_is_one_sentence(portal, broken):
    said = portal("kpi", "values", "--tenant", "acme", "--kpi", "win_rate")
    (file,) = notes(portal.home)
    assert (said.status, said.out) == (1, "")
    assert said.err == (
        "Something went wrong that is not your fault, and the command ended. The details are in"
        f" {file}; hand them to whoever looks after the portal.\n"
    )


def test_what_happened_is_written_for_the_owner_alone(portal, broken):
    portal("kpi", "values", "--tenant", "acme", "--kpi", "win_rate")
    (file,) = notes(portal.home)
    text = file.read_text()
    assert "Broken: the secret of the matter" in text
    assert "portal 'kpi' 'values' '--tenant' 'acme'" in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_each_mishap_has_a_file_of_its_own(portal, broken):
    for _ in range(2):
        portal("kpi", "values", "--tenant", "acme", "--kpi", "win_rate")
    assert len(notes(portal.home)) == 2


def test_without_a_data_folder_the_notes_lie_among_temporary_files(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "home").write_text("a file where the folder should be")
    for home in (None, tmp_path / "home"):
        said = record(Broken("x"), ["kpi"], home, NOW.replace(second=home is None))
        assert f"The details are in {tmp_path / 'temporary'}" in said
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "home"))
    assert "Tell it, and what you did, to whoever" in record(Broken("x"), ["kpi"], None, NOW)


def test_a_refusal_leaves_no_notes(portal):
    assert portal("kpi", "values", "--tenant", "acme", "--kpi", "win_rate").status == 2
    assert not (portal.home / "logs").exists()
