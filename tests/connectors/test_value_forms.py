"""Each form of a value in a source file does what docs/crm.md says."""

from datetime import datetime

import pytest

from portal.connectors.yaml_nodes import BadSourceError
from tests.connectors.bench import a_source, read, write

_HEAD = "id,owner,stage,amount,note\n"
_BASE = {"id": "id", "owner_id": "owner", "stage": "stage"}


def _deals(folder, rows: str, fields: dict[str, str] | None = None, **how: str):
    write(folder, _HEAD + rows)
    return read(folder, a_source({**_BASE, **(fields or {})}, **how))


def test_text_is_trimmed_and_runs_of_blanks_are_one_and_case_is_kept(tmp_path):
    found = _deals(tmp_path, '1,"  Ann\t\t Lee\u00a0\u200b ",WON ,,\n')
    assert found.records[0]["owner_id"] == "Ann Lee"
    assert found.records[0]["stage"] == "WON"


def test_replace_changes_some_words_and_leaves_the_rest(tmp_path):
    form = {"product_id": '{column: note, replace: {GTXPro: "GTX Pro"}}'}
    found = _deals(tmp_path, "1,a,b,,GTXPro\n2,a,b,,MG\n3,a,b,,\n", form)
    assert found.column("product_id") == ["GTX Pro", "MG", None]


def test_map_rejects_a_value_that_it_does_not_name(tmp_path):
    form = {"kind": "{column: note, map: {N: new, R: renewal, X: null}}"}
    found = _deals(tmp_path, "1,a,b,,N\n2,a,b,,R\n3,a,b,,Z\n4,a,b,,X\n5,a,b,,\n", form)
    assert found.column("kind") == ["new", "renewal", None, None]
    assert found.reasons() == {4: "`map` does not name this value"}
    assert found.rejected[0].column == "note"
    assert found.rejected[0].value == "Z"


def test_words_of_a_map_stay_as_they_are_written(tmp_path):
    form = {"is_new": "{column: note, map: {Yes: 'true', No: 'false', 1.10: ten}}"}
    found = _deals(tmp_path, "1,a,b,,Yes\n2,a,b,,No\n3,a,b,,1.10\n", form)
    assert found.column("attributes") == [
        '{"is_new":"true"}',
        '{"is_new":"false"}',
        '{"is_new":"ten"}',
    ]


def test_words_for_nothing_are_nothing_in_every_form(tmp_path):
    forms = {
        "amount": '{column: amount, null: ["?", Select, ""]}',
        "name": "{value: x, null: [x]}",
        "next_step": "{expr: \"coalesce(note, 'none')\", null: ['-']}",
    }
    found = _deals(tmp_path, "1,a,b,?,-\n2,a,b,5,go\n3,a,b,Select,\n", forms)
    assert [None if v is None else int(v) for v in found.column("amount")] == [None, 5, None]
    assert found.column("name") == [None, None, None]
    assert found.column("next_step") == ["none", "go", "none"]


def test_a_constant_and_an_unknown_name_go_where_they_belong(tmp_path):
    fields = {
        "status_note": "{value: from Maven}",
        "kind": "{value: new}",
        "probability": "{value: 0.25}",
        "created_at": "{value: 31 Jan 2024}",
    }
    found = _deals(tmp_path, "1,a,b,,\n", fields)
    assert found.records[0]["probability"] == 0.25
    assert found.records[0]["created_at"] == datetime(2024, 1, 31)
    assert found.records[0]["attributes"] == '{"status_note":"from Maven"}'
    assert found.records[0]["kind"] == "new"


def test_an_expression_types_the_columns_that_it_uses(tmp_path):
    write(
        tmp_path,
        "id,submitted_at,minutes\n1,2024-01-01 10:00:00,90\n2,2024-01-01 10:00:00,\n"
        "3,x,5\n4,2024-01-01,y\n",
    )
    fields = {
        "id": "id",
        "created_at": "submitted_at",
        "first_response_at": "{expr: \"date_add('minute', minutes, submitted_at)\"}",
    }
    found = read(tmp_path, a_source(fields, entity="ticket"))
    assert found.column("first_response_at") == [datetime(2024, 1, 1, 11, 30), None]
    assert sorted(found.reasons()) == [4, 5]
    assert {cell.column for cell in found.rejected} == {"submitted_at", "minutes"}


