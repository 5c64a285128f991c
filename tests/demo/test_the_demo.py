"""The demo's numbers are those of its files, counted here in another way, and none is made up."""

import csv
import io
import json
from collections import defaultdict
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from statistics import median

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.store.store import Store
from portal.cli.main import run
from portal.demo.companies import IN_TERMINAL, Company
from portal.demo.making import is_made, make
from portal.services import tenants
from portal.services.office import Office
from portal.tenancy.database import Database
from portal.tenancy.keys import TenantKey
from portal.tenancy.names import APP
from tests.conftest import NOW, Said, Server

QUARTERS = ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")
STARTS = [date(2024, month, 1) for month in (1, 4, 7, 10)]
ENDS = [*STARTS[1:], date(2025, 1, 1)]
RAVENSTACK, ADVENTUREWORKS = IN_TERMINAL


class Demo:
    """Runs commands on one data folder, in which the demo was made."""

    def __init__(self, environ: dict[str, str]) -> None:
        self._environ = environ

    def __call__(self, *arguments: object) -> Said:
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name, text in self._environ.items():
                patch.setenv(name, text)
            status = run([str(argument) for argument in arguments])
        return Said(status, out.getvalue(), err.getvalue())


@dataclass(frozen=True, slots=True)
class Shown:
    """What the first run of the demo said, and how to run more."""

    document: dict
    errors: str
    portal: Demo


