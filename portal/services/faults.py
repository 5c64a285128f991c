"""Faults of the portal's own, written to its log: kind and place, never what they were about."""

import structlog

_LAST = 8
_log = structlog.get_logger("portal")


def told(event: str, error: BaseException, **names: object) -> None:
    """Write a fault down. Its text is left out: it may hold a person's or a company's data."""
    _log.error(event, kind=type(error).__name__, place=place(error), **names)


def place(error: BaseException) -> str:
    """Return where a fault was raised: functions and lines, outermost first."""
    steps, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        steps.append(f"{code.co_qualname}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(steps[-_LAST:])
