"""The word that lets a station in: server, name and token in one text, fit for a QR that is shown once.

Who holds it holds the token: it is never written to a file or a log.
"""

from typing import NamedTuple
from urllib.parse import parse_qs, urlencode

from timing.errors import WrongUse

PREFIX = "marathon-station:"


class Enrolment(NamedTuple):
    """What a station must know to send to its server."""

    server: str
    name: str
    token: str


def enrolment_text(enrolment: Enrolment) -> str:
    """As one word.

    >>> enrolment_text(Enrolment("http://192.0.2.7:8000", "finish-1", "ab"))
    'marathon-station:server=http%3A%2F%2F192.0.2.7%3A8000&name=finish-1&token=ab'
    """
    return PREFIX + urlencode(enrolment._asdict())


def read_enrolment(text: str) -> Enrolment | None:
    """The enrolment in a text; None where the text is a bare token.

    Raises:
        WrongUse: it begins like one and is none.
    """
    if not text.startswith(PREFIX):
        return None
    fields = parse_qs(text.removeprefix(PREFIX))
    try:
        return Enrolment(*(fields[key][0] for key in Enrolment._fields))
    except KeyError as lacking:
        raise WrongUse(
            f"등록 글에 {lacking}이(가) 없습니다. `marathon station 이름 --again --server 주소`로 새로 만드세요",
            f"the enrolment lacks {lacking}; make a new one with `marathon station NAME --again --server URL`",
        ) from lacking
