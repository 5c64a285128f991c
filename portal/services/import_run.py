"""One import inside the writer's turn: from the pinned store to a landed version, or back."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

import duckdb

from kpi_engine.crm.entities import ENTITIES
from kpi_engine.crm.sources import Source
from kpi_engine.language import mark, tr
from kpi_engine.store.loading import LoadWriter
from kpi_engine.store.pins import Pin
from kpi_engine.store.tenant import TenantFacts
from kpi_engine.store.writing import Written
from portal.connectors.reading import OpenTable, as_reader, read_records
from portal.connectors.typing_rows import Desk
from portal.errors import BadInputError, LoadOutOfOrderError
from portal.services import loads, shortages, tenants
from portal.services.import_folders import keep_rejected
from portal.services.import_report import ImportReport, Outcome, UnknownReference, foreign, unmapped
from portal.services.loads import LoadCard, NewLoad
from portal.services.office import Office
from portal.services.references import References
from portal.services.tenants import TenantCard

_AHEAD = mark(
    "The facts cannot become known after {moment}. Name a moment between the last load and now."
)
_BEHIND = mark(
    "The facts cannot become known before {moment}. Name a moment between the last load and now."
)


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be brought in."""

    tenant: TenantCard
    source: Source
    tables: tuple[OpenTable, ...]
    full: bool
    as_of: datetime | None
    started: datetime


