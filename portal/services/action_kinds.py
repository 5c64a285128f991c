"""What sort of thing an action is, in words."""

from collections.abc import Mapping

from kpi_engine.language import mark, tr

_TITLES: Mapping[str, str] = {
    "process": mark("Process"),
    "coaching": mark("Coaching"),
    "strategy": mark("Strategy"),
    "campaign": mark("Campaign"),
    "data": mark("Data"),
}
_PLAIN: Mapping[str, str] = {
    "process": mark("process"),
    "coaching": mark("coaching"),
    "strategy": mark("strategy"),
    "campaign": mark("campaign"),
    "data": mark("data"),
}


def titled(kind: str) -> str:
    """Return a kind as a heading names it."""
    return tr(_TITLES.get(kind, kind.capitalize()))


def plain(kind: str) -> str:
    """Return a kind as it stands within a sentence."""
    return tr(_PLAIN.get(kind, kind))
