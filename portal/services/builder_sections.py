"""The fields of the form for the kind that was chosen: which there are, and what each offers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from kpi_engine.crm.derived import QUERYABLE
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.conditions import LISTS, VALUELESS, Ask
from kpi_engine.language import mark, tr, trc
from portal.readmodels.builder import ConditionRow, Conditions, Field, Option, Section
from portal.services.builder_columns import column_words
from portal.services.builder_fields import (
    Offered,
    asks_of,
    column_of,
    countable,
    entity_choices,
    offered,
)
from portal.services.builder_form import MOST_ROWS, Form, Row
from portal.services.catalogue_words import inside

Pairs = Iterable[tuple[str, str]]
Values = Callable[[str, str], tuple[str, ...]]
"""From an entity and a column to the values that it is known to have."""

FIGURES = (ColumnType.NUMBER, ColumnType.MONEY, ColumnType.INTEGER)
MOMENTS = (ColumnType.TIME, ColumnType.DATE)
_ASKED = {
    Ask.IS: mark("is"),
    Ask.IS_OTHER: mark("is something else than"),
    Ask.ONE_OF: mark("is one of"),
    Ask.NONE_OF: mark("is none of"),
    Ask.BEGINS: mark("begins with"),
    Ask.OVER: mark("is more than"),
    Ask.AT_LEAST: mark("is at least"),
    Ask.UNDER: mark("is less than"),
    Ask.AT_MOST: mark("is at most"),
    Ask.BETWEEN: mark("is between"),
    Ask.YES: mark("is yes"),
    Ask.NO: mark("is no"),
    Ask.FILLED: mark("is filled"),
    Ask.EMPTY: mark("is empty"),
}
_OF_MOMENTS = {Ask.AT_LEAST: mark("is on or after"), Ask.UNDER: mark("is before")}
_OF = (
    ("records", mark("How many records")),
    ("total", mark("Total of a column")),
    ("typical", mark("Average or median")),
    ("distinct", mark("How many different")),
    ("kpi", mark("A KPI that is there")),
)
_TAKES = (
    ("median", mark("Median")),
    ("mean", mark("Average (mean)")),
    ("p90", mark("90th percentile")),
    ("min", mark("Smallest")),
    ("max", mark("Greatest")),
)
_UNITS = (("minutes", mark("minutes")), ("hours", mark("hours")), ("days", mark("days")))
_CLOCKS = (("", mark("Every hour")), ("business", mark("Business hours only")))
_AT = (
    ("end", mark("At its end")),
    ("start", mark("At its start")),
    ("mean", mark("Mean of its days")),
)


def _said(pairs: Pairs) -> Pairs:
    return [(key, tr(text)) for key, text in pairs]


@dataclass(frozen=True, slots=True)
class Fielder:
    """Makes the fields of a form. `errors` are by the field's name."""

    form: Form
    errors: Mapping[str, str]
    kpis: tuple[tuple[str, str], ...]
    known: Values

    def sections(self) -> tuple[Section, ...]:
        """Return the sections of the measure."""
        kind = self.form.kind
        if kind == "ratio":
            return (
                self._part("a", tr("The upper number"), tr("What is divided.")),
                self._part("b", tr("The lower number"), tr("What it is divided by.")),
            )
        if kind == "written":
            return (self._written(),)
        told = {
            "share": self._share,
            "duration": self._duration,
            "within": self._duration,
            "cohort": self._cohort,
            "stock": self._stock,
        }.get(kind)
        return (told() if told else self._plain("a", kind, tr("What is measured"), ""),)

    def choice(self, name: str, label: str, pairs: Pairs, **more: object) -> Field:
        """Return a field that is one of some choices; `empty` is its first, blank one."""
        usual, empty = str(more.pop("usual", "")), more.pop("empty", None)
        value = self.form.get(name) or usual
        options = [Option("", str(empty), not value)] if empty is not None else []
        options += [Option(key, text, key == value) for key, text in pairs]
        error = self.errors.get(name, "")
        return Field(name, label, value, tuple(options), error, **more)  # type: ignore[arg-type]  # as the field has them

    def text(self, name: str, label: str, **more: object) -> Field:
        """Return a field for a line of text, or several."""
        told = {"error": self.errors.get(name, ""), **more}
        return Field(name, label, self.form.get(name), **told)  # type: ignore[arg-type]  # as the field has them

    def _entity(self, side: str) -> Field:
        name = f"{side}_entity"
        return self.choice(
            name, tr("Records"), entity_choices(), empty=tr("Choose records"), submits=True
        )

    def _column(self, name: str, label: str, columns: Iterable[Offered], empty: str) -> Field:
        value = self.form.get(name)
        options = [Option("", empty, not value)]
        options += [Option(one.name, one.words, one.name == value, one.group) for one in columns]
        return Field(name, label, value, tuple(options), self.errors.get(name, ""))

    def _placed(self, side: str) -> Field:
        entity = self.form.get(f"{side}_entity")
        found = QUERYABLE[entity].placed_by if entity in QUERYABLE else None
        usual = (
            tr("Usual: {usual}", usual=inside(column_words(found)))
            if found
            else tr("Choose a date")
        )
        columns = offered(entity, MOMENTS)
        return self._column(f"{side}_on", tr("Date that counts it"), columns, usual)

    def _plain(self, side: str, kind: str, title: str, sub: str) -> Section:
        entity = self.form.get(f"{side}_entity")
        fields = [self._entity(side)]
        if kind in ("total", "typical"):
            columns = offered(entity, FIGURES)
            fields.append(
                self._column(f"{side}_column", tr("Column"), columns, tr("Choose a column"))
            )
        if kind == "typical":
            fields.append(
                self.choice(f"{side}_take", tr("What is typical"), _said(_TAKES), usual="median")
            )
        if kind == "distinct":
            columns = countable(entity)
            fields.append(
                self._column(f"{side}_column", tr("Different what"), columns, tr("Choose"))
            )
        fields.append(self._placed(side))
        return Section(title, sub, tuple(fields), (self.conditions(side),))

    def _part(self, side: str, title: str, sub: str) -> Section:
        of = self.form.get(f"{side}_of") or "records"
        first = self.choice(f"{side}_of", tr("It is"), _said(_OF), usual="records", submits=True)
        if of == "kpi":
            kpi = self.choice(f"{side}_kpi", tr("KPI"), self.kpis, empty=tr("Choose a KPI"))
            return Section(title, sub, (first, kpi))
        plain = self._plain(side, of, title, sub)
        return Section(title, sub, (first, *plain.fields), plain.conditions)

    def _share(self) -> Section:
        plain = self._plain("a", "records", tr("What the share is of"), "")
        both = (
            self.conditions("a", tr("All that count: only records where")),
            self.conditions("s", tr("Of these, in the share: those where")),
        )
        return Section(plain.title, plain.sub, plain.fields, both)

    def _duration(self) -> Section:
        entity = self.form.get("a_entity")
        columns = offered(entity, MOMENTS)
        fields = [
            self._entity("a"),
            self._column("a_from", trc("span of time", "From"), columns, tr("Choose a moment")),
            self._column("a_to", trc("span of time", "To"), columns, tr("Choose a moment")),
        ]
        if self.form.kind == "within":
            fields += self._limit(tr("Within"))
        else:
            fields.append(
                self.choice("a_take", tr("What is typical"), _said(_TAKES), usual="median")
            )
        fields += [
            self.choice("a_clock", tr("Time that counts"), _said(_CLOCKS)),
            self._placed("a"),
        ]
        sub = tr("Records without an end are counted as open, never dropped.")
        return Section(tr("What is timed"), sub, tuple(fields), (self.conditions("a"),))

    def _limit(self, label: str, hint: str = "") -> list[Field]:
        return [
            self.text("a_limit", label, hint=hint, longest=10),
            self.choice("a_limit_unit", tr("Counted in"), _said(_UNITS), usual="hours"),
        ]

    def _cohort(self) -> Section:
        columns = offered(self.form.get("a_entity"), MOMENTS)
        fields = (
            self._entity("a"),
            self._placed("a"),
            self._column("a_reaches", tr("Gets to"), columns, tr("Choose a moment")),
            *self._limit(tr("Within"), tr("Empty: whenever it comes.")),
        )
        sub = tr("A period is immature until its last record has had the whole window.")
        return Section(
            tr("Who sets out, and where they get to"), sub, fields, (self.conditions("a"),)
        )

    def _stock(self) -> Section:
        entity = self.form.get("a_entity")
        columns = offered(entity, MOMENTS)
        fields = [self._entity("a"), self.choice("a_of", tr("Count"), _said(_OF[:2]), submits=True)]
        if self.form.get("a_of") == "total":
            figures = offered(entity, FIGURES)
            fields.append(self._column("a_column", tr("Column"), figures, tr("Choose a column")))
        fields += [
            self._column("a_opened", tr("Open from"), columns, tr("Usual: when it was created")),
            self._column("a_closed", tr("Open until"), columns, tr("Choose a moment")),
            self.choice("a_at", tr("Read in a period"), _said(_AT), usual="end"),
        ]
        sub = tr("It adds up over people, never over time.")
        return Section(tr("What stands open"), sub, tuple(fields), (self.conditions("a"),))

    def _written(self) -> Section:
        field = self.text("yaml", tr("Measure"), area=True, wide=True, longest=4_000)
        sub = tr("The form has no fields for this measure. It is checked like any other.")
        return Section(tr("The measure as it is written"), sub, (field,))

    def conditions(self, side: str, title: str = "") -> Conditions:
        """Return the conditions of a side, all of which have to hold."""
        entity = self.form.get(f"{side if side != 's' else 'a'}_entity")
        rows = self.form.conditions(side)
        made = tuple(self._condition(side, at, row, entity) for at, row in enumerate(rows))
        room = entity in QUERYABLE and len(rows) < MOST_ROWS
        title = title or tr("Only records where")
        add, error = f"add-{side}" if room else "", self.errors.get(side, "")
        return Conditions(title, made, add, error, optional=side != "s")

    def _condition(self, side: str, at: int, row: Row, entity: str) -> ConditionRow:
        stem = f"{side}_f{at}"
        columns = offered(entity)
        options = [Option("", tr("Choose a column"), not row.column)]
        options += [
            Option(one.name, one.words, one.name == row.column, one.group) for one in columns
        ]
        column = Field(
            f"{stem}_column",
            tr("Column {number}", number=at + 1),
            row.column,
            tuple(options),
            submits=True,
        )
        found = column_of(entity, row.column) if row.column else None
        error, drop = self.errors.get(stem, ""), f"drop-{side}-{at}"
        if found is None:
            return ConditionRow(column, None, (), error, drop)
        kind = found[1].type
        may = asks_of(row.column, kind)
        asked = Ask(row.ask) if row.ask in may else may[0]
        words = {**_ASKED, **_OF_MOMENTS} if kind in MOMENTS else _ASKED
        asks = tuple(Option(one, tr(words[one]), one is asked) for one in may)
        ask = Field(
            f"{stem}_ask", tr("What is asked {number}", number=at + 1), asked, asks, submits=True
        )
        return ConditionRow(column, ask, self._values(stem, row, asked, entity), error, drop)

    def _values(self, stem: str, row: Row, asked: Ask, entity: str) -> tuple[Field, ...]:
        if asked in VALUELESS:
            return ()
        number = int(stem.rpartition("f")[2]) + 1
        label = tr("Value {number}", number=number)
        known = self.known(entity, row.column)
        if known and asked in (Ask.IS, Ask.IS_OTHER):
            shown = known if row.value in known or not row.value else (row.value, *known)
            options = [Option("", tr("Choose a value"), not row.value)]
            options += [Option(one, one, one == row.value) for one in shown]
            return (Field(f"{stem}_value", label, row.value, tuple(options)),)
        hint = tr("Separated by semicolons.") if asked in LISTS else ""
        first = Field(
            f"{stem}_value", label, row.value, hint=hint, longest=2_000, suggestions=known[:12]
        )
        if asked is Ask.BETWEEN:
            upper = tr("To, value {number}", number=number)
            return (first, Field(f"{stem}_more", upper, row.more))
        return (first,)
