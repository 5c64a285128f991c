"""A backup or a restore that cannot be right changes nothing, and says why in a sentence."""

import os
import tarfile

import pytest

from portal.services import backups
from tests.backup.homes import OwnDesk
from tests.kpis.desk import a_deal


def test_a_home_that_is_not_empty_is_refused_and_left_alone(saved, tmp_path):
    desk = OwnDesk(tmp_path)
    (tmp_path / "mine").write_text("kept")
    said = desk("restore", saved)
    assert (said.status, said.out) == (2, "")
    assert f"{tmp_path} is not empty" in said.err
    assert said.err.count("\n") == 1
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("name", ["database.dump", ".parquet", "manifest.json", "SHA256SUMS"])
def test_a_damaged_backup_is_refused_before_anything_is_written(saved, tmp_path, name):
    damaged = tmp_path / "damaged.tar"
    whole = bytearray(saved.read_bytes())
    with tarfile.open(saved) as tar:
        part = next(entry for entry in tar if entry.name.endswith(name))
    whole[part.offset_data + part.size // 2] ^= 0x01
    damaged.write_bytes(whole)
    refuses(damaged, tmp_path, "can't be restored")


@pytest.mark.parametrize("share", [0, 0.3, 0.9])
def test_a_backup_that_was_cut_is_refused(saved, tmp_path, share):
    cut = tmp_path / "cut.tar"
    cut.write_bytes(saved.read_bytes()[: int(saved.stat().st_size * share)])
    refuses(cut, tmp_path, "can't be restored")


def test_a_name_that_leads_elsewhere_is_refused(saved, tmp_path):
    crafted = tmp_path / "crafted.tar"
    crafted.write_bytes(saved.read_bytes())
    with tarfile.open(crafted, "a") as tar:
        entry = tarfile.TarInfo("facts/../../elsewhere")
        tar.addfile(entry)
    refuses(crafted, tmp_path, "it holds what no backup does")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    refuses(tmp_path / "none.tar", tmp_path, "can't be read: No such file")


def refuses(file, tmp_path, why):
    desk = OwnDesk(tmp_path / "home")
    said = desk("restore", file)
    assert (said.status, said.out) == (2, "")
    assert why in said.err
    assert said.err.count("\n") == 1
    assert not desk.home.exists()


@pytest.mark.parametrize(("number", "status"), [(28, 2), (5, 1)], ids=["no-room", "a-fault"])
def test_a_restore_that_fails_leaves_the_home_empty(saved, new_home, monkeypatch, number, status):
    desk = new_home()

    def fail(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(backups, "_settle", fail)
    assert desk("restore", saved).status == status
    assert [each.name for each in desk.home.iterdir() if each.name != "logs"] == []


def test_a_backup_never_replaces_a_file(origin, saved):
    desk, _, _ = origin
    before = saved.read_bytes()
    said = desk("backup", saved)
    assert (said.status, said.err) == (2, f"{saved} is there already. Name another file.\n")
    assert saved.read_bytes() == before
    said = desk("backup", saved.parent / "none" / "b.tar")
    assert said.status == 2
    assert "No such file or directory" in said.err


def test_a_damaged_store_is_not_backed_up(new_home, tmp_path):
    desk = new_home()
    tenant = desk.tenant()
    desk.bring(tenant, {"opportunity": [a_deal("a")]})
    (file,) = (desk.home / "facts" / tenant / "opportunity" / "changes").glob("*.parquet")
    file.rename(tmp_path / "away.parquet")
    said = desk("backup", tmp_path / "b.tar")
    assert (said.status, file.name in said.err) == (2, True)
    assert [each.name for each in tmp_path.iterdir()] == ["away.parquet"]


def test_facts_in_a_bucket_are_left_to_the_bucket(tmp_path):
    desk = OwnDesk(tmp_path / "home")
    desk.environ["PORTAL_STORE"] = "s3://bucket/facts"
    for command in ("backup", "restore"):
        said = desk(command, tmp_path / "b.tar")
        assert said.status == 2
        assert "backed up by the object store's own means" in said.err