def test_an_expression_over_a_column_with_an_odd_name(tmp_path):
    write(tmp_path, "id,Deal Stage,time:stamp\n1,Won,2024-01-01\n2,Lost,2024-01-01\n")
    fields = {"id": "id", "name": '{expr: "lower(\\"Deal Stage\\")"}', "created_at": "time:stamp"}
    found = read(
        tmp_path, a_source(fields, entity="account", table="where: '\"Deal Stage\" = ''Won'''")
    )
    assert found.column("name") == ["won"]
    assert found.tallies[0].left_out == 1


def test_rows_for_which_where_is_not_true_are_left_out_and_counted(tmp_path):
    rows = "1,a,Won,5,\n2,a,Won,50,\n3,a,,500,\n4,a,Lost,,\n"
    found = _deals(tmp_path, rows, table='where: "stage is not null and amount > 10"')
    assert found.column("id") == ["2"]
    assert found.tallies[0].left_out == 3
    assert not found.rejected


def test_a_row_whose_where_cannot_be_told_is_rejected(tmp_path):
    found = _deals(tmp_path, "1,a,Won,many,\n2,a,Won,50,\n", table='where: "amount > 10"')
    assert found.column("id") == ["2"]
    assert list(found.reasons()) == [2]


def test_a_row_that_where_leaves_out_is_not_looked_at(tmp_path):
    rows = "1,a,deleted,many,\n2,a,Won,50,\n"
    found = _deals(tmp_path, rows, {"amount": "amount"}, table="where: \"stage != 'deleted'\"")
    assert found.column("id") == ["2"]
    assert not found.rejected
    assert found.tallies[0].left_out == 1


def test_required_columns_choices_and_money_are_checked_row_by_row(tmp_path):
    forms = {"amount": "amount", "kind": "note"}
    rows = ",a,b,1,new\n2,,b,1,new\n3,a,b,1e308,new\n4,a,b,1,New\n5,a,b,1,new\n"
    found = _deals(tmp_path, rows, forms)
    assert found.column("id") == ["5"]
    reasons = found.reasons()
    assert reasons[2] == "'id' is required and there is nothing"
    assert reasons[3] == "'owner_id' is required and there is nothing"
    assert "no number below" in reasons[4]
    assert "Did you mean 'new'?" in reasons[5]


def test_one_of_two_columns_must_be_filled(tmp_path):
    write(tmp_path, "id,who,team\n1,a,\n2,,b\n3,,\n")
    fields = {
        "id": "id",
        "owner_id": "who",
        "team_id": "team",
        "period_start_on": "{value: 2024-01-01}",
        "period_grain": "{value: month}",
        "amount": "{value: 10}",
    }
    found = read(tmp_path, a_source(fields, entity="quota"))
    assert found.column("id") == ["1", "2"]
    assert "owner_id, team_id" in found.reasons()[4]


def test_a_currency_of_the_source_fills_what_the_file_leaves_out(tmp_path):
    found = _deals(tmp_path, "1,a,b,,\n", head="currency: EUR")
    assert found.records[0]["currency"] == "EUR"


def test_explode_makes_a_record_a_column(tmp_path):
    write(tmp_path, "ad,shown,clicks,bought\na1,100,10,1\na2,1000,,0\n")
    fields = {"id": "ad", "campaign_id": "ad", "occurred_at": "{value: 2024-01-01}"}
    columns = "{shown: delivered, clicks: clicked, bought: converted}"
    how = f"explode: {{to: kind, count: count, columns: {columns}}}"
    found = read(tmp_path, a_source(fields, entity="touch", table=how))
    assert [(r["id"], r["kind"], r["count"], r["campaign_id"]) for r in found.records] == [
        ("a1:delivered", "delivered", 100, "a1"),
        ("a1:clicked", "clicked", 10, "a1"),
        ("a1:converted", "converted", 1, "a1"),
        ("a2:delivered", "delivered", 1000, "a2"),
        ("a2:converted", "converted", 0, "a2"),
    ]