@pytest.fixture(scope="module")
def shown(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """One demo for all tests of this file: they only look."""
    address = server.url(APP).render_as_string(hide_password=False)
    home = tmp_path_factory.mktemp("demo")
    portal = Demo({"PORTAL_HOME": str(home), "PORTAL_DATABASE_URL": address})
    said = portal("demo", "--scorecard", "--format", "json")
    assert said.status == 0, said.err
    return Shown(json.loads(said.out), said.err, portal)


def _rows(company: Company, file: str) -> list[dict[str, str]]:
    with (company.folder / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _kpis(shown: Shown, company: Company) -> dict[str, dict]:
    tenant = next(each for each in shown.document["tenants"] if each["tenant"] == company.key)
    return {kpi["kpi"]: kpi for stage in tenant["stages"] for kpi in stage["kpis"]}


def _values(shown: Shown, company: Company, kpi: str) -> list[float | None]:
    return [each["value"] for each in _kpis(shown, company)[kpi]["values"]]


def _day(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _mrr_by_account(at: date) -> dict[str, int]:
    """MRR of each account that has any when `at` begins."""
    found: dict[str, int] = defaultdict(int)
    for row in _rows(RAVENSTACK, "subscriptions.csv"):
        ended = _day(row["end_date"])
        if _day(row["start_date"]) < at and (ended is None or ended >= at):
            found[row["account_id"]] += int(row["mrr_amount"])
    return {account: mrr for account, mrr in found.items() if mrr > 0}


def test_the_numbers_of_ravenstack_are_those_of_its_files(shown: Shown):
    before, after = [_mrr_by_account(at) for at in STARTS], [_mrr_by_account(at) for at in ENDS]
    kept = [
        sum(min(mrr, then.get(account, 0)) for account, mrr in now.items())
        for now, then in zip(before, after, strict=True)
    ]
    lost = [len(now.keys() - then.keys()) for now, then in zip(before, after, strict=True)]
    said = {kpi: _values(shown, RAVENSTACK, kpi) for kpi in _kpis(shown, RAVENSTACK)}

    assert said["mrr"] == [sum(each.values()) for each in after]
    assert said["active_customers"] == [len(each) for each in after]
    assert said["customer_churn_rate"] == pytest.approx(
        [gone / len(now) for gone, now in zip(lost, before, strict=True)]
    )
    assert said["gross_revenue_retention"] == pytest.approx(
        [stayed / sum(now.values()) for stayed, now in zip(kept, before, strict=True)]
    )
    _check_tickets(said)


def _check_tickets(said: dict[str, list[float | None]]) -> None:
    tickets = _rows(RAVENSTACK, "support_tickets.csv")
    quarters = [
        [row for row in tickets if start <= _day(row["submitted_at"]) < end]
        for start, end in zip(STARTS, ENDS, strict=True)
    ]
    assert said["tickets_created"] == [len(each) for each in quarters]
    assert said["first_response_hours"] == pytest.approx(
        [median(int(row["first_response_time_minutes"]) for row in q) / 60 for q in quarters]
    )
    scores = [
        [float(row["satisfaction_score"]) for row in each if row["satisfaction_score"]]
        for each in quarters
    ]
    assert said["csat_response_rate"] == pytest.approx(
        [len(rated) / len(each) for rated, each in zip(scores, quarters, strict=True)]
    )
    still = [
        [r for r in tickets if _day(r["submitted_at"]) < at and _day(r["closed_at"]) >= at]
        for at in ENDS
    ]
    assert said["open_tickets"] == [len(each) for each in still]
    # No ticket of the set says how often it was reopened: that is no rate of nought.
    assert said["reopen_rate"] == [None] * 4


def test_the_quotas_of_adventureworks_are_those_of_its_file(shown: Shown):
    quotas: dict[str, list[float]] = defaultdict(list)
    for row in _rows(ADVENTUREWORKS, "sales_quota.csv"):
        quotas[row["DateKey"]].append(float(row["SalesAmountQuota"]))
    last_year = [quotas[key] for key in sorted(quotas)[-4:]]

    assert _values(shown, ADVENTUREWORKS, "quota_set") == [sum(each) for each in last_year]
    assert _values(shown, ADVENTUREWORKS, "sellers_with_quota") == [len(q) for q in last_year]
    assert _values(shown, ADVENTUREWORKS, "quota_per_seller") == pytest.approx(
        [sum(each) / len(each) for each in last_year]
    )
    # There are quotas and no deals: nothing is attained of them, and that is not nought either.
    assert _values(shown, ADVENTUREWORKS, "quota_attainment") == [None] * 4


def test_every_kpi_is_told_as_a_number_or_with_the_reason_why_there_is_none(shown: Shown):
    for company in IN_TERMINAL:
        kpis = _kpis(shown, company)
        assert set(shipped_catalogue()) <= set(kpis)
        for kpi in kpis.values():
            for each in kpi["values"]:
                assert (each["value"] is None) is bool(each["reason"]), kpi["kpi"]


def test_what_a_set_cannot_bear_is_withheld_with_the_reason(shown: Shown):
    kpis = _kpis(shown, RAVENSTACK)
    for key, why in RAVENSTACK.withheld.items():
        assert {each["reason"] for each in kpis[key]["values"]} == {why}
        assert {each["state"] for each in kpis[key]["values"]} == {"withheld"}


def test_the_files_are_read_whole(shown: Shown):
    for company, repeated in ((RAVENSTACK, 21), (ADVENTUREWORKS, 0)):
        again = shown.portal(
            "import", "--tenant", company.key, company.folder / "source.yaml", "--format", "json"
        )
        report = json.loads(again.out)
        assert (report["outcome"], report["version"]) == ("unchanged", 1)
        assert (report["rejected_rows"], report["repeated"]) == (0, repeated)


def test_the_second_time_it_only_shows(shown: Shown):
    again = shown.portal("demo", "--scorecard", "--format", "json")
    assert json.loads(again.out) == shown.document
    assert "Making" in shown.errors
    assert again.err == ""


def test_a_tenant_that_was_left_without_facts_is_finished(database: Database, tmp_path: Path):
    left = replace(ADVENTUREWORKS, key=TenantKey("left_behind"))
    office = Office(database, Store(str(tmp_path / "facts"), tmp_path / "cache"), tmp_path, _now)
    with database.session(left.key) as session:
        tenants.create(session, left.profile, _now())
    assert not is_made(office, left)
    make(office, left)
    assert is_made(office, left)


def _now() -> datetime:
    return NOW


def test_the_terminal_shows_it_in_a_hundred_columns(shown: Shown):
    said: Said = shown.portal("demo", "--scorecard")
    lines = said.out.splitlines()
    assert max(len(line) for line in lines) <= 100
    assert "\x1b" not in said.out
    mrr = next(line for line in lines if line.startswith("Monthly recurring revenue"))
    assert mrr.split() == [
        *("Monthly", "recurring", "revenue"),
        *("2.276", "M", "3.833", "M", "6.035", "M", "10.16", "M"),
        *("+68.3", "%", "better", "4,514"),
    ]
    for company in IN_TERMINAL:
        assert company.profile.name in said.out
        assert company.credit in said.out


def test_the_picture_in_the_readme_is_what_the_demo_draws(shown: Shown, tmp_path: Path):
    drawn = tmp_path / "new" / "scorecard.svg"
    assert shown.portal("demo", "--picture", drawn).status == 0
    kept = Path(__file__).parents[2] / "docs" / "pictures" / "scorecard.svg"
    assert drawn.read_text("utf-8") == kept.read_text("utf-8"), "Draw it anew: make picture"
    assert "@font-face" not in drawn.read_text("utf-8")


def test_a_picture_that_cannot_be_written_is_refused_in_a_sentence(shown: Shown, tmp_path: Path):
    (tmp_path / "taken").write_text("a file")
    said = shown.portal("demo", "--picture", tmp_path / "taken" / "scorecard.svg")
    assert said.status == 2
    assert "can't be written" in said.err
