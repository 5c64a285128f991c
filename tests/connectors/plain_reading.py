"""How a person would read a value: the typing rules in plain Python, value by value."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

MOST = Decimal(10) ** 14
_WIDE = str.maketrans("０１２３４５６７８９，．−’", "0123456789,.-'")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_LONG = ["january", "february", "march", "april", "may", "june", "july"]
_LONG += ["august", "september", "october", "november", "december"]


def tidied(text: str) -> str:
    """Trim, make runs of blanks one, drop signs that do not show."""
    return " ".join(re.sub("[\u200b\u2060\ufeff]", "", text).split())


def amount(text: str, decimal: str = ".") -> Decimal | None:
    """Read an amount of four places."""
    found = _number(text, decimal, share=False)
    if found is None or abs(found) >= MOST * 2:
        return None
    rounded = found.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return rounded if abs(rounded) < MOST else None


def whole(text: str, decimal: str = ".") -> int | None:
    """Read a whole number."""
    found = amount(text, decimal)
    return int(found) if found is not None and found == int(found) else None


def number(text: str, decimal: str = ".") -> float | None:
    """Read a number."""
    found = _number(text, decimal, share=True)
    return float(found) if found is not None and abs(found) < MOST else None


def _number(text: str, decimal: str, *, share: bool) -> Decimal | None:
    core = text.translate(_WIDE)
    signs = 0
    if core.startswith("(") and core.endswith(")"):
        core, signs = core[1:-1].strip(), 1
    elif "(" in core or ")" in core:
        return None
    percent = share and core.endswith("%")
    core = core.removesuffix("%").rstrip() if percent else core
    money = r"(?:[A-Z]{1,3}[$€£¥]|[$€£¥]|[A-Z]{3})"
    match = re.fullmatch(rf"([-+]?){money}? ?([-+]?)(.*?)(?: ?{money})?(-?)", core.strip())
    if match is None:
        return None
    before, inner, digits, after = match.groups()
    signs += (before == "-") + (inner == "-") + (after == "-")
    if signs > 1 or (percent and after):
        return None
    value = _digits(digits.strip() if digits.strip() == digits else "", decimal)
    if value is None:
        return None
    value = value / 100 if percent else value
    return -value if signs else value


def _digits(text: str, decimal: str) -> Decimal | None:
    group = {".": "[,' _]", ",": "[.' _]"}[decimal]
    point = re.escape(decimal)
    shapes = (
        rf"\d+(?:{point}\d*)?(?:[eE][+-]?\d{{1,3}})?",
        rf"{point}\d+",
        *(
            rf"(?:\d{{1,3}}(?:{g}\d{{3}})+|\d{{1,2}}(?:{g}\d{{2}})+{g}\d{{3}})(?:{point}\d*)?"
            for g in (re.escape(sign) for sign in group[1:-1])
        ),
    )
    if not any(re.fullmatch(shape, text, re.ASCII) for shape in shapes):
        return None
    plain = re.sub(group, "", text).replace(decimal, ".")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def moment(text: str, zone: str, order: str | None = None) -> datetime | None:
    """Read a time as naive UTC."""
    try:
        return _moment(text, zone, order)
    except OverflowError:
        return None


def _moment(text: str, zone: str, order: str | None) -> datetime | None:
    parts = _parts(text, order)
    if parts is None:
        return None
    day, clock, ahead = parts
    local = datetime.combine(day, datetime.min.time()) + (clock or timedelta(0))
    if ahead is not None:
        return _within(local - ahead)
    info = ZoneInfo(zone)
    if not 1970 <= local.year < 2050:
        edge = datetime(1970 if local.year < 1970 else 2050, 1, 1, tzinfo=UTC)
        return _within(local - (edge.astimezone(info).utcoffset() or timedelta(0)))
    instant = local.replace(tzinfo=info, fold=0).astimezone(UTC)
    if instant.astimezone(info).replace(tzinfo=None) != local:
        if clock is not None and ":" in text:
            return None
        # The first instant of a day whose midnight is skipped: the clock as it was before.
        instant = (local - timedelta(hours=3)).replace(tzinfo=info).astimezone(UTC)
        while instant.astimezone(info).date() < day:
            instant += timedelta(minutes=15)
    return _within(instant.replace(tzinfo=None))


def day_of(text: str, zone: str, tenant_zone: str, order: str | None = None) -> date | None:
    """Read a date in the tenant's zone."""
    parts = _parts(text, order)
    if parts is None:
        return None
    day, clock, ahead = parts
    if ahead is None and (clock or timedelta(0)) % timedelta(days=1) == timedelta(0):
        day += clock or timedelta(0)
        return day if date(1900, 1, 1) <= day <= date(9999, 12, 31) else None
    instant = moment(text, zone, order)
    if instant is None:
        return None
    ahead = datetime(2050, 1, 1, tzinfo=UTC) if instant.year >= 2050 else None
    if instant.year < 1970:
        ahead = datetime(1970, 1, 1, tzinfo=UTC)
    when = ahead or instant.replace(tzinfo=UTC)
    return (instant + (when.astimezone(ZoneInfo(tenant_zone)).utcoffset() or timedelta(0))).date()


