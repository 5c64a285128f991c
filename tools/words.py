"""Collects what the product says to people, and compiles its translations: `make words`."""

import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
LOCALES = ROOT / "portal" / "locales"
ROOMS = ("portal", "callbacks", "layouts", "kpi_engine")
SAID = {"tr": None, "mark": None, "trn": (1, 2), "trc": ((1, "c"), 2)}
METHODS = [("cli/**", "ignore"), ("demo/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2")]
_FORMATS = {"python-format", "python-brace-format"}


def collected() -> Catalog:
    """Return every text of the source, without its line: that would change with each edit."""
    found = Catalog()
    for room in ROOMS:
        for told in extract_from_dir(ROOT / room, METHODS, keywords=SAID):
            found.add(told[2], context=told[4])
    return found


def languages() -> tuple[str, ...]:
    """Return the languages that the product is translated into."""
    return tuple(sorted(each.name for each in LOCALES.iterdir() if each.is_dir()))


def held(language: str) -> Catalog:
    """Return the translations of a language; none of one that is begun now."""
    if not _file(language, "po").exists():
        return Catalog(locale=language)
    with _file(language, "po").open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """Return what `gettext` reads of it."""
    made = BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def renewed(language: str, said: Catalog) -> Catalog:
    """Return the translations of what is said; a text that is new has none yet."""
    known = held(language)
    made = Catalog(
        locale=language,
        project="Meridian",
        version="1",
        header_comment=f"# What Meridian says, in '{language}'. Kept by `make words`.",
        msgid_bugs_address="-",
        creation_date=known.creation_date,
        revision_date=known.creation_date,
        last_translator="-",
        language_team="-",
        fuzzy=False,
    )
    for each in said:
        if each.id:
            kept = known.get(each.id, context=each.context)
            made.add(each.id, kept.string if kept else "", context=each.context)
    for each in made:
        # A per cent sign in a sentence reads as a format that nobody meant.
        each.flags -= _FORMATS
    return made


def main(begun: Sequence[str] = ()) -> None:
    """Write the catalogues anew, and say what is to be translated; `begun` names new languages."""
    said = collected()
    for language in sorted({*languages(), *begun}):
        catalogue = renewed(language, said)
        _file(language, "po").parent.mkdir(parents=True, exist_ok=True)
        with _file(language, "po").open("wb") as file:
            write_po(file, catalogue, width=0, sort_output=True)
        _file(language, "mo").write_bytes(compiled(catalogue))
        lacking = [each.id for each in catalogue if each.id and not _is_said(each.string)]
        print(f"{language}: {len(catalogue)} texts, {len(lacking)} to translate")
        for each in lacking:
            print(f"  {each!r}")


def _is_said(string: object) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


def _file(language: str, kind: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / f"messages.{kind}"


if __name__ == "__main__":
    main(sys.argv[1:])
