"""What speaks for or against a number, in a sentence with its figure, and where it is looked at."""

from collections.abc import Callable, Mapping

from kpi_engine.language import mark, tr, trc, trn
from kpi_engine.periods import Period
from portal.readmodels.cards import Status, Tone
from portal.readmodels.formats import Formats
from portal.services import catalogue_words, why_none
from portal.services.builder_columns import column_words
from portal.services.confidence_limits import MOVED, Check, Level
from portal.services.confidence_rules import Ground

_TONES = {
    Level.UNKNOWN: Status(Tone.NEUTRAL, "", "question-circle"),
    Level.LOW: Status(Tone.WATCH, "", "exclamation-triangle-fill"),
    Level.MEDIUM: Status(Tone.NEUTRAL, "", "dash-circle"),
    Level.HIGH: Status(Tone.NEUTRAL, "", "check-circle"),
}
_NOT_LOOKED = {
    "slow": mark("The records could not be looked through in time."),
    "weighed": mark(
        "It is weighed from what is known of each customer, so gaps in it cannot be counted."
    ),
    "none": mark("There is no record behind it that could be looked at."),
}
Say = Callable[[Ground, Formats, Period], str]


def word(level: Level) -> str:
    """Return what a level is called."""
    return {
        Level.UNKNOWN: trc("confidence in a number", "Cannot tell"),
        Level.LOW: trc("confidence in a number", "Low"),
        Level.MEDIUM: trc("confidence in a number", "Medium"),
        Level.HIGH: trc("confidence in a number", "High"),
    }[level]


def status(level: Level) -> Status:
    """Return a level as an icon and a word."""
    told = _TONES[level]
    return Status(told.tone, word(level), told.icon)


def sentence(ground: Ground, formats: Formats, period: Period) -> str:
    """Return a ground as one sentence."""
    return _SAID[ground.check](ground, formats, period)


def veiled(ground: Ground) -> str:
    """Return a ground of the whole company in words only, for those who do not see all of it."""
    records = catalogue_words.records(ground.entity)
    if ground.check is Check.READ:
        if not ground.count:
            return tr("The last load could read every row of {records}.", records=records)
        return tr("Some rows of {records} could not be read in the last load.", records=records)
    if not ground.count:
        return tr("All {records} have an owner.", records=records)
    return tr("Some {records} have no owner, and may belong here.", records=records)


def _number(ground: Ground, formats: Formats, period: Period) -> str:
    del formats, period
    return tr("There is no number: {reason}.", reason=why_none.told(ground.why))


def _looked(ground: Ground, formats: Formats, period: Period) -> str:
    del formats, period
    return tr(_NOT_LOOKED[ground.why])


def _loaded(ground: Ground, formats: Formats, period: Period) -> str:
    del formats, period
    return tr("No {records} were ever loaded.", records=catalogue_words.records(ground.entity))


def _filled(ground: Ground, formats: Formats, period: Period) -> str:
    del period
    return tr(
        "{column} is filled in {share} of {count} {records} that could count.",
        column=column_words(ground.column),
        share=formats.per_cent(_down(ground.count / ground.total)),
        count=formats.number(ground.total),
        records=catalogue_words.records(ground.entity),
    )


def _down(share: float) -> float:
    """Return a share that does not read as the whole unless it is."""
    return min(share, 0.99) if share < 1 else share


def _of_column(ground: Ground, formats: Formats) -> dict[str, str]:
    """Return what a sentence on one column of all records names."""
    return {
        "records": catalogue_words.records(ground.entity),
        "column": column_words(ground.column),
        "total": formats.number(ground.total),
    }


def _placed(ground: Ground, formats: Formats, period: Period) -> str:
    del period
    told = _of_column(ground, formats)
    if not ground.count:
        return tr("All {total} {records} have {column}, which places them.", **told)
    return tr(
        "{count} of {total} {records} lack {column}, so no period has them.",
        count=formats.number(ground.count),
        **told,
    )


def _mapped(ground: Ground, formats: Formats, period: Period) -> str:
    del period
    if not ground.count:
        return tr("Every stage of a deal has its meaning.")
    return trn(
        "{count} deal is in a stage that has no meaning yet.",
        "{count} deals are in a stage that has no meaning yet.",
        ground.count,
        count=formats.number(ground.count),
    )


def _read(ground: Ground, formats: Formats, period: Period) -> str:
    del period
    records = catalogue_words.records(ground.entity)
    if not ground.count:
        return tr("The last load could read every row of {records}.", records=records)
    return trn(
        "{count} row of {records} could not be read in the last load, {share} of them.",
        "{count} rows of {records} could not be read in the last load, {share} of them.",
        ground.count,
        count=formats.number(ground.count),
        records=records,
        share=formats.per_cent(ground.amiss, 1),
    )


