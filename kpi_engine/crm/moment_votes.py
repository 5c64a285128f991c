"""How a column writes dates and times, decided over all its values.

ISO forms, `2024/01/31`, `20240131`, `31 Jan 2024` and `January 31, 2024` tell their order
themselves. `02/03/2024` does not: its order is decided over the whole column or not at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kpi_engine.crm.moment_sql import DateOrder, ordered_day_sql, parts_sql

ORDER_NAMES: Mapping[DateOrder, str] = {
    DateOrder.DMY: "day, month, year",
    DateOrder.MDY: "month, day, year",
    DateOrder.YMD: "year, month, day",
}


@dataclass(frozen=True, slots=True)
class DateVotes:
    """How many values of a column speak against each order, and how many tell orders apart.

    A value speaks against an order if it is a day under another and none under this one.
    """

    without_order: int = 0
    """Values whose order is not plain from their form."""
    against_dmy: int = 0
    against_mdy: int = 0
    against_ymd: int = 0
    dmy_or_mdy: int = 0
    """Values that are different days under these two; and so on."""
    dmy_or_ymd: int = 0
    mdy_or_ymd: int = 0

    def __add__(self, other: "DateVotes") -> "DateVotes":
        return DateVotes(
            self.without_order + other.without_order,
            self.against_dmy + other.against_dmy,
            self.against_mdy + other.against_mdy,
            self.against_ymd + other.against_ymd,
            self.dmy_or_mdy + other.dmy_or_mdy,
            self.dmy_or_ymd + other.dmy_or_ymd,
            self.mdy_or_ymd + other.mdy_or_ymd,
        )

    @property
    def possible(self) -> tuple[DateOrder, ...]:
        """The orders that no value speaks against."""
        against = (self.against_dmy, self.against_mdy, self.against_ymd)
        return tuple(order for order, count in zip(DateOrder, against, strict=True) if not count)

    @property
    def order(self) -> DateOrder | None:
        """The order of the column, or None: where several are possible and would differ, or none.

        Where they do not differ (`05/05/2024` alone) the first will do.
        """
        possible = self.possible
        telling = {
            (DateOrder.DMY, DateOrder.MDY): self.dmy_or_mdy,
            (DateOrder.DMY, DateOrder.YMD): self.dmy_or_ymd,
            (DateOrder.MDY, DateOrder.YMD): self.mdy_or_ymd,
        }
        if any(count for pair, count in telling.items() if set(pair) <= set(possible)):
            return None
        return possible[0] if possible else None


def votes_sql(text: str, rows: str) -> str:
    """Return SQL of a list of counts over a column of `rows`, in the order of `DateVotes`.

    It needs the macros of `moment_sql`.
    """
    days = ", ".join(f"{ordered_day_sql('d', order)} AS {order}" for order in DateOrder)
    counts = ["sum(n)"]
    for order in DateOrder:
        others = " OR ".join(f"{other} IS NOT NULL" for other in DateOrder if other is not order)
        counts.append(f"sum(n) FILTER ({order} IS NULL AND ({others}))")
    counts += [
        f"sum(n) FILTER ({one} <> {two})"
        for one, two in (("dmy", "mdy"), ("dmy", "ymd"), ("mdy", "ymd"))
    ]
    listed = ", ".join(f"coalesce({count}, 0)::BIGINT" for count in counts)
    # A column has few days however many rows it has, so days are gathered before they are read.
    first = f"split_part({text}, ' ', 1)"
    numeric = f"regexp_full_match({first}, '\\d{{1,2}}[-/.]\\d{{1,2}}[-/.]\\d{{2,4}}')"
    day = f"CASE WHEN {numeric} THEN {first} ELSE {parts_sql(text)}.d END"
    unclear = f"{text} NOT LIKE '____-__-__%'"
    gathered = f"SELECT {day} AS d, count(*) AS n FROM {rows} WHERE {unclear} GROUP BY d"
    read = f"SELECT n, {days} FROM ({gathered}) WHERE d <> '' AND crm_plain_day(d) IS NULL"
    return f"SELECT [{listed}] FROM ({read})"
