"""Photographs every page of the demo: `python -m tests.browser.photographs FOLDER [HOME]`."""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import (
    Page,
    TimeoutError,  # noqa: A004 - that of the browser
    sync_playwright,
)

from tests.browser.places import PLACES, Place
from tests.browser.stand import (
    NARROW,
    WIDE,
    People,
    Stand,
    StoppedPainting,
    Watch,
    chromium_of,
    follow,
    launched,
    paints,
    run,
    serving,
    visit,
)

_SIZES = {"desktop": WIDE, "phone": NARROW}
_THEMES = ("light", "dark")
_GERMAN = ("leader-home", "scorecard", "kpi", "review")


def main(folder: Path, home: Path | None = None) -> int:
    """Photograph all pages into a folder; faults that nobody sees are told, and are a failure."""
    if home is not None:
        return _photograph(folder, home)
    with tempfile.TemporaryDirectory() as made:
        return _photograph(folder, Path(made))


def _photograph(folder: Path, home: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    run(home, "demo", "--make-only")
    with serving(home) as stand, sync_playwright() as playwright:
        where = chromium_of(playwright)
        if where is None:
            sys.stderr.write("There is no Chromium to photograph with.\n")
            return 2
        browser = launched(playwright, where)
        faults = _all(folder, stand, People(stand, browser))
        browser.close()
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


def _all(folder: Path, stand: Stand, people: People) -> list[str]:
    faults = []
    for place in PLACES:
        for name, size in _SIZES.items():
            for theme in _THEMES:
                watch = Watch(stand.host)
                taken = _taken(place, stand, people, watch, size, theme)
                _keep(taken, folder / f"{place.name}-{name}-{theme}.png")
                faults += [f"{place.name} {name} {theme}: {fault}" for fault in watch.faults]
    return faults + _in_german(folder, stand, people)


def _taken(
    place: Place, stand: Stand, people: People, watch: Watch, size: tuple[int, int], theme: str
) -> bytes:
    """Photograph one page; in another window where Chromium stopped drawing the first."""
    for _ in range(2):
        context, page = people.window(place.email, watch, size, theme)
        try:
            visit(page, stand.url + place.path)
            follow(page, place)
            # What stays at the window's edge would stand across the middle of a whole page.
            page.eval_on_selector_all(".rv-bar-place", _UNSTUCK)
            return page.screenshot(full_page=True, animations="disabled", scale="css")
        except TimeoutError:
            if paints(page):
                raise
        finally:
            context.close()
    raise StoppedPainting(place.name)


_UNSTUCK = "each => each.forEach(one => { one.style.position = 'static' })"


def _in_german(folder: Path, stand: Stand, people: People) -> list[str]:
    faults = []
    for place in (each for each in PLACES if each.name in _GERMAN):
        watch = Watch(stand.host)
        context, page = people.window(place.email, watch)
        _speak(page, stand, "Deutsch")
        visit(page, stand.url + place.path)
        follow(page, place)
        _keep(page.screenshot(full_page=True, scale="css"), folder / f"{place.name}-german.png")
        _speak(page, stand, "English")
        context.close()
        faults += [f"{place.name} german: {fault}" for fault in watch.faults]
    return faults


def _speak(page: Page, stand: Stand, language: str) -> None:
    visit(page, f"{stand.url}/account")
    page.get_by_role("button", name=language, exact=True).click()
    page.wait_for_load_state("networkidle")


def _keep(taken: bytes, file: Path) -> None:
    """Write a picture with 256 colours: nobody sees the others, and it is a third of the size."""
    with Image.open(io.BytesIO(taken)) as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    sys.exit(main(*(Path(argument) for argument in sys.argv[1:3])))
