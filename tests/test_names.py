"""The names of the house: a class or a module is called like no other, so that it is found by its name."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from tests.test_shape import MODULES, ROOT

MANY = ("__init__", "commands", "pages", "routes")
"""Modules that each room may have."""


def test_no_two_public_classes_share_a_name() -> None:
    assert twice((name, where) for where, name in classes()) == {}


def test_no_two_modules_share_a_name() -> None:
    assert twice((path.stem, str(path.relative_to(ROOT))) for path in MODULES if path.stem not in MANY) == {}


def classes() -> Iterator[tuple[str, str]]:
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield str(path.relative_to(ROOT)), node.name


def twice(named: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    """What is there more than once, and where."""
    places = defaultdict[str, list[str]](list)
    for name, where in named:
        places[name].append(where)
    return {name: where for name, where in places.items() if len(where) > 1}
