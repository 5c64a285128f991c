"""What a text is read as agrees, value by value, with the rules written in plain Python."""

import csv
import io
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.connectors import plain_reading as plain
from tests.connectors.bench import Read, a_source, read, write

_ZONES = ("UTC", "Europe/Rome", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe")
_SIGNS = "0123456789.,-+ ()%'$€eEinfaA\u00a0\u200b０５−"
_ODD_NUMBERS = (
    *("NaN", "inf", "-Infinity", "1e308", "-0", "1.", ".5", "", "5%", "--1", "(-5)", "(5", "1,2"),
    *("9" * 40, str(2**63), "12,34,567", "1'234.5", "1 234", "１２３", "1,23", "0.00005"),
)
_ODD_MOMENTS = (
    *("0000-00-00", "2024-02-30", "9999-12-31", "1900-02-29", "infinity", "epoch", "now"),
    *("2024-01-01 24:00:00", "2024-01-01 10:60", "45000", "1700000000000", "-2024-01-01"),
    *("2024-01-01T10:00:00+14:00", "2024-01-01T10:00:00+15:00", "0001-01-01", "2024-1-5"),
    *("2024-01-01 10:00:00 Europe/Rome", "10:00", "99999-01-01", "1899-12-31", "1900-01-01"),
)

_sized = st.integers(-(10**15), 10**15) | st.integers(-5000, 5000)
_decimals = st.decimals(-(10**14), 10**14, allow_nan=False, places=2)
_written = st.one_of(
    _sized.map(str),
    _decimals.map(str),
    _decimals.map(lambda d: f"{d:,}"),
    _decimals.map(lambda d: f"({abs(d):,})"),
    _decimals.map(lambda d: f"€ {d}"),
    _decimals.map(lambda d: f"{d} USD"),
    _decimals.map(lambda d: f"{abs(d)}-"),
    st.floats(-1e20, 1e20).map(repr),
    st.integers(0, 100).map(lambda n: f"{n} %"),
    st.text(_SIGNS, max_size=9),
    st.sampled_from(_ODD_NUMBERS),
)
_times = st.datetimes(datetime(1950, 1, 1), datetime(2060, 1, 1)).map(
    lambda t: t.replace(microsecond=0)
)
_turning = st.sampled_from(
    [
        datetime(2024, 3, 31, 1),
        datetime(2024, 10, 27, 1),
        datetime(2024, 3, 10, 1),
        datetime(2024, 11, 3, 0),
        datetime(2024, 4, 25, 23),
        datetime(2024, 4, 7, 0),
    ]
).flatmap(lambda t: st.integers(0, 240).map(lambda m: t + timedelta(minutes=m)))
_forms = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S+02:00",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d %b %Y",
    "%B %d, %Y",
    "%Y-%m-%d %I:%M %p",
    "%Y-%m-%d %H:%M:%S.123456",
    "%Y-%m-%dT%H:%M:%S.5-0330",
    "%a, %d %b %Y %H:%M:%S GMT",
    "%d/%m/%Y",
    "%m/%d/%Y %H:%M",
    "%d-%m-%y",
    "%d.%m.%Y %H:%M:%S",
)
_moments = st.one_of(
    st.tuples(_times | _turning, st.sampled_from(_forms)).map(lambda p: p[0].strftime(p[1])),
    st.text("0123456789-/: T.ZAPMapm", max_size=20),
    st.sampled_from(_ODD_MOMENTS),
)
_settings = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)


def _csv(values: list[str]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "value"])
    writer.writerows([str(at), value] for at, value in enumerate(values))
    return out.getvalue()


def _read(
    values: list[str], entity: str, fields: dict[str, str], how: str = "", **zones: str
) -> Read:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, _csv(values))
        source = a_source(
            {"id": "id", **fields},
            entity=entity,
            table=how,
            head=f"timezone: {zones.get('zone', 'UTC')}",
        )
        return read(folder, source, tenant_zone=zones.get("tenant_zone", "UTC"))


def _agree(found: Read, field: str, values: list[str], expected: list[object]) -> None:
    kept = {int(record["id"]): record[field] for record in found.records}
    rejected = {cell.line for cell in found.rejected}
    for at, (value, right) in enumerate(zip(values, expected, strict=True)):
        text = plain.tidied(value)
        if text and right is None:
            assert at + 2 in rejected, (value, kept.get(at))
            assert at not in kept
        else:
            assert at in kept, (value, right, [c for c in found.rejected if c.line == at + 2])
            assert kept[at] == right, (value, kept[at], right)


