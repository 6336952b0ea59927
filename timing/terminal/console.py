"""A terminal that draws tables; what stands in them steers it no more than any other line."""

import sys
from typing import Any

from rich.console import Console
from rich.text import Text

from timing.terminal.shield import bare, printable


class ShieldedConsole(Console):
    """Rich's console on stdout, whose colours reach the terminal and whose texts are made printable first."""

    def __init__(self, **how: Any) -> None:
        super().__init__(file=bare(sys.stdout), **how)

    def render_str(self, text: str, **how: Any) -> Text:
        return super().render_str(printable(text), **how)
