"""Whether a form was sent from our own page. Pure.

The secret is the token in the address; this is the second lock, against a page elsewhere that makes a browser send something.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit


def from_our_page(headers: Mapping[str, str]) -> bool:
    """By what browsers say and pages cannot change.

    Our pages tell nobody where one comes from, so `Origin` is `null` for our own forms too; `Sec-Fetch-Site` tells them apart
    wherever the connection is a safe one.

    >>> from_our_page({"sec-fetch-site": "same-origin"}), from_our_page({"sec-fetch-site": "cross-site"})
    (True, False)
    >>> from_our_page({"origin": "https://gv.test", "host": "gv.test"}), from_our_page({"origin": "https://evil.test"})
    (True, False)
    >>> from_our_page({"origin": "http://[::1", "host": "gv.test"})
    False
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin", "null")
    try:
        return origin == "null" or urlsplit(origin).netloc == headers.get("host", "")
    except ValueError:  # half an IPv6 address, and what else no browser says
        return False
