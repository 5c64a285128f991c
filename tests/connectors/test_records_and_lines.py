"""Every row is read whole or rejected alone, and each is told by the line on which it begins."""

import csv
import io
import random

import pytest

from kpi_engine.errors import BadFileError
from tests.connectors.bench import a_source, read, write

_HEAD = "id,owner,stage,amount\n"


def test_lines_in_quotes_count_and_the_header_is_line_one(tmp_path):
    write(tmp_path, _HEAD + '1,"a\nb\nc",Won,1\n2,"d\ne",Won,oops\n3,f,Won,bad\n')
    found = read(tmp_path, a_source())
    assert found.column("owner_id") == ["a b c"]
    assert sorted(found.reasons()) == [5, 7]


def test_blank_lines_are_no_rows_and_still_count_as_lines(tmp_path):
    write(tmp_path, _HEAD + "\n\n1,a,Won,x\n\n2,b,Won,1\n")
    found = read(tmp_path, a_source())
    assert found.column("id") == ["2"]
    assert list(found.reasons()) == [4]
    assert found.tallies[0].rows == 2


def test_too_few_and_too_many_fields_cost_their_row_only(tmp_path):
    write(tmp_path, _HEAD + "1,a,Won\n2,b,Won,1\n3,c,Won,1,2\n4,d,Won,nope\n")
    found = read(tmp_path, a_source())
    assert found.column("id") == ["2"]
    assert sorted(found.reasons()) == [2, 4, 5]
    assert found.tallies[0].rejected == 3


def test_a_stray_quote_inside_a_field_is_part_of_it(tmp_path):
    write(tmp_path, _HEAD + '1,5" pipe,Won,1\n2,"6"" pipe",Won,2\n3,7" pipe,Won,x\n')
    found = read(tmp_path, a_source())
    assert found.column("owner_id") == ['5" pipe', '6" pipe']
    assert list(found.reasons()) == [4]


def test_a_quote_that_is_never_closed_costs_its_line_only(tmp_path):
    rows = "".join(f"{n},rep,Won,1\n" for n in range(100))
    write(tmp_path, _HEAD + '0a,"oops,Won,1\n' + rows + '0b,"fine, too",Won,2\n')
    found = read(tmp_path, a_source())
    assert len(found.records) == 101
    assert list(found.reasons()) == [2]


def test_text_after_a_closing_quote_is_a_fault(tmp_path):
    write(tmp_path, _HEAD + '1,"a"b,Won,1\n2,c,Won,1\n')
    found = read(tmp_path, a_source())
    assert found.column("id") == ["2"]
    assert "quote" in found.reasons()[2]


def test_a_line_that_never_ends_stops_the_load(tmp_path):
    write(tmp_path, _HEAD.encode() + b"1," + b"x" * (40 << 20))
    with pytest.raises(BadFileError, match="line 2: the line is over 16 MB"):
        read(tmp_path, a_source())


def test_a_field_of_a_megabyte_is_read(tmp_path):
    write(tmp_path, _HEAD + f"1,{'y' * 1_000_000},Won,1\n")
    assert len(read(tmp_path, a_source()).records[0]["owner_id"]) == 1_000_000


def test_no_line_end_at_the_end_loses_nothing(tmp_path):
    write(tmp_path, _HEAD + "1,a,Won,1")
    assert read(tmp_path, a_source()).column("id") == ["1"]


def test_a_header_only_is_a_file_without_rows(tmp_path):
    write(tmp_path, _HEAD)
    found = read(tmp_path, a_source())
    assert not found.records
    assert found.tallies[0].rows == 0


def test_lines_hold_across_the_pieces_in_which_a_large_file_is_read(tmp_path):
    random.seed(7)
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["id", "owner", "stage", "amount"])
    wrong: dict[int, str] = {}
    line = 2
    for number in range(250_000):
        owner = random.choice(["plain", "two\nlines", 'a "word"', "x" * 120])
        amount = "wrong" if number % 9973 == 0 else "1"
        if amount == "wrong":
            wrong[line] = str(number)
        rows.writerow([number, owner, "Won", amount])
        line += 1 + owner.count("\n")
    write(tmp_path, out.getvalue())
    assert (tmp_path / "deals.csv").stat().st_size > 12 << 20
    found = read(tmp_path, a_source())
    assert sorted(found.reasons()) == sorted(wrong)
    assert len(found.records) == 250_000 - len(wrong)
