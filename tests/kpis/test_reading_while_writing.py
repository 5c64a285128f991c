"""Readers in other processes see one version or the next while loads land and files are moved."""

import json
import os
import subprocess
import sys

from tests.kpis.desk import a_deal

_LOADS = 6


def test_every_answer_is_of_one_version_while_loads_and_compactions_go_on(desk, tmp_path):
    tenant = desk.tenant()
    load(desk, tenant, 1)
    stop = tmp_path / "stop"
    command = [sys.executable, "-m", "tests.kpis.reader", tenant, str(stop)]
    environ = {**os.environ, **desk.environ}
    readers = [
        subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    try:
        # Each has answered once before anything is written.
        told = [json.loads(reader.stdout.readline()) for reader in readers]
        for number in range(2, _LOADS + 1):
            load(desk, tenant, number)
            if number % 3 == 0:
                desk.json("store", "compact", "--tenant", tenant, "--all")
                desk.json("store", "clean", "--tenant", tenant)
    finally:
        stop.touch()
        outs = [reader.communicate(timeout=60) for reader in readers]
    assert [err for _, err in outs] == [b"", b""]
    told += [json.loads(line) for out, _ in outs for line in out.splitlines()]
    assert all(value == worth(version) for version, value in told)
    assert len({version for version, _ in told}) > 1


def load(desk, tenant, number):
    """Land a version: one deal more, and all that are there grow."""
    deals = [a_deal(f"d{each}", amount=number) for each in range(number)]
    assert desk.bring(tenant, {"opportunity": deals})["version"] == number


def worth(version):
    """Return what all deals of a version are worth together."""
    return version * version
