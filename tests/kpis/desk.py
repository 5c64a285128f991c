"""The `portal` command on data of the test's own: tenants are cheap, the database is shared."""

import csv
import io
import json
import uuid
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from portal.cli.main import run

STAGES = {
    "Open": {"status": "open", "order": 1, "probability": 0.5},
    "Won": {"status": "won"},
    "Lost": {"status": "lost"},
}


@dataclass(frozen=True)
class Said:
    """What a command said: its exit status, standard output and standard error."""

    status: int
    out: str
    err: str


class Desk:
    """Runs the command as if typed, and makes tenants with a few records each."""

    def __init__(self, url, home):
        self.home = Path(home)
        self.environ = {"PORTAL_HOME": str(home), "PORTAL_DATABASE_URL": url}
        self._files = self.home / "files"

    def __call__(self, *words):
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name, text in self.environ.items():
                patch.setenv(name, text)
            status = run([str(word) for word in words])
        return Said(status, out.getvalue(), err.getvalue())

    def json(self, *words):
        """Return the one document that a command prints; it has to succeed without a word else."""
        said = self(*words, "--format", "json")
        assert (said.status, said.err) == (0, "")
        return json.loads(said.out)

    def values(self, tenant, *words):
        """Return the rows of `portal kpi values`."""
        return self.json("kpi", "values", "--tenant", tenant, *words)

    def tenant(self, *words):
        """Make a tenant that no other test knows, and return its key."""
        key = f"t{uuid.uuid4().hex[:12]}"
        assert self("tenant", "create", key, "--name", "A company", *words).err == ""
        return key

    def bring(self, tenant, tables, *words, source="crm", stages=None):
        """Import records, a list of mappings an entity, and return the report."""
        folder = self._files / uuid.uuid4().hex
        folder.mkdir(parents=True)
        said = {"source": source, "stages": STAGES if stages is None else stages, "tables": []}
        for entity, records in tables.items():
            columns = list(dict.fromkeys(name for record in records for name in record))
            with (folder / f"{entity}.csv").open("w", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(records)
            table = {"file": f"{entity}.csv", "entity": entity}
            said["tables"].append({**table, "fields": {name: name for name in columns}})
        (folder / "source.yaml").write_text(yaml.safe_dump(said))
        return self.json("import", "--tenant", tenant, folder / "source.yaml", *words)

    def own(self, text):
        """Write a file of definitions, and return its path."""
        self._files.mkdir(parents=True, exist_ok=True)
        file = self._files / f"{uuid.uuid4().hex}.yaml"
        file.write_text(text, "utf-8")
        return file


def a_deal(key, owner="ann", stage="Won", amount=10, closed="2017-02-10", **more):
    """Return an opportunity that began on 5 January 2017."""
    return {
        "id": key,
        "owner_id": owner,
        "stage": stage,
        "amount": amount,
        "created_at": "2017-01-05",
        "closed_at": closed,
        **more,
    }


def a_team(key, **more):
    """Return a team that is called as its id says, in capitals."""
    return {"id": key, "name": key.upper(), **more}


def a_person(key, team="", **more):
    """Return a user whose name is the id with a capital letter."""
    return {"id": key, "name": key.capitalize(), "team_id": team, **more}