def _fresh(ground: Ground, formats: Formats, period: Period) -> str:
    del period
    if ground.source is None:
        return tr("Nothing says when its records were loaded.")
    told = {
        "source": catalogue_words.source(ground.source.source),
        "ago": formats.ago(ground.source.age),
    }
    if ground.source.failed:
        return tr("The last load of {source} failed; what is here was loaded {ago}.", **told)
    if ground.level is Level.HIGH:
        return tr("{source} was loaded {ago}.", **told)
    return tr("{source} was last loaded {ago}, so late changes may be missing.", **told)


def _covered(ground: Ground, formats: Formats, period: Period) -> str:
    if ground.source is None:
        return tr("Nothing says when its records were loaded.")
    return tr(
        "{source} was last loaded on {day}, before {period} had ended.",
        source=catalogue_words.source(ground.source.source),
        day=formats.day(ground.source.loaded_at.date()),
        period=formats.period(period),
    )


def _owned(ground: Ground, formats: Formats, period: Period) -> str:
    del period
    records = catalogue_words.records(ground.entity)
    if not ground.count:
        return tr("All {records} have an owner.", records=records)
    return tr(
        "{share} of the company's {records} have no owner, and some may belong here.",
        share=formats.per_cent(ground.amiss, 1),
        records=records,
    )


def _ahead(ground: Ground, formats: Formats, period: Period) -> str:
    del period
    records = catalogue_words.records(ground.entity)
    if not ground.count:
        return tr("None of the {records} is dated in the future.", records=records)
    return tr(
        "{count} of {total} {records} are dated in the future.",
        count=formats.number(ground.count),
        total=formats.number(ground.total),
        records=records,
    )


def _late(ground: Ground, formats: Formats, period: Period) -> str:
    del period
    if not ground.count:
        return tr("No open deal is past its close date.")
    return trn(
        "{count} of {total} open deals is past its close date.",
        "{count} of {total} open deals are past their close date.",
        ground.count,
        count=formats.number(ground.count),
        total=formats.number(ground.total),
    )


def _twice(ground: Ground, formats: Formats, period: Period) -> str:
    del period
    told = _of_column(ground, formats)
    if not ground.count:
        return tr("None of the {total} {records} has the {column} of an earlier one.", **told)
    return trn(
        "{count} of {total} {records} has the {column} of an earlier one.",
        "{count} of {total} {records} have the {column} of an earlier one.",
        ground.count,
        count=formats.number(ground.count),
        **told,
    )


def _chance(ground: Ground, formats: Formats, period: Period) -> str:
    del period
    low, high = ground.span or (0.0, 0.0)
    return tr(
        "Of {count} records, chance alone puts it between {low} and {high}.",
        count=formats.number(ground.count),
        low=formats.per_cent(low),
        high=formats.per_cent(high),
    )


def _count(ground: Ground, formats: Formats, period: Period) -> str:
    del period
    count = formats.number(ground.count)
    if ground.why == "under":
        return trn(
            "It is a share of what one record says.",
            "It is a share of what {count} records say, so each of them moves it much.",
            ground.count,
            count=count,
        )
    if ground.level is Level.MEDIUM and ground.amiss:
        return trn(
            "It stands on one record only.",
            "It stands on {count} records only, so each of them moves it much.",
            ground.count,
            count=count,
        )
    if ground.level is Level.LOW:
        return trn(
            "It stands on one record only, which tells more of chance than of work.",
            "It stands on {count} records only, which tell more of chance than of work.",
            ground.count,
            count=count,
        )
    return tr("It stands on {count} records.", count=count)


def _settled(ground: Ground, formats: Formats, period: Period) -> str:
    if ground.why == "so far":
        return tr("{period} has not ended, so it will still move.", period=formats.period(period))
    return tr(
        "The last records of {period} still have time to get there, so it will still move.",
        period=formats.period(period),
    )


def _restated(ground: Ground, formats: Formats, period: Period) -> str:
    del period
    told = {"total": formats.number(ground.total), "share": formats.per_cent(MOVED)}
    if not ground.count:
        return tr("None of the last {total} periods moved by more than {share} later.", **told)
    return trn(
        "{count} of the last {total} periods moved by more than {share} later.",
        "{count} of the last {total} periods moved by more than {share} later.",
        ground.count,
        **told,
    )


_SAID: Mapping[Check, Say] = {
    Check.NUMBER: _number,
    Check.LOOKED: _looked,
    Check.LOADED: _loaded,
    Check.FILLED: _filled,
    Check.PLACED: _placed,
    Check.MAPPED: _mapped,
    Check.READ: _read,
    Check.FRESH: _fresh,
    Check.COVERED: _covered,
    Check.OWNED: _owned,
    Check.AHEAD: _ahead,
    Check.LATE: _late,
    Check.TWICE: _twice,
    Check.CHANCE: _chance,
    Check.COUNT: _count,
    Check.SETTLED: _settled,
    Check.RESTATED: _restated,
}
