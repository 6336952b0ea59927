"""How a link's host is shown before somebody follows it. Pure; IDNA is used here alone."""

from urllib.parse import urlsplit

import idna


def shown_host(link: str) -> tuple[str, str]:
    """The host as it is written, with its port, and, where that differs, as the network knows it.

    >>> shown_host("https://한빛.kr/채용"), shown_host("https://hanbit.example:8443/"), shown_host("")
    (('한빛.kr', 'xn--xx3br43b.kr'), ('hanbit.example:8443', ''), ('', ''))
    """
    parts = urlsplit(link)
    host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    ascii_host = _ascii(host)
    return host + port, ascii_host + port if ascii_host != host else ""


def _ascii(host: str) -> str:
    """As browsers ask for it (UTS 46); letter by letter where the name is none that a browser would ask for."""
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return host.encode("ascii", "backslashreplace").decode()
