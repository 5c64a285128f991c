"""Pages to print, from templates of their own: PDF by WeasyPrint, which fetches nothing."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kpi_engine.language import speaking, tr, trc, trn
from portal.errors import PortalError
from portal.readmodels.brand import Letterhead
from portal.readmodels.formats import Formats
from portal.readmodels.scorecard import Scorecard

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcherResponse

_WIDE, _HIGH, _EDGE = 100.0, 28.0, 3.0
TEMPLATES = Environment(
    loader=PackageLoader("portal.web", "templates"), autoescape=True, undefined=StrictUndefined
)
"""What is printed; every value is escaped."""
TEMPLATES.globals.update(tr=tr, trn=trn, trc=trc)


class FetchingRefusedError(PortalError):
    """A template named an address; what is printed holds all that it shows."""


class NoPrinterError(PortalError):
    """The libraries of the system that PDF files are drawn with are missing."""

    def __init__(self) -> None:
        super().__init__(
            tr(
                "This portal can't make PDF files yet: its machine lacks Pango (on Debian "
                "libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0). CSV and Excel "
                "work."
            )
        )


def fetch_nothing(url: str, *_: object, **__: object) -> NoReturn:
    """Fetch no address at all, not even of this machine.

    Raises:
        FetchingRefusedError: always.
    """
    raise FetchingRefusedError(f"Nothing is fetched for a print-out; asked for {url[:80]!r}.")


LOGO = "letterhead:logo"
"""The one name by which a template shows a picture: that of the company, handed in as bytes."""
_BARE = Letterhead()


def only(logo: bytes) -> Callable[..., "URLFetcherResponse"]:
    """Return what answers for the company's logo, and fetches nothing."""

    def fetch(url: str, *given: object, **named: object) -> "URLFetcherResponse":
        if url == LOGO and logo:
            from weasyprint.urls import URLFetcherResponse  # noqa: PLC0415 - loaded by now

            return URLFetcherResponse(url, logo, {"Content-Type": "image/png"})
        fetch_nothing(url, *given, **named)

    return fetch


def scorecard_html(
    card: Scorecard, company: str, made: datetime, lang: str, top: Letterhead = _BARE
) -> str:
    """Return the print-out of a scorecard as HTML."""
    paths = {
        line.key: path_of(line.spark.points) for section in card.sections for line in section.lines
    }
    with speaking(lang):
        foot = quoted(
            tr(
                "{company}. Made {when} UTC. {scope}.",
                company=company,
                when=_moment(made, lang),
                scope=card.scope,
            )
        )
        template = TEMPLATES.get_template("print_scorecard.html")
        return template.render(
            card=card, company=company, paths=paths, foot=foot, lang=lang, top=top
        )


def _moment(moment: datetime, lang: str) -> str:
    return Formats(lang.replace("-", "_")).moment(moment)


def scorecard_pdf(
    card: Scorecard, company: str, made: datetime, lang: str, top: Letterhead = _BARE
) -> bytes:
    """Return the print-out of a scorecard as PDF.

    Raises:
        NoPrinterError: if the machine lacks the libraries that text is drawn with.
    """
    return pdf_of(scorecard_html(card, company, made, lang, top), top.logo)


def pdf_of(text: str, logo: bytes = b"") -> bytes:
    """Return a print-out's HTML as PDF; it may name no address but that of the logo.

    Raises:
        NoPrinterError: if the machine lacks the libraries that text is drawn with.
    """
    try:
        # Loaded here: it needs libraries of the system, and the portal runs without them.
        from weasyprint import HTML  # noqa: PLC0415
    except OSError as error:
        raise NoPrinterError from error
    found: bytes = HTML(string=text, url_fetcher=only(logo), base_url=None).write_pdf()
    return found


def path_of(points: Sequence[float | None]) -> str:
    """Return the line of some points as an SVG path; a gap breaks it."""
    there = [point for point in points if point is not None]
    if len(there) < 2:  # noqa: PLR2004 - one point is no line
        return ""
    low, high = min(there), max(there)
    step = _WIDE / max(len(points) - 1, 1)
    words: list[str] = []
    pen = "M"
    for at, point in enumerate(points):
        if point is None:
            pen = "M"
            continue
        share = 0.5 if high == low else (point - low) / (high - low)
        words.append(f"{pen}{at * step:.1f} {_HIGH - _EDGE - share * (_HIGH - 2 * _EDGE):.1f}")
        pen = "L"
    return "".join(words)


def quoted(text: str) -> Markup:
    """Return text as a string of CSS, in which nothing of it can be a rule."""
    kept = "".join(
        letter if letter.isalnum() or letter in " .,:-" else f"\\{ord(letter):x} "
        for letter in text
    )
    return Markup(f'"{kept}"')  # noqa: S704 - every letter that could end the string is escaped
