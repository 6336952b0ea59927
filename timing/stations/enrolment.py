"""The word that lets a station in: server, name and token in one text, fit for a QR that is shown once.

Who holds it holds the token: it is never written to a file or a log.
"""

import re
from ipaddress import ip_address
from typing import Final, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from timing.errors import WrongUse
from timing.language import _

PREFIX = "marathon-station:"
IN_THE_CLEAR: Final = _(
    "over http anybody on this network can read the token and pose as this station; serve with --own-certificate, and enrol by `marathon station NAME --again --own-certificate --server https://...`"
)


class Enrolment(NamedTuple):
    """The data that a station needs to send to its server.

    `fingerprint` is the SHA-256 of the server's certificate in hexadecimal, where nobody else vouches for that; else empty.
    """

    server: str
    name: str
    token: str
    fingerprint: str = ""


def station_name(text: str) -> str:
    """A station's name, which is a file's name too.

    Raises:
        WrongUse: it is none.
    """
    if not re.fullmatch(r"[^\W_][\w.-]{0,39}", text):
        raise WrongUse(_("{value!r}: letters, digits, - _ . and at most 40", value=text))
    return text


def enrolment_text(enrolment: Enrolment) -> str:
    """The enrolment as one word.

    >>> enrolment_text(Enrolment("http://192.0.2.7:8000", "finish-1", "ab"))
    'marathon-station:server=http%3A%2F%2F192.0.2.7%3A8000&name=finish-1&token=ab'
    """
    return PREFIX + urlencode({key: value for key, value in enrolment._asdict().items() if value})


def read_enrolment(text: str) -> Enrolment | None:
    """The enrolment in a text; None where the text is a bare token.

    Raises:
        WrongUse: it begins like one and is none.
    """
    if not text.startswith(PREFIX):
        return None
    fields = parse_qs(text.removeprefix(PREFIX))
    try:
        server, name, token = (fields[key][0] for key in ("server", "name", "token"))
    except KeyError as lacking:
        raise WrongUse(
            _(
                "the enrolment lacks {lacking}; make a new one with `marathon station NAME --again --server URL`",
                lacking=lacking,
            ),
        ) from lacking
    return Enrolment(server, name, token, *fields.get("fingerprint", [])[:1])


def in_the_clear(server: str) -> bool:
    """Whether a token sent to this address can be read on the way.

    >>> in_the_clear("http://192.0.2.7:8000"), in_the_clear("https://192.0.2.7"), in_the_clear("http://127.0.0.1:8000")
    (True, False, False)
    >>> in_the_clear("http://localhost:8000"), in_the_clear("http://[::1]:8000"), in_the_clear("HTTP://gv.test")
    (False, False, True)
    """
    parts = urlsplit(server)
    host = parts.hostname or ""
    try:
        here = ip_address(host).is_loopback
    except ValueError:
        here = host == "localhost"
    return parts.scheme == "http" and not here
