"""Source files and rows that tests of imports share."""

DEALS = """\
source: crm
currency: EUR
stages:
  Open: {status: open, order: 1, probability: 0.5}
  Won: {status: won}
tables:
  - file: people.csv
    entity: user
    fields: {id: id, name: name}
  - file: deals.csv
    entity: opportunity
    fields: {id: id, owner_id: owner, stage: stage, amount: amount, created_at: made}
"""
PEOPLE = "id,name\nann,Ann\nbob,Bob\n"
ROWS = {
    "1": "1,ann,Open,10,2024-01-01",
    "2": "2,bob,Won,100,2024-01-02",
    "3": "3,ann,Won,1000,2024-01-03",
}


def deals(**changed: str | None) -> str:
    """Return the file of deals, some rows given anew (`_4` is row 4) or left out with None."""
    rows = {**ROWS, **{name.strip("_"): row for name, row in changed.items()}}
    return "id,owner,stage,amount,made\n" + "".join(f"{row}\n" for row in rows.values() if row)
