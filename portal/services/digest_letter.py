"""A digest as a mail: one person's items, in plain text and as a page; nothing in it is fetched.

Whatever people typed is text: in the page every letter that could end it is escaped. Links lead to
the portal, which asks who it is before it shows anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from kpi_engine.language import mark, spoken, tr, trn
from portal.readmodels.cards import Tone
from portal.services.catalogue_words import inside
from portal.services.digest_times import DAYS, Wish
from portal.services.inbox import Item, Kind
from portal.services.letters import Letter

_GROUPS: Mapping[str, frozenset[Kind]] = {
    mark("Waiting for you"): frozenset({Kind.ACTION, Kind.REVIEW, Kind.OWNERSHIP, Kind.DEFINITION}),
    mark("Numbers that changed"): frozenset({Kind.STATUS, Kind.SIGNAL}),
    mark("At risk"): frozenset({Kind.PACE, Kind.GUARDRAIL}),
    mark("Data"): frozenset({Kind.DATA}),
}
_ORDER = {Tone.BAD: 0, Tone.WATCH: 1, Tone.NEUTRAL: 2, Tone.GOOD: 3}
_MARKS = {
    # The colour of the edge, and the word that stands for it.
    Tone.GOOD: ("#006D8F", mark("Good news")),
    Tone.WATCH: ("#8A5A00", mark("To watch")),
    Tone.BAD: ("#BE123C", mark("Worse")),
    Tone.NEUTRAL: ("#8A97A6", ""),
}
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Digest:
    """What a mail tells, and to whom."""

    company: str
    name: str
    email: str
    items: Sequence[Item]
    more: int
    """How many items wait besides those that are told."""
    wish: Wish
    url: str
    """The portal's address."""
    key: str
    product: str = "Meridian"
    """What the company calls the portal."""


def letter(digest: Digest) -> Letter:
    """Return the mail of a digest, in the language that is spoken."""
    groups = _grouped(digest.items)
    first = next(items[0] for _, items in groups)
    count = len(digest.items)
    subject = first.subject
    if count > 1:
        subject = tr("{subject} and {count} more", subject=subject, count=count - 1)
    if len(subject) > _LONGEST:
        subject = f"{subject[: _LONGEST - 1].rstrip()}…"
    return Letter(
        digest.email,
        f"{digest.company} \N{MIDDLE DOT} {subject}",
        _text(digest, groups),
        digest.name,
        _page(digest, groups),
        f"{digest.url}/account#digest",
        digest.key,
    )


def _grouped(items: Sequence[Item]) -> tuple[tuple[str, tuple[Item, ...]], ...]:
    """Return the items by what they are about, the worst of each group first."""
    found = []
    for title, kinds in _GROUPS.items():
        mine = [item for item in items if item.kind in kinds]
        if mine:
            mine.sort(key=lambda item: (_ORDER[item.tone], item.subject))
            found.append((tr(title), tuple(mine)))
    return tuple(found)


def _address(digest: Digest, item: Item) -> str:
    return f"{digest.url}/inbox/{item.id}"


def _text(digest: Digest, groups: Sequence[tuple[str, Sequence[Item]]]) -> str:
    lines = [tr("Hello {name},", name=digest.name), "", _lead(digest), ""]
    for title, items in groups:
        lines += [title, "-" * len(title)]
        for item in items:
            word = tr(_MARKS[item.tone][1])
            lines.append(f"* {item.subject}{f' ({inside(word)})' if word else ''}")
            lines += [f"  {part}" for part in (item.text, _address(digest, item)) if part]
        lines.append("")
    inbox = tr("Your inbox: {address}", address=f"{digest.url}/inbox")
    lines += [*_more(digest), inbox, "", _why(digest)]
    settings = f"{digest.url}/account#digest"
    lines.append(tr("Change that or switch it off: {address}", address=settings))
    return "\n".join(lines) + "\n"


def _lead(digest: Digest) -> str:
    return trn("One thing is new for you.", "{count} things are new for you.", len(digest.items))


def _more(digest: Digest) -> list[str]:
    if not digest.more:
        return []
    return [
        trn("{count} more waits in your inbox.", "{count} more wait in your inbox.", digest.more)
    ]


def _why(digest: Digest) -> str:
    wish = digest.wish
    hour, zone = f"{wish.hour:02}:00", wish.timezone.replace("_", " ")
    if wish.rhythm != "weekly":
        return tr(
            "You get this each day from {hour} ({zone}), and only when something is new.",
            hour=hour,
            zone=zone,
        )
    return tr(
        "You get this each {day} from {hour} ({zone}), and only when something is new.",
        day=tr(DAYS[wish.weekday]),
        hour=hour,
        zone=zone,
    )


_FONT = "font-family:Inter,-apple-system,'Segoe UI',Roboto,Arial,sans-serif"
_PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light"><title>{title}</title></head>
<body style="margin:0;padding:24px 12px;background:#F4F6F8;color:#14202E;{font};font-size:14px;\
line-height:20px">
<div style="max-width:600px;margin:0 auto">
<p style="margin:0 0 12px;color:#566474;font-size:13px"><strong style="color:#14202E">{product}\
</strong>{company}</p>
<div style="background:#FFFFFF;border:1px solid #E3E8EE;border-radius:14px;padding:20px 20px 8px">
<h1 style="margin:0 0 4px;font-size:20px;line-height:26px;font-weight:650">{lead}</h1>
<p style="margin:0 0 16px;color:#566474">{hello}</p>
{groups}
</div>
<p style="margin:16px 0"><a href="{url}/inbox" style="display:inline-block;background:#0B5C7A;\
color:#FFFFFF;text-decoration:none;border-radius:8px;padding:10px 16px;font-weight:550">{open}\
</a></p>
<p style="margin:0;color:#566474;font-size:12px;line-height:18px">{more}{why} <a \
href="{url}/account#digest" style="color:#0B5C7A">{change}</a>.</p>
</div></body></html>
"""
_ITEM = """<div style="border-left:3px solid {colour};padding:2px 0 2px 12px;margin:0 0 16px">
<a href="{address}" style="color:#14202E;text-decoration:none;font-weight:600">{subject}</a>\
<div style="color:#566474;font-size:13px">{mark}{text}</div></div>
"""


def _page(digest: Digest, groups: Sequence[tuple[str, Sequence[Item]]]) -> str:
    shown = []
    for title, items in groups:
        style = "margin:0 0 10px;font-size:13px;line-height:18px;font-weight:600;color:#566474"
        shown.append(f'<h2 style="{style}">{escape(title)}</h2>\n')
        shown += [_entry(digest, item) for item in items]
    return _PAGE.format(
        language=spoken(),
        title=escape(digest.company),
        font=_FONT,
        company=f" &middot; {escape(digest.company)}" if digest.company != digest.product else "",
        product=escape(digest.product),
        lead=escape(_lead(digest)),
        hello=escape(tr("Hello {name}.", name=digest.name)),
        groups="".join(shown),
        url=escape(digest.url),
        more=escape("".join(f"{line} " for line in _more(digest))),
        why=escape(_why(digest)),
        open=escape(tr("Open your inbox")),
        change=escape(tr("Change that or switch it off")),
    )


def _entry(digest: Digest, item: Item) -> str:
    colour, word = _MARKS[item.tone]
    edge = f'<span style="color:{colour};font-weight:600">{tr(word)}</span> ' if word else ""
    return _ITEM.format(
        colour=colour,
        address=escape(_address(digest, item)),
        subject=escape(item.subject),
        mark=edge,
        text=escape(item.text),
    )
