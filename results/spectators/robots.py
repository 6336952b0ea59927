"""Recognises requests that are no spectator's: robots that say so, and browsers that prefetch a page. Pure.

Other robots run no script, so that they never send their ticket.
"""

import re
from typing import Final

from results.board.plugs import Heads

BROWSERS: Final = ("Mozilla/", "Opera/")
"""How the user agents of browsers begin, those inside other apps too."""
ROBOT: Final = re.compile(
    r"(?<!\bcu)bot\b|crawl|spider|slurp|preview|headless|lighthouse|facebookexternalhit|-scrap|\byeti\b|daumoa|mediapartners"
    r"|monitor|pingdom|python|curl|wget",
    re.IGNORECASE,
)
AHEAD: Final = ("sec-purpose", "purpose", "x-purpose", "x-moz")


def is_robot(headers: Heads) -> bool:
    """Whether the user agent is no browser's, or a robot's.

    >>> is_robot({"user-agent": "Mozilla/5.0 (compatible; Yeti/1.1; +http://naver.me/spd)"}), is_robot({})
    (True, True)
    >>> is_robot({"user-agent": "Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile NAVER(inapp; search; 12.1)"})
    False
    >>> is_robot({"user-agent": "Mozilla/5.0 (Linux; Android 13; CUBOT X70) Chrome/140 Mobile"})  # a make of phones
    False
    """
    name = headers.get("user-agent", "")
    return not name.startswith(BROWSERS) or bool(ROBOT.search(name))


def is_ahead(headers: Heads) -> bool:
    """Whether a browser only prefetches a page.

    >>> is_ahead({"sec-purpose": "prefetch;prerender"}), is_ahead({"accept": "text/html"})
    (True, False)
    """
    return any(word in headers.get(name, "").lower() for name in AHEAD for word in ("prefetch", "prerender", "preview"))
