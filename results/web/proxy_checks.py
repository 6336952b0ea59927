"""The checks of `marathon doctor` about proxies: how they are named, and what the last server reported of them."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from results.web.proxies import Proxies
from timing.check import Check, CheckState
from timing.errors import RaceError
from timing.folder import open_race
from timing.language import _, pair

SEEN: Final = "proxy-trouble.txt"
"""The file in the race folder with the last report; removed at the next start of a server."""
PART: Final = _("proxy")


def kept_for_doctor(root: Path, complain: Callable[[str], object]) -> Callable[[str], None]:
    """A `complain` that also writes the report for `doctor`; an earlier server's is removed."""
    with suppress(OSError):
        (root / SEEN).unlink(missing_ok=True)

    def told(trouble: str) -> None:
        complain(trouble)
        with suppress(OSError):  # a folder that cannot be written: it stands on the console all the same
            (root / SEEN).write_text(trouble, encoding="utf-8")

    return told


def proxy_checks(race: Path | None) -> Iterator[Check]:
    """The proxies that `race.toml` names, and the last server's report; nothing where there is no race."""
    try:
        with open_race(race) as opened:
            root, named = opened.root, opened.settings.proxies
    except RaceError:
        return
    yield from _seen(root)
    try:
        Proxies(named)
    except RaceError as wrong:
        yield Check(str(PART), CheckState.MISSING, wrong.text)
        return
    if named:
        listed = ", ".join(named)
        yield Check(str(PART), CheckState.GOOD, _("only {listed} may send X-Forwarded-For", listed=listed))
    else:
        yield Check(
            str(PART),
            CheckState.GOOD,
            _("none in race.toml; one that stands before `marathon serve` must be named by --proxy or there"),
        )


def _seen(root: Path) -> Iterator[Check]:
    with suppress(OSError, UnicodeError):
        korean, _sign, english = (root / SEEN).read_text(encoding="utf-8").partition(" / ")
        yield Check(str(PART), CheckState.MISSING, pair(korean, english))
