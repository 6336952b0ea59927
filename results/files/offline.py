"""The results as one HTML file that needs nothing else: no request, no script; it may be mailed, kept and printed. Pure."""

import hashlib
from base64 import b64encode
from functools import cache

from results.board.pages import HERE, rendered
from results.messages import both
from timing.printed.sheets import Clocked, Sheets, words_of


@cache
def _style() -> str:
    return (HERE / "static" / "offline.css").read_text(encoding="utf-8")


@cache
def offline_policy() -> str:
    """The page's content security policy: a browser loads nothing, and uses no style but the page's own."""
    allowed = b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"


def offline_page(sheets: Sheets) -> str:
    """The page, complete in itself."""
    return rendered(
        "offline.html",
        sheets=sheets,
        style=_style(),
        policy=offline_policy(),
        t=both,
        words_of=words_of,
        is_time=lambda cell: isinstance(cell, Clocked),
    )
