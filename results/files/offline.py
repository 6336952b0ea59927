"""The results as one HTML file that needs nothing else: no request, no script; it may be mailed, kept and printed. Pure."""

import hashlib
from base64 import b64encode

from results.board.pages import HERE, rendered
from results.messages import both
from timing.sheets import Clocked, Sheets, words_of


def offline_page(sheets: Sheets) -> str:
    """The page; its policy lets a browser load nothing, and use no style but its own."""
    style = (HERE / "static" / "offline.css").read_text(encoding="utf-8")
    allowed = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return rendered(
        "offline.html",
        sheets=sheets,
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'",
        t=both,
        words_of=words_of,
        is_time=lambda cell: isinstance(cell, Clocked),
    )
