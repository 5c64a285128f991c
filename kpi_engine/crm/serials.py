"""Days as spreadsheets count them, as SQL."""


def is_serial_sql(text: str) -> str:
    """Return SQL that holds where `text` is a plain number of at most seven digits."""
    return f"regexp_full_match({text}, '\\d{{1,7}}(?:\\.\\d+)?')"


def serial_sql(text: str, serials: str) -> str:
    """Return SQL of a moment told as days; 1900 was no leap year, though its count says so."""
    number = f"TRY_CAST({text} AS DOUBLE)"
    if serials == "1904":
        return f"TIMESTAMP '1904-01-01' + {_days(number)}"
    return (
        f"CASE WHEN {number} >= 61 THEN TIMESTAMP '1899-12-30' + {_days(number)}"
        f" WHEN {number} >= 1 AND {number} < 60 THEN TIMESTAMP '1899-12-31' + {_days(number)} END"
    )


def _days(number: str) -> str:
    return f"to_milliseconds(CAST(round(least({number}, 2958466) * 86400000) AS BIGINT))"
