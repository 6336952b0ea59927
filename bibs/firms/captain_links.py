"""Captains' private links: made and taken back. A link is told once, and kept nowhere."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PIL import Image

from bibs.design.symbol import QUIET_MODULES, note_modules
from timing.errors import WrongUse
from timing.folder import OpenRace
from timing.language import _
from timing.people.private_links import Holder, PrivateLinks
from timing.printed.spreadsheet_text import BOM, csv_table
from timing.private import write_private
from timing.race.chance import new_token
from timing.replacing import must_write

PX_A_MODULE: Final = 12
KIND: Final = "captain"


class CaptainLinks:
    """The captains' links of a race; they lead to `server`, the board's address, or else to the host on the bibs."""

    def __init__(self, opened: OpenRace, server: str | None) -> None:
        self._links = PrivateLinks(opened.engine, opened.settings.id)
        self._base = (server or f"https://{opened.settings.host.lower()}").rstrip("/")

    def give(self, company: str) -> str:
        """A new link, which makes the firm's former one void."""
        return self._address(self._links.give(Holder(KIND, company)))

    def given_to(self, company: str) -> bool:
        """Whether the firm has a link."""
        return company in self._links.given(KIND)

    def give_all(self, companies: Mapping[str, str], file: Path, again: bool) -> int:
        """A table of a new link for each firm that has none, or with `again` for every firm; returns how many.

        The table is on the disk, whole, before any link opens: without it nobody would know them. Where no firm needs a link no file is
        written.

        Raises:
            WrongUse, Unreachable: the file is there already, or cannot be written.
        """
        had = self._links.given(KIND)
        tokens = {company: new_token() for company in sorted(companies) if again or company not in had}
        if not tokens:
            return 0
        refuse_to_replace(file, again)
        rows = [(company, companies[company], self._address(token)) for company, token in tokens.items()]
        _write(file, (BOM + csv_table(["company", "firm", "link"], rows)).encode())
        for company, token in tokens.items():
            self._links.give(Holder(KIND, company), token)
        return len(tokens)

    def revoke(self, company: str) -> bool:
        """Take a firm's link back; False where it has none."""
        return self._links.revoke(Holder(KIND, company))

    def _address(self, token: str) -> str:
        return f"{self._base}/captain/{token}"


def refuse_to_replace(file: Path, again: bool) -> None:
    """A file of links is their only copy; what `again` makes void may go.

    Raises:
        WrongUse: there is such a file.
    """
    if file.exists() and file.stat().st_size and not again:
        raise WrongUse(
            _("{file} is there already, and the links in it are kept nowhere else; name another file", file=file),
        )


def save_qr(file: Path, address: str) -> None:
    """Draw an address as a QR, a PNG in black and white that its owner alone can read.

    Raises:
        Unreachable: the file cannot be written.
    """
    modules = note_modules(address)
    picture = Image.new("1", (len(modules) + 2 * QUIET_MODULES,) * 2, 1)
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + QUIET_MODULES, y + QUIET_MODULES), 0)
    drawn = io.BytesIO()
    picture.resize((picture.width * PX_A_MODULE,) * 2, Image.Resampling.NEAREST).save(drawn, "PNG")
    _write(file, drawn.getvalue())


def _write(file: Path, data: bytes) -> None:
    with must_write(file):
        write_private(file, data)
