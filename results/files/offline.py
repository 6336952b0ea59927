"""The results as one self-contained HTML file, without requests and scripts, to be mailed, kept and printed. Pure."""

import hashlib
from base64 import b64encode
from functools import cache

from results.web.templating import HERE, rendered
from timing.language import BOTH
from timing.printed.sheets import Clocked, Sheets


@cache
def _style() -> str:
    return (HERE / "static" / "offline.css").read_text(encoding="utf-8")


@cache
def offline_policy() -> str:
    """The page's content security policy: a browser loads nothing, and uses no style but the page's own."""
    allowed = b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"


def offline_page(sheets: Sheets) -> str:
    """The page with its own style."""
    return rendered(
        "offline.html",
        BOTH,
        sheets=sheets,
        style=_style(),
        policy=offline_policy(),
        is_time=lambda cell: isinstance(cell, Clocked),
    )
