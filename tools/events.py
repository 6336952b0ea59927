"""Writes `docs/events.md` from the facts' own classes and docstrings: `python -m tools.events`."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, UnionType
from typing import Final, get_args

from timing.race import events

PAGE: Final = Path(__file__).parents[1] / "docs" / "events.md"
HEAD: Final = """# The facts in the log

Written by `make papers` from the classes that read and write the log; do not edit.

A fact is one JSON object: its fields and its tag `event`, which bears a version; keys sorted, no spaces, UTF-8, no floats:

```json
{"at":1788411600000000,"event":"WaveStarted/1","wave":"1"}
```

A line that was once written is read for ever, so a fact changes only by a new version beside the old one. A field that this program does not know
makes the fact unreadable here: it is kept as it came, counts for nothing and is told by `marathon log verify`.

| type | JSON |
|---|---|
| `Instant`, `At` | whole microseconds since 1970-01-01 (UTC); `At` is 0 or more |
| `Span`, `Shift` | whole microseconds, negative too |
| `Count` | a whole number, 0 or more |
| `Bib` | 1 to 999999 |
| `Word`, `Name` | a text of at most 80 letters; ids of entrants, companies and teams are words |
| `Why` | a text of at most 200 letters |
| `ScannedCode` | eleven letters of one of our codes; `?` and 16 hexadecimal digits, the hash of a foreign text; or empty |
| `Role` | `director`, `counter`, `entry`, `medical`, `viewer` or empty |
| `Crossing` | how `crossed_at` was found: `line` (measured), `estimated` (with the speed of other runners), `seen` (nearest sight, no line) |
| `Box` | left, top, width and height in a frame, in pixels |
| `RuledStatus` | `dns`, `dnf`, `dsq` or `withdrawn` |
| `Basis` | `net` or `gun` |
| `Rules` | the object that `rules.toml` writes ([rules](en/rules.md)) |

`by` and `why` say who decided and for what reason. Every fact of the desk may bear a `role`, by default `director`: in which role of the race office
they spoke. Fields with a default may be absent, and are not written where they have it.

Databases of rehearsals before version 1 hold eight former tags, which are read as the facts of today (`timing/race/encoding.py`): `PenOpened`, `SplitOpened`,
`ScanRecorded`, `MarkRecorded`, `BibTyped`, `TapRecorded`, `ClockSeen`, `CourseMeasured`. Their bytes, which the chain covers, stay as they are.
"""


def sections() -> Iterator[tuple[str, str, object]]:
    """Title, what it holds, and the union of its facts."""
    desk = set(get_args(events.DeskFact)) - set(get_args(events.Correction))
    yield "Said by the desk", "", desk
    yield "Corrections", "Said by the desk; one `FactUndone` takes each of them back.", events.Correction
    yield "Said by stations", "The only facts that a batch may hold ([protocol](protocol.md)).", events.StationFact
    yield "Said by the server", "In a lineage of its own.", {events.ServerFact}


def page(module: ModuleType = events) -> str:
    """The whole page."""
    classes = {one.name: one for one in ast.parse(inspect.getsource(module)).body if isinstance(one, ast.ClassDef)}
    parts = [HEAD]
    for title, about, facts in sections():
        names = {one.__name__ for one in (get_args(facts) if isinstance(facts, UnionType) else facts)}  # type: ignore[attr-defined]
        parts += [f"## {title}\n", *([f"{about}\n"] if about else [])]
        parts += [told(one) for name, one in classes.items() if name in names]
    return "\n".join(parts)


def told(fact: ast.ClassDef) -> str:
    """One fact: its tag, what it means, its fields."""
    fields = "\n".join(f"- {field}" for field in fields_of(fact))
    return f"### {tag(fact)}\n\n{ast.get_docstring(fact)}\n\n{fields}\n"


def tag(fact: ast.ClassDef) -> str:
    """The tag that stands in the log."""
    return next(str(ast.literal_eval(one.value)) for one in fact.keywords if one.arg == "tag")


def fields_of(fact: ast.ClassDef) -> Iterator[str]:
    """Each field's name, type and default; patterns of a type are given as its text."""
    for one in fact.body:
        if isinstance(one, ast.AnnAssign):
            default = f", by default `{ast.unparse(one.value)}`" if one.value else ""
            yield f"`{ast.unparse(one.target)}`: {kind(one.annotation)}{default}"


def kind(annotation: ast.expr) -> str:
    """A type, and where it is annotated, its limits: `str, pattern='^[0-9a-f]{32}$'`."""
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Annotated":
        base, meta = annotation.slice.elts  # type: ignore[attr-defined]
        limits = ", ".join(f"{one.arg} `{ast.literal_eval(one.value)}`" for one in meta.keywords)
        return f"`{ast.unparse(base)}` ({limits})".replace("\\Z", "$")
    return f"`{ast.unparse(annotation)}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
