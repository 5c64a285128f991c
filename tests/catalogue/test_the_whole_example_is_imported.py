"""The whole example of docs/crm.md can be imported as it stands there, and asked."""

import json
from pathlib import Path

from tests.catalogue.documents import examples

PAGE = "crm.md"
ASKED = (
    "kpi values --tenant little --kpi win_rate --kpi won_revenue --grain quarter"
    " --from 2024-01-01 --to 2024-04-01 --today 2024-06-01 --format json"
)


def test_the_whole_example_is_imported_and_asked(portal, tmp_path: Path):
    for file in examples(PAGE, "csv"):
        (tmp_path / file.name).write_text(file.text, encoding="utf-8")
    source = tmp_path / "source.yaml"
    whole = next(each for each in examples(PAGE, "yaml") if "little_crm" in each.text)
    source.write_text(whole.text, encoding="utf-8")
    assert portal("tenant", "create", "little", "--name", "Little").status == 0
    assert portal("import", "--tenant", "little", source).status == 0
    said = portal(*ASKED.split())
    values = {row["kpi"]: row["value"] for row in json.loads(said.out)}
    assert values == {"win_rate": 0.5, "won_revenue": 1000.5}