def test_explode_finds_out_how_the_counts_are_written(tmp_path):
    write(tmp_path, "ad;shown;clicks\na1;1.234;2.500.000\n")
    fields = {"id": "ad", "occurred_at": "{value: 2024-01-01}"}
    how = "explode: {to: kind, count: count, columns: {shown: delivered, clicks: clicked}}"
    found = read(tmp_path, a_source(fields, entity="touch", table=how))
    assert found.column("count") == [1234, 2500000]


def test_events_of_a_key_become_one_record(tmp_path):
    events = [
        "case,event,who,time,line",
        "c1,Open,ann,2024-01-01 10:00,new",
        "c2,Open,bob,2024-01-02 10:00,",
        "c1,Closed,eve,2024-01-04 10:00,old",
        "c1,Resolved,dan,2024-01-03 10:00,",
        "c1,Reopen,cat,2024-01-05 10:00,",
        "c2,Closed,zed,oops,",
    ]
    write(tmp_path, "\n".join(events) + "\n")
    fields = {
        "id": "case",
        "created_at": "{min: time}",
        "closed_at": "{max: time, where: \"event = 'Closed'\"}",
        "owner_id": "{last: who, order: time}",
        "contact_id": "{first: who, order: time}",
        "reopened_count": "{count: time, where: \"event = 'Reopen'\"}",
        "category": "line",
        "channel": "{value: mail}",
    }
    found = read(tmp_path, a_source(fields, entity="ticket", table="per: case"))
    by_id = {record["id"]: record for record in found.records}
    assert by_id["c1"]["created_at"] == datetime(2024, 1, 1, 10)
    assert by_id["c1"]["closed_at"] == datetime(2024, 1, 4, 10)
    assert (by_id["c1"]["owner_id"], by_id["c1"]["contact_id"]) == ("cat", "ann")
    assert (by_id["c1"]["reopened_count"], by_id["c2"]["reopened_count"]) == (1, 0)
    assert (by_id["c1"]["category"], by_id["c1"]["channel"]) == ("old", "mail")
    assert by_id["c2"]["closed_at"] is None
    assert list(found.reasons()) == [7]


def test_a_key_whose_record_lacks_something_is_told_by_its_first_line(tmp_path):
    write(tmp_path, "case,event,time\nc1,x,2024-01-01\nc2,y,2024-01-01\nc2,z,2024-01-02\n")
    fields = {"id": "case", "created_at": "{min: time, where: \"event = 'x'\"}"}
    found = read(tmp_path, a_source(fields, entity="ticket", table="per: case"))
    assert found.column("id") == ["c1"]
    assert found.reasons() == {3: "'created_at' is required and there is nothing"}


def test_events_in_order_of_a_number_are_not_ordered_as_text(tmp_path):
    write(tmp_path, "case,n,who,time\nc1,9,nine,2024-01-01\nc1,10,ten,2024-01-01\n")
    fields = {"id": "case", "created_at": "{min: time}", "owner_id": "{last: who, order: n}"}
    found = read(tmp_path, a_source(fields, entity="ticket", table="per: case"))
    assert found.column("owner_id") == ["ten"]


def test_a_glob_reads_every_file_in_the_order_of_names(tmp_path):
    write(tmp_path, "id,owner,stage\n1,a,x\n", file="deals_1.csv")
    write(tmp_path, "stage;owner;id\ny;b;2\n", file="deals_2.csv")
    found = read(tmp_path, a_source(_BASE, file='"deals_*.csv"'))
    assert found.column("id") == ["1", "2"]
    assert found.column("stage") == ["x", "y"]


def test_a_constant_that_the_column_cannot_hold_is_told_at_once(tmp_path):
    with pytest.raises(BadSourceError, match="line 11.*'amount'.*no number"):
        _deals(tmp_path, "1,a,b,,\n", {"amount": "{value: much}"})
