"""From the form to a measure as definitions write it, with what is missing told field by field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kpi_engine.crm.derived import QUERYABLE, columns_of
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.conditions import (
    LISTS,
    VALUELESS,
    Ask,
    Condition,
    ConditionError,
    text_of,
)
from kpi_engine.definitions.takes import Take
from kpi_engine.language import tr
from portal.services.builder_fields import KIND_KEYS, asks_of, column_of
from portal.services.builder_form import Form, Row

Measure = dict[str, Any]
_TYPICAL = (Take.MEAN, Take.MEDIAN, Take.P90, Take.MIN, Take.MAX)
_LIMIT_UNITS = {"minutes": "m", "hours": "h", "days": "d"}
_SPLIT_AT = ("\n", ";", ",")


class OnKey(str):
    """The word `on` as a key: YAML 1.1 would put it in quotes, being a truth to it."""

    __slots__ = ()


ON = OnKey("on")


@dataclass(slots=True)
class Writer:
    """Writes the measure of a form, and notes what is missing beside its field."""

    form: Form
    errors: dict[str, str] = field(default_factory=dict)

    def measure(self) -> Measure | None:
        """Return the measure; None where it cannot be written yet, and `errors` say why."""
        kind = self.form.kind
        if kind not in KIND_KEYS:
            self._miss("kind", tr("Choose what is measured."))
            return None
        made = self._kinds()[kind]()
        return None if self.errors else made

    def _kinds(self) -> Mapping[str, Callable[[], Measure | None]]:
        return {
            **{kind: lambda kind=kind: self._aggregate("a", kind) for kind in _PLAIN},  # type: ignore[misc]  # a default of its own
            "share": self._share,
            "ratio": self._ratio,
            "duration": self._duration,
            "within": self._duration,
            "cohort": self._cohort,
            "stock": self._stock,
            "written": dict,
        }

    def _miss(self, name: str, text: str) -> None:
        self.errors.setdefault(name, text)

    def _entity(self, side: str) -> str:
        entity = self.form.get(f"{side}_entity")
        if entity not in QUERYABLE:
            self._miss(f"{side}_entity", tr("Choose which records."))
            return ""
        return entity

    def _column(self, name: str, entity: str, *types: ColumnType) -> str:
        """Return the column that a field names, if it is one of the entity and of the types."""
        column = self.form.get(name)
        found = column_of(entity, column) if entity else None
        if found is None or (types and found[1].type not in types):
            if entity:
                self._miss(name, tr("Choose a column."))
            return ""
        return column

    def _placed(self, side: str, entity: str) -> Measure:
        name = f"{side}_on"
        if not self.form.get(name):
            if entity and QUERYABLE[entity].placed_by is None:
                self._miss(name, tr("Choose the date that places a record in a period."))
            return {}
        return {ON: self._column(name, entity, ColumnType.TIME, ColumnType.DATE)}

    def _where(self, entity: str, *sides: str) -> Measure:
        texts = [
            told
            for side in sides
            for at, row in enumerate(self.form.conditions(side))
            if row.column and (told := self._condition(f"{side}_f{at}", row, entity))
        ]
        return {"where": " and ".join(texts)} if texts else {}

    def _condition(self, name: str, row: Row, entity: str) -> str:
        known = columns_of(entity) if entity else {}
        if row.column not in known:
            self._miss(name, tr("This is no column of these records; choose another."))
            return ""
        try:
            return text_of(condition_of(row, known[row.column]), known[row.column])
        except ConditionError as error:
            self._miss(name, str(error))
            return ""

    def _aggregate(self, side: str, kind: str) -> Measure:
        entity = self._entity(side)
        rest = {**self._where(entity, side), **self._placed(side, entity)}
        if kind == "records":
            return {"count": entity, **rest}
        if kind == "distinct":
            column = self._column(f"{side}_column", entity)
            return {"distinct": f"{entity}.{column}", **rest}
        column = self._column(f"{side}_column", entity, *_FIGURES)
        take = self.form.get(f"{side}_take") or Take.MEDIAN.value
        if kind == "typical" and take not in list(_TYPICAL):
            self._miss(f"{side}_take", tr("Choose what is typical."))
        return {"sum" if kind == "total" else take: f"{entity}.{column}", **rest}

    def _share(self) -> Measure:
        entity = self._entity("a")
        placed = self._placed("a", entity)
        if not any(row.column for row in self.form.conditions("s")):
            self._miss("s", tr("Say what a record has to fulfil to count in the share."))
        over = {"count": entity, **self._where(entity, "a", "s"), **placed}
        return {
            "ratio": {"over": over, "under": {"count": entity, **self._where(entity, "a")} | placed}
        }

    def _ratio(self) -> Measure:
        return {"ratio": {"over": self._part("a"), "under": self._part("b")}}

    def _part(self, side: str) -> Measure | str:
        of = self.form.get(f"{side}_of") or "records"
        if of == "kpi":
            key = self.form.get(f"{side}_kpi")
            if not key:
                self._miss(f"{side}_kpi", tr("Choose a KPI."))
            return key
        return self._aggregate(side, of if of in _PLAIN else "records")

    def _duration(self) -> Measure:
        entity = self._entity("a")
        moments = (ColumnType.TIME, ColumnType.DATE)
        made: Measure = {
            "duration": entity,
            "from": self._column("a_from", entity, *moments),
            "to": self._column("a_to", entity, *moments),
            "take": self._take(),
            **self._where(entity, "a"),
            **self._placed("a", entity),
        }
        if self.form.get("a_clock") == "business":
            made["clock"] = "business"
        return made

    def _take(self) -> object:
        if self.form.kind == "within":
            return {"within": self._limit()}
        take = self.form.get("a_take") or Take.MEDIAN.value
        if take not in list(_TYPICAL):
            self._miss("a_take", tr("Choose what is typical."))
        return take

    def _limit(self) -> str:
        figure = self.form.get("a_limit").replace(",", ".")
        unit = _LIMIT_UNITS.get(self.form.get("a_limit_unit") or "hours", "h")
        try:
            fits = 0 < float(figure) <= _LONGEST_LIMIT and len(figure) < _LONG
        except ValueError:
            fits = False
        if not fits:
            self._miss("a_limit", tr("Give a length of time above 0, such as 4."))
        return f"{figure}{unit}"

    def _cohort(self) -> Measure:
        entity = self._entity("a")
        made: Measure = {
            "cohort": entity,
            **self._placed("a", entity),
            "reaches": self._column("a_reaches", entity, ColumnType.TIME, ColumnType.DATE),
        }
        if self.form.get("a_limit"):
            made["within"] = self._limit()
        return {**made, **self._where(entity, "a")}

    def _stock(self) -> Measure:
        entity = self._entity("a")
        moments = (ColumnType.TIME, ColumnType.DATE)
        opened = self.form.get("a_opened")
        what: Measure = {"count": entity}
        if self.form.get("a_of") == "total":
            what = {"sum": f"{entity}.{self._column('a_column', entity, *_FIGURES)}"}
        made: Measure = {"stock": what}
        if opened:
            made["opened"] = self._column("a_opened", entity, *moments)
        made["closed"] = self._column("a_closed", entity, *moments)
        if self.form.get("a_at") in ("start", "mean"):
            made["at"] = self.form.get("a_at")
        return {**made, **self._where(entity, "a")}


_PLAIN = ("records", "total", "typical", "distinct")
_FIGURES = (ColumnType.NUMBER, ColumnType.MONEY, ColumnType.INTEGER)
_LONGEST_LIMIT, _LONG = 10_000, 10


def condition_of(row: Row, kind: ColumnType) -> Condition:
    """Return a row of the form as a condition on a column of a type.

    Raises:
        ConditionError: if nothing of the kind is asked of such a column.
    """
    # What was not chosen yet is what the form shows as chosen.
    asked = row.ask or asks_of(row.column, kind)[0]
    if asked not in list(Ask):
        raise ConditionError(tr("Choose what is asked of this column."))
    ask = Ask(asked)
    if ask in VALUELESS:
        return Condition(row.column, ask)
    if ask in LISTS:
        return Condition(row.column, ask, values_in(row.value, kind))
    if ask is Ask.BETWEEN:
        return Condition(row.column, ask, (row.value, row.more))
    return Condition(row.column, ask, (row.value,))


def values_in(text: str, kind: ColumnType) -> tuple[str, ...]:
    """Return the values of a list: one a line, or with semicolons, or else with commas."""
    del kind
    sign = next((sign for sign in _SPLIT_AT if sign in text), ",")
    return tuple(dict.fromkeys(part.strip() for part in text.split(sign) if part.strip()))