@_settings
@given(st.lists(_written, min_size=40, max_size=120))
def test_amounts_are_read_as_written(values):
    found = _read(values, "product", {"list_price": "value"}, 'format: {decimal: "."}')
    expected = [
        plain.amount(plain.tidied(value)) if plain.tidied(value) else None for value in values
    ]
    _agree(found, "list_price", values, expected)


@_settings
@given(st.lists(_written, min_size=40, max_size=120))
def test_whole_numbers_are_read_as_written(values):
    found = _read(values, "account", {"name": "id", "employees": "value"}, 'format: {decimal: "."}')
    expected = [
        plain.whole(plain.tidied(value)) if plain.tidied(value) else None for value in values
    ]
    _agree(found, "employees", values, expected)


@_settings
@given(
    st.lists(
        _written.map(lambda text: text.translate(str.maketrans(".,", ",."))),
        min_size=40,
        max_size=120,
    )
)
def test_decimal_commas_are_read_as_written(values):
    found = _read(values, "product", {"list_price": "value"}, 'format: {decimal: ","}')
    expected = [
        plain.amount(plain.tidied(value), ",") if plain.tidied(value) else None for value in values
    ]
    _agree(found, "list_price", values, expected)


@_settings
@given(
    st.lists(_moments, min_size=40, max_size=120),
    st.sampled_from(_ZONES),
    st.sampled_from([("dmy", "%d/%m/%Y"), ("mdy", "%m/%d/%Y")]),
)
def test_times_are_read_as_written(values, zone, order):
    how = f'format: {{dates: "{order[1]}"}}'
    fields = {"name": "id", "created_at": "value"}
    found = _read(values, "account", fields, how, zone=zone)
    expected = [plain.moment(plain.tidied(value), zone, order[0]) for value in values]
    _agree(found, "created_at", values, expected)


@_settings
@given(
    st.lists(_moments.filter(lambda text: "/" not in text), min_size=40, max_size=120),
    st.sampled_from(_ZONES),
    st.sampled_from(_ZONES),
)
def test_dates_are_days_of_the_tenant(values, zone, tenant_zone):
    how = 'format: {dates: "%d/%m/%Y"}'
    fields = {"name": "id", "started_on": "value"}
    found = _read(values, "campaign", fields, how, zone=zone, tenant_zone=tenant_zone)
    expected = [plain.day_of(plain.tidied(value), zone, tenant_zone, "dmy") for value in values]
    _agree(found, "started_on", values, expected)


def test_yes_and_no_are_read_in_every_usual_form():
    yes, no = ["yes", "Y", "TRUE", "t", "1", " True "], ["no", "N", "false", "F", "0"]
    found = _read([*yes, *no, "", "maybe"], "user", {"name": "id", "active": "value"})
    assert found.column("active") == [True] * 6 + [False] * 5 + [None]
    assert list(found.reasons()) == [14]


def test_a_day_without_midnight_begins_with_its_first_instant():
    found = _read(
        ["2024-04-26", "2024-04-26 00:30:00"],
        "account",
        {"name": "id", "created_at": "value"},
        zone="Africa/Cairo",
    )
    assert found.column("created_at") == [datetime(2024, 4, 25, 22)]
    assert "skipped" in found.reasons()[3]


def test_a_date_with_a_midnight_is_that_day_in_every_zone():
    found = _read(
        ["2024-01-05 00:00:00", "2024-01-05 01:00:00", "2024-01-05T00:00:00Z"],
        "campaign",
        {"name": "id", "started_on": "value"},
        tenant_zone="America/New_York",
    )
    assert found.column("started_on") == [date(2024, 1, 5), date(2024, 1, 4), date(2024, 1, 4)]


def test_a_date_with_a_midnight_that_the_clock_skips_is_still_that_day():
    found = _read(
        ["2024-04-26 00:00:00", "2024-04-26 01:00:00"],
        "campaign",
        {"name": "id", "started_on": "value"},
        zone="Africa/Cairo",
        tenant_zone="Africa/Cairo",
    )
    assert found.column("started_on") == [date(2024, 4, 26), date(2024, 4, 26)]
    assert not found.reasons()