class ImportRun:
    """Brings in one task. Call it while holding the tenant's turn to write."""

    def __init__(self, office: Office, task: Task, desk: Desk) -> None:
        self._office = office
        self._task = task
        self._desk = desk
        self._facts: TenantFacts = office.store.tenant(task.tenant.key)
        self._references = References(desk.con)

    def preview(self) -> ImportReport:
        """Say what a load would do; nothing changes."""
        with self._office.database.session(self._task.tenant.key) as session:
            before = loads.last_landed(session)
        known_at = self._known_at(before)
        pin = before.pin if before and before.pin else Pin()
        written = self._write(pin, pin.seq + 1, known_at, preview=True)[0]
        version = before.seq if before else None
        report = self._report(Outcome.DRY_RUN, version, known_at, written)
        return replace(report, unknown_references=self._unknown(pin))

    def land(self) -> ImportReport:
        """Load, and land it; whatever goes wrong, the store is as it was."""
        key, database = self._task.tenant.key, self._office.database
        with database.session(key) as session:
            pin = loads.current_pin(session)
            new = NewLoad(self._task.source.name, known_since=self._task.as_of)
            card = loads.begin_load(session, new, self._office.now())
        try:
            report, made = self._load(pin, card)
        except BaseException as error:
            self._give_up(pin, card, error)
            raise
        if made is None:
            return report
        report = self._with_unknown(report, pin, card)
        return replace(report, compacted=self._compact(made))

    def _compact(self, pin: Pin) -> tuple[str, ...]:
        """Compact what the load made slow to read; return the entities."""
        names = self._facts.needs_compaction(pin)
        if names:
            moved = self._facts.compact(pin, entities=names)
            with self._office.database.session(self._task.tenant.key) as session:
                loads.update_pin(session, moved)
        return names

    def _load(self, pin: Pin, card: LoadCard) -> tuple[ImportReport, Pin | None]:
        """Return the report, and the pin of the version that was made, if one was."""
        written, made = self._write(pin, card.seq, card.loaded_at, preview=False)
        if made is None:
            return self._unchanged(pin, card, written), None
        report = self._report(Outcome.LANDED, card.seq, card.loaded_at, written)
        report = self._with_rejected(report, card.seq)
        with self._office.database.session(self._task.tenant.key) as session:
            tenants.merge_stages(session, self._task.source.stages)
            told = report.to_json() | {"unknown_references": None}
            loads.land_load(session, card.seq, made, told, self._office.now())
        return report, made

    def _unchanged(self, pin: Pin, card: LoadCard, written: Mapping[str, Written]) -> ImportReport:
        version = pin.seq or None
        report = self._report(Outcome.UNCHANGED, version, card.loaded_at, written)
        report = replace(report, unknown_references=self._unknown(pin))
        report = self._with_rejected(report, card.seq)
        with self._office.database.session(self._task.tenant.key) as session:
            tenants.merge_stages(session, self._task.source.stages)
            loads.fail_load(session, card.seq, report.to_json(), self._office.now())
        return report

    def _write(
        self, pin: Pin, seq: int, loaded_at: datetime, *, preview: bool
    ) -> tuple[dict[str, Written], Pin | None]:
        """Write every entity; return the counts, and the new pin if anything changed."""
        naive = loaded_at.astimezone(UTC).replace(tzinfo=None)
        with self._facts.load(seq, naive, str(seq), pin, preview=preview) as writer:
            written = {name: self._write_one(writer, name) for name in self._entities()}
            self._check_deletions(written)
            changed = any(w.inserted or w.changed or w.deleted for w in written.values())
            if preview or not changed:
                return written, None
            with self._office.database.session(self._task.tenant.key) as session:
                loads.refuse_overtaken(session, seq)
            return written, writer.finish()

    def _write_one(self, writer: LoadWriter, entity: str) -> Written:
        tables = [table for table in self._task.tables if table.table.entity == entity]
        records = self._references.watch(entity, read_records(tables, self._desk))
        source = self._task.source.name
        return writer.write(entity, as_reader(entity, records), full=self._task.full, source=source)

    def _entities(self) -> list[str]:
        fed = {table.table.entity for table in self._task.tables}
        return [name for name in ENTITIES if name in fed]

    def _check_deletions(self, written: Mapping[str, Written]) -> None:
        """Refuse to delete where rejected rows may be the very records that seem gone."""
        for table in self._task.tables:
            entity = table.table.entity
            if written[entity].deleted and table.tally.rejected:
                raise BadInputError(
                    tr(
                        "{count} rows of {file} were rejected, so what the source no longer has of"
                        " {entity} cannot be told. Mend the rows, or import without --full."
                        " Nothing was changed.",
                        count=f"{table.tally.rejected:,}",
                        file=table.table.file,
                        entity=entity,
                    )
                )

    def _known_at(self, before: LoadCard | None) -> datetime:
        """Return when the facts of a preview become known."""
        as_of, now = self._task.as_of, self._office.now()
        if as_of is None:
            return max(now, before.loaded_at) if before else now
        if as_of > now or (before and as_of < before.loaded_at):
            bound = now if as_of > now else before.loaded_at if before else now
            moment = f"{bound:%Y-%m-%d %H:%M:%S} UTC"
            raise LoadOutOfOrderError(tr(_AHEAD if as_of > now else _BEHIND, moment=moment))
        return as_of

    def _report(
        self,
        outcome: Outcome,
        version: int | None,
        known_at: datetime,
        written: Mapping[str, Written],
    ) -> ImportReport:
        task, rejects = self._task, self._desk.rejects
        tallies = tuple(table.tally for table in task.tables)
        return ImportReport(
            tenant=task.tenant.key,
            source=task.source.name,
            outcome=outcome,
            version=version,
            known_at=known_at,
            seconds=(self._office.now() - task.started).total_seconds(),
            entities=written,
            tables=tallies,
            rejected=tuple(rejects.first),
            rejected_rows=sum(tally.rejected for tally in tallies),
            rejected_file=None,
            unmapped_stages=unmapped(tallies, {*task.tenant.stages, *task.source.stages}),
            foreign_currencies=foreign(tallies, task.tenant.currency),
        )

    def _with_unknown(self, report: ImportReport, pin: Pin, card: LoadCard) -> ImportReport:
        """Look for unknown references once the version can be read: nobody need wait for that."""
        report = replace(report, unknown_references=self._unknown(pin))
        with self._office.database.session(self._task.tenant.key) as session:
            loads.tell_more(session, card.seq, report.to_json())
        return report

    def _unknown(self, pin: Pin) -> tuple[UnknownReference, ...]:
        with ExitStack() as closing:

            @cache
            def store() -> duckdb.DuckDBPyConnection:
                con = closing.enter_context(duckdb.connect())
                self._office.store.attach(con)
                return con

            facts = closing.enter_context(self._facts.lease(pin))
            return self._references.unknown(facts, store)

    def _with_rejected(self, report: ImportReport, seq: int) -> ImportReport:
        """Put the rejected rows where they stay, and say where."""
        self._desk.rejects.close()
        if not self._desk.rejects.cells:
            return report
        kept = keep_rejected(self._office.home, self._task.tenant.key, seq, self._desk.rejects.path)
        return replace(report, rejected_file=str(kept))

    def _give_up(self, pin: Pin, card: LoadCard, error: BaseException) -> None:
        """Leave everything as it was; what cannot be undone now, the next load undoes."""
        said = shortages.sentence(error) or str(error) or type(error).__name__
        with self._office.database.session(self._task.tenant.key) as session:
            loads.fail_load(session, card.seq, {"error": said}, self._office.now())
        self._facts.roll_back(pin)
