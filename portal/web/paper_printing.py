"""Packs and minutes as PDF, from a template of their own."""

from kpi_engine.language import speaking
from portal.readmodels.cards import Spark
from portal.readmodels.papers import Paper, PaperItem
from portal.web import printing

_WIDE, _HIGH, _EDGE = 160.0, 36.0, 4.0


def paper_html(paper: Paper, lang: str) -> str:
    """Return a pack or minutes as HTML, with everything that it shows."""
    foot = printing.quoted(paper.foot)
    template = printing.TEMPLATES.get_template("print_review.html")
    with speaking(lang):
        return template.render(paper=paper, foot=foot, lang=lang, drawn=drawn, top=paper.top)


def paper_pdf(paper: Paper, lang: str) -> bytes:
    """Return a pack or minutes as PDF.

    Raises:
        NoPrinterError: if the machine lacks the libraries that text is drawn with.
    """
    return printing.pdf_of(paper_html(paper, lang), paper.top.logo)


def drawn(item: PaperItem) -> dict[str, object] | None:
    """Return where a KPI's line, usual range, target and end lie in the drawing."""
    spark: Spark = item.spark
    there = [point for point in spark.points if point is not None]
    if len(there) < 2:  # noqa: PLR2004 - one point is no line
        return None
    ends = [*there, *(spark.band or ()), *([spark.dashed] if spark.dashed is not None else [])]
    low, high = min(ends), max(ends)

    def up(level: float) -> float:
        share = 0.5 if high == low else (level - low) / (high - low)
        return round(_HIGH - _EDGE - share * (_HIGH - 2 * _EDGE), 1)

    step = _WIDE / max(len(spark.points) - 1, 1)
    words, pen, last = [], "M", (0.0, 0.0)
    for at, point in enumerate(spark.points):
        if point is None:
            pen = "M"
            continue
        last = (round(at * step, 1), up(point))
        words.append(f"{pen}{last[0]} {last[1]}")
        pen = "L"
    band = (up(spark.band[1]), up(spark.band[0])) if spark.band else None
    return {
        "path": "".join(words),
        "band": None if band is None else (band[0], round(band[1] - band[0], 1)),
        "target": None if spark.dashed is None else up(spark.dashed),
        "last": last,
    }
