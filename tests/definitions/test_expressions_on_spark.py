"""An expression means the same on Spark, in its strict mode, as on DuckDB."""

import warnings
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest

from kpi_engine.definitions.expressions import parse
from tests.definitions.sentences import COLUMNS

pytestmark = [pytest.mark.spark, pytest.mark.slow]

TYPES = (
    "stage string, name string, score double, amount decimal(18,4), seats bigint, active boolean,"
    " created_at timestamp_ntz, closed_at timestamp_ntz, due_on date, done_on date"
)
at, on = datetime.fromisoformat, date.fromisoformat
VALUES = [
    ("a", "b", 1.5, Decimal("10.0000"), 3, True),
    (None,) * 6,
    ("a\\b%", "A", 0.0, Decimal("0.0000"), 0, False),
    ("Ünï's\nx", "", -2.5, Decimal("-99999999999999.9999"), -7, True),
    ("", "é", 2.675, Decimal("2.6750"), 9007199254740993, False),
    ("a!b", "!", 1e300, Decimal("0.0001"), 10**15, None),
]
MOMENTS = [
    (at("2017-03-26 00:30"), at("2017-03-26 03:30"), on("2017-01-31"), on("2017-02-28")),
    (None,) * 4,
    (at("2017-10-29 00:30"), at("2016-10-29 23:59:59"), on("2016-02-29"), on("2017-02-28")),
    (at("1969-12-31 23:59"), at("2017-01-01 00:00"), on("1950-01-01"), on("2030-12-31")),
    (at("2017-07-01 22:00"), at("2017-07-01 21:59:59"), on("2017-07-02"), on("2017-07-01")),
    (at("2017-07-01 00:00"), at("2018-07-01 00:00"), on("2017-03-31"), on("2017-04-30")),
]
ROWS = [(*values, *moments) for values, moments in zip(VALUES, MOMENTS, strict=True)]
TEXTS = """\
stage = 'a'
stage != 'a' or name < 'b'
stage in ('a', '', 'Ünï''s x')
stage like 'a%'
stage like 'a\\b%'
stage like 'a!b'
stage like 'a\\%'
lower(name)
coalesce(name, stage, 'x\\y')
score + amount - seats
score * amount
amount / score
seats / 2
seats / 0
score * 999999999999999
-score
abs(amount)
round(score)
round(score, 2)
round(amount, 1)
round(seats / 3, 4)
amount > 99999999999999
amount = 2.675
amount in (10, 0.0001)
coalesce(amount, 99999999999999)
coalesce(seats, score, 0)
seats between 0 and 3
not active
active and score > 1
active or score > 1
active = (score > 1)
active is null
coalesce(due_on, '2017-01-01')
created_at >= '2017-03-26'
created_at >= '2017-03-26 00:30'
created_at >= due_on
due_on < created_at
created_at between due_on and done_on
created_at in ('2017-07-01', '2017-03-26 02:30')
due_on between '2017-01-01' and '2017-12-31'
date_diff('day', due_on, done_on)
date_diff('day', created_at, closed_at)
date_diff('day', created_at, due_on)
date_diff('week', done_on, due_on)
date_diff('month', due_on, done_on)
date_diff('month', closed_at, created_at)
date_diff('hour', created_at, closed_at)
date_diff('minute', closed_at, created_at)
date_add('minute', score, created_at)
date_add('hour', seats, created_at)
date_add('day', -1.5, created_at)
date_add('day', score, due_on)
date_add('day', seats, due_on)
date_add('day', 30, due_on)""".splitlines()


def plain(value):
    return float(value) if isinstance(value, Decimal | int | float) else value


@pytest.fixture(scope="module")
def spark():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyspark warns of the pandas beside it, which is not used
        sql = pytest.importorskip("pyspark.sql", reason="needs pyspark and Java")
        session = (
            sql.SparkSession.builder.master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.ansi.enabled", "true")
            .getOrCreate()
        )
        session.createDataFrame(ROWS, TYPES).createOrReplaceTempView("records")
        yield session
        session.stop()


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/St_Johns"])
def test_each_expression_gives_the_same_on_both_engines(spark, zone):
    types = TYPES.replace("string", "varchar").replace("timestamp_ntz", "timestamp")
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE records ({types})")
        database.executemany(f"INSERT INTO records VALUES ({', '.join('?' * 10)})", ROWS)
        expressions = [parse(text, COLUMNS) for text in TEXTS]
        ours = ", ".join(each.sql('"{}"'.format, "duckdb", zone) for each in expressions)
        theirs = ", ".join(each.sql("`{}`".format, "spark", zone) for each in expressions)
        found = database.execute(f"SELECT {ours} FROM records ORDER BY seats").fetchall()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = spark.sql(f"SELECT {theirs} FROM records ORDER BY seats NULLS LAST").collect()
    for number, text in enumerate(TEXTS):
        one = [plain(row[number]) for row in found]
        two = [plain(row[number]) for row in wanted]
        assert one == two, text
