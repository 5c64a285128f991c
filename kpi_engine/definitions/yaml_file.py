"""Definitions in YAML to frozen KPIs, with everything that is wrong with a file told at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kpi_engine.definitions.described import Better, Department, KpiClass, Stage, Timing
from kpi_engine.definitions.fields import Fields
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.definitions.measures import read_measure
from kpi_engine.definitions.problems import DefinitionsError, Issue, Severity, printable
from kpi_engine.definitions.scene import MAX_NAME, Scene
from kpi_engine.definitions.settings import Settings
from kpi_engine.definitions.yaml_tree import Branch, Fault, Items, Leaf, Node, read_tree
from kpi_engine.language import tr
from kpi_engine.periods import Grain
from kpi_engine.units import Unit

__all__ = ["DefinitionsError", "Draft", "Issue", "Severity", "read_definitions", "read_draft"]

KEY = re.compile(r"[a-z][a-z0-9_]{1,63}", re.ASCII)
MAX_KPIS = 1_000
_MOST_LETTERS = {"name": 120, "question": 500, "description": 4_000, "source": 2_000}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file says: the definitions that can be read, and what is wrong with the others.

    `keys` has every key that the file defines, also those that cannot be read. `lines` tells on
    which line a place of a KPI stands.
    """

    file: str
    kpis: tuple[Kpi, ...]
    issues: tuple[Issue, ...]
    keys: frozenset[str]
    lines: Mapping[tuple[str, str], int]


def read_definitions(
    text: str, settings: Settings, *, file: str = "definitions"
) -> tuple[list[Kpi], list[Issue]]:
    """Return the KPIs that a YAML text defines, and every reason why others cannot be read."""
    draft = read_draft(text, settings, file=file)
    return list(draft.kpis), list(draft.issues)


def read_draft(text: str, settings: Settings, *, file: str = "definitions") -> Draft:
    """Return what a YAML text defines. A definition with an issue is not among its `kpis`."""
    scene = Scene(file, settings)
    tree, faults = read_tree(text)
    nodes = _definitions(scene, tree) if tree is not None else []
    if not nodes and not faults and not scene.issues:
        scene.note(1, "", "The file defines nothing; it is a list of definitions.")
    kpis = [_kpi(scene, node) for node in nodes]
    _keep_doubles(scene, nodes)
    _keep_faults(scene, nodes, faults)
    bad = {issue.key for issue in scene.issues}
    read = tuple(kpi for kpi in kpis if kpi and kpi.key not in bad)
    issues = tuple(sorted(scene.issues, key=lambda issue: issue.line))
    keys = frozenset(filter(None, map(_key_of, nodes)))
    return Draft(file, read, issues, keys, scene.lines)


def _definitions(scene: Scene, tree: Node) -> list[Branch]:
    nodes = tree.nodes if isinstance(tree, Items) else [tree]
    if len(nodes) > MAX_KPIS:
        scene.note(1, "", f"The file defines {len(nodes):,} KPIs; {MAX_KPIS:,} is the most.")
        return []
    for node in nodes:
        if not isinstance(node, Branch):
            scene.note(node.line, "", "A definition is a mapping that begins with 'key'.")
    return [node for node in nodes if isinstance(node, Branch)]


def _key_of(node: Branch) -> str:
    """Return the key of a definition as far as it can be told and shown."""
    key = node.fields.get("key")
    if not isinstance(key, Leaf) or key.value is None:
        return ""
    return printable(str(key.value)[:MAX_NAME])


def _keep_faults(scene: Scene, nodes: list[Branch], faults: list[Fault]) -> None:
    """Keep what was wrong with the YAML, under the definition that begins last before its line."""
    for line, sentence in faults:
        before = [node for node in nodes if node.line <= line]
        scene.key = _key_of(before[-1]) if before else ""
        scene.note(line, "", sentence)


def _keep_doubles(scene: Scene, nodes: list[Branch]) -> None:
    """Keep each definition whose key another one has before it."""
    first: dict[str, int] = {}
    for node in nodes:
        key, line = _key_of(node), node.lines.get("key", node.line)
        if key and key in first:
            scene.key = key
            scene.note(line, "key", f"'{key}' is defined twice; see line {first[key]}.")
        first.setdefault(key, line)


def _kpi(scene: Scene, node: Branch) -> Kpi | None:
    """Read one definition; None when it is not whole."""
    scene.key = _key_of(node)
    fields = Fields(scene, node, "")
    key = _key(fields)
    told = {name: _text(fields, name) for name in _MOST_LETTERS}
    kpi_class = fields.choice("class", KpiClass)
    stage = fields.choice("stage", Stage)
    department = fields.choice("department", Department)
    timing = fields.choice("timing", Timing, Timing.LAGGING) or Timing.LAGGING
    unit = fields.choice("unit", Unit)
    better = fields.choice("better", Better)
    cadence = fields.choice("cadence", Grain, Grain.MONTH) or Grain.MONTH
    guardrails, drives = _keys(fields, "guardrails"), _keys(fields, "drives")
    written = fields.node("measure")
    if written is None:
        fields.missing("measure", "{count: opportunity}")
    measure = read_measure(scene, written, "measure") if written else None
    fields.close()
    if not (key and measure and kpi_class and stage and department and unit and better):
        return None
    return Kpi(
        key=key,
        name=told["name"],
        question=told["question"],
        description=told["description"],
        source=told["source"],
        kpi_class=kpi_class,
        stage=stage,
        department=department,
        timing=timing,
        unit=unit,
        better=better,
        cadence=cadence,
        measure=measure,
        guardrails=guardrails,
        drives=drives,
    )


def _key(fields: Fields) -> KpiKey | None:
    key = fields.word("key")
    if key is None:
        fields.missing("key", "win_rate")
        return None
    if not KEY.fullmatch(key):
        fields.note(
            tr("A key is 2 to 64 of a-z, 0-9 and _, and begins with a letter, as win_rate."), "key"
        )
        return None
    return KpiKey(key)


def _text(fields: Fields, name: str) -> str:
    """Return a text about the KPI; what it is called and what it answers may not be blank."""
    text = " ".join((fields.word(name) or "").split())
    most = _MOST_LETTERS[name]
    if not text and name in ("name", "question"):
        fields.note(tr("'{name}' is blank; say it in a few words.", name=name), name)
    if len(text) > most:
        fields.note(
            tr(
                "'{name}' has {count:,} characters; {most:,} is the most.",
                name=name,
                count=len(text),
                most=most,
            ),
            name,
        )
    if not text.isprintable():
        fields.note(tr("'{name}' holds an invisible character; take it out.", name=name), name)
    return text


def _keys(fields: Fields, name: str) -> tuple[KpiKey, ...]:
    node = fields.node(name)
    if node is None or (isinstance(node, Leaf) and node.value is None):
        return ()
    nodes = node.nodes if isinstance(node, Items) else []
    keys = [each.value if isinstance(each, Leaf) else None for each in nodes]
    if not isinstance(node, Items) or not all(isinstance(key, str) and key for key in keys):
        fields.note(tr("'{name}' is a list of keys of KPIs, such as [win_rate].", name=name), name)
        return ()
    return tuple(KpiKey(str(key)) for key in keys)