def _within(found: datetime) -> datetime | None:
    return found if datetime(1900, 1, 1) <= found else None


def _parts(text: str, order: str | None) -> tuple[date, timedelta | None, timedelta | None] | None:
    match = re.fullmatch(
        r"(.+?)(?:(?:[Tt]|,? )(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
        r"(?: ?([AaPp])\.?[Mm]\.?)?(?: ?([Zz]|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?)?",
        text,
        re.ASCII,
    )
    day = _day(match[1], order) if match else None
    if match is None or day is None:
        return None
    if match[2] is None:
        return day, None, None
    hour, minute, second = int(match[2]), int(match[3]), int(match[4] or 0)
    if match[6]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[6] in "Pp" else 0)
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second)):
        return None
    micro = int((match[5] or "").ljust(6, "0")[:6])
    clock = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)
    ahead = _ahead(match[7]) if match[7] else None
    return None if match[7] and ahead is None else (day, clock, ahead)


def _ahead(text: str) -> timedelta | None:
    if text.upper() in ("Z", "UTC", "GMT"):
        return timedelta(0)
    hours, minutes = int(text[1:3]), int(text[3:].replace(":", "") or 0)
    if hours > 14 or minutes > 59:
        return None
    found = timedelta(hours=hours, minutes=minutes)
    return -found if text[0] == "-" else found


def _day(text: str, order: str | None) -> date | None:
    if match := re.fullmatch(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})", text, re.ASCII):
        return _date(match[1], match[2], match[3])
    if match := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text, re.ASCII):
        return _date(match[1], match[2], match[3])
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text, re.ASCII):
        places = {"dmy": (3, 2, 1), "mdy": (3, 1, 2)}.get(order or "")
        return _date(*(match[at] for at in places)) if places else None
    return _named(text)


def _named(text: str) -> date | None:
    week = r"(?:(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?,? )?"
    for shape, order in (
        (rf"{week}(\d{{1,2}})[-/. ]+([A-Za-z]+)\.?[-/., ]+(\d{{4}}|\d{{2}})", (3, 2, 1)),
        (rf"{week}([A-Za-z]+)\.?[-/. ]+(\d{{1,2}})(?:, ?| )(\d{{4}})", (3, 1, 2)),
    ):
        match = re.fullmatch(shape, text, re.IGNORECASE | re.ASCII)
        if match:
            word = match[order[1]].lower()
            full = next((n for n in _LONG if n == word), None)
            short = word[:3] in _MONTHS and word in (*_MONTHS, "sept")
            if full or short:
                month = _MONTHS.index(word[:3]) + 1
                return _date(match[order[0]], str(month), match[order[2]])
    return None


def _date(year: str, month: str, day: str) -> date | None:
    if len(year) == 2:
        year = f"{'20' if year < '69' else '19'}{year}"
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
