"""Finds the texts for the catalogue (`make catalogue`): what `_`, `N_` and `ngettext` mark, and the help texts of commands."""

import ast
from collections.abc import Iterator
from typing import IO, Any

from timing.commands.command_line import paragraphs

Found = tuple[int, str | None, Any, list[str]]
MARKS = ("_", "N_", "ngettext")
DECLARES = ("command", "ruling", "group")
"""What the decorators of commands are called, in part."""


def texts(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """The texts of a Python file, as Babel asks for them; also those inside of other texts and of f-strings."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            said = tuple(one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))
            if said:
                yield node.lineno, "ngettext" if len(said) > 1 else "gettext", said if len(said) > 1 else said[0], []
        elif isinstance(node, ast.FunctionDef) and any(_declares(one) for one in node.decorator_list):
            for paragraph in paragraphs(ast.get_docstring(node) or ""):
                yield node.lineno, "gettext", paragraph, []


def _declares(decorator: ast.expr) -> bool:
    return any(word in ast.unparse(decorator) for word in DECLARES)
