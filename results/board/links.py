"""How a link's host is shown before somebody follows it. Pure; IDNA is used here alone."""

from urllib.parse import urlsplit

import idna


def shown_host(link: str) -> tuple[str, str]:
    """A link's host with its port as it is written, and as browsers ask for it (UTS 46) where that differs, else empty.

    >>> shown_host("https://한빛.kr/채용"), shown_host("https://hanbit.example:8443/"), shown_host("")
    (('한빛.kr', 'xn--xx3br43b.kr'), ('hanbit.example:8443', ''), ('', ''))
    """
    parts = urlsplit(link)
    host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    try:
        ascii_host = idna.encode(host, uts46=True).decode()
    except idna.IDNAError:  # no browser would ask for it: letter by letter
        ascii_host = host.encode("ascii", "backslashreplace").decode()
    return host + port, ascii_host + port if ascii_host != host else ""
