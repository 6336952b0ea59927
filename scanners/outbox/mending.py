"""Opens an outbox that a disk has damaged: the file is moved aside as it is, and all that can be read of it goes on in a new one."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, NamedTuple

from scanners.outbox.evidence_files import evidence_beside
from scanners.outbox.file import begin, connect, make_tables, transaction
from scanners.outbox.history import hashes
from scanners.outbox.room import forget_unsaved, was_unsaved
from scanners.outbox.salvage import BESIDE, Salvaged, is_damage, salvage
from timing.language import Text, _, ngettext
from timing.race.chance import Bits, new_lineage

DRAFT: Final = ".mending"
INSERTS: Final = {
    "roster": "INSERT INTO roster VALUES (?, ?)",
    "firm": "INSERT INTO firm VALUES (?, ?)",
    "mark": "INSERT INTO mark VALUES (?, ?, ?)",
}


class Mended(NamedTuple):
    """The repair of a damaged outbox: where the damaged file is now (None: repaired in place), and the lost items.

    `unsaved` says that nothing is damaged but that the last run ended with items in memory alone.
    """

    aside: Path | None
    damaged: list[int]
    unsaved: bool = False

    def words(self) -> Text:
        """The repair in words, for the operator."""
        if self.unsaved and len(self.damaged) <= 1:
            return _(
                "this outbox ended while the disk was full: of what was in memory alone, the server has what it got; it goes on anew"
            )
        where = f" → {self.aside}" if self.aside else ""
        numbers = ", ".join(map(str, self.damaged[:10])) + (" …" if len(self.damaged) > 10 else "")
        gone = (
            ngettext(
                "{n} item cannot be read ({numbers})",
                "{n} items cannot be read ({numbers})",
                len(self.damaged),
                numbers=numbers,
            )
            if self.damaged
            else _("no item is lost")
        )
        return _(
            "this computer's disk has damaged the outbox: {gone}{where}; all others go on; change the disk and tell the office",
            gone=gone,
            where=where,
        )


def mend(path: Path, bits: Bits) -> Mended | None:
    """Look at every item of the outbox at `path`, if there is one; None when all is as it was kept.

    Raises:
        sqlite3.Error, OSError: it cannot be opened or written.
    """
    draft = path.with_suffix(DRAFT)
    if draft.exists() and not path.exists():  # stopped between the two renames: the draft is whole
        draft.rename(path)
    if not path.exists() or not path.stat().st_size:
        return None
    found, unsaved = _looked_at(path), was_unsaved(path)
    if found and found.sound:
        return None
    if found and found.rehashed and not (found.damaged or found.torn):
        _rehash(path, found)
        return Mended(None, [])
    _begin_anew(draft, found, bits)
    aside = move_aside(path)
    draft.rename(path)
    forget_unsaved(path)
    if found:
        with suppress(OSError):  # the pictures of its scans go on with them
            (evidence_beside(path) / found.was).rename(evidence_beside(path) / found.lineage)
    return Mended(aside, found.damaged if found else [], unsaved)


def _looked_at(path: Path) -> Salvaged | None:
    """The readable part of the file; None if there is none."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            return salvage(connection, was_unsaved(path))
    except sqlite3.DatabaseError as failure:
        if is_damage(failure):
            return None
        raise


def _rehash(path: Path, found: Salvaged) -> None:
    with closing(connect(path)) as connection, transaction(connection):
        rows = ((hashed, seq) for seq, _, hashed in hashes(found.items))
        connection.executemany("UPDATE item SET hash = ? WHERE seq = ?", rows)


def _begin_anew(draft: Path, found: Salvaged | None, bits: Bits) -> None:
    for beside in ("", *BESIDE):
        Path(f"{draft}{beside}").unlink(missing_ok=True)
    with closing(connect(draft)) as connection:
        make_tables(connection)
        with transaction(connection):
            if found is None or not found.items:
                begin(connection, new_lineage(bits), found.race if found else "", 0)
                return
            begin(connection, found.lineage, found.race, len(found.items))
            chained = zip(hashes(found.items), found.items, strict=True)
            rows = ((seq, data, hashed, item.text) for (seq, data, hashed), item in chained)
            connection.executemany("INSERT INTO item VALUES (?, ?, ?, ?)", rows)
            lost = ((seq, found.items[seq - 1].damaged) for seq in found.damaged)
            connection.executemany("INSERT INTO damaged VALUES (?, ?)", lost)
            for table, insert in INSERTS.items():
                _remember(connection, insert, found, table)


def _remember(connection: sqlite3.Connection, insert: str, found: Salvaged, table: str) -> None:
    for row in found.beside[table]:
        with suppress(sqlite3.Error):  # a damaged row of the roster is told anew by the server
            connection.execute(
                insert, [one.decode("utf-8", "replace") if isinstance(one, bytes) else one for one in row]
            )


def move_aside(path: Path) -> Path:
    """Rename the damaged file and its companion files to a free name."""
    aside = path.with_name(f"{path.stem}.damaged{path.suffix}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")
    for beside in ("", *BESIDE):
        with suppress(FileNotFoundError):
            Path(f"{path}{beside}").rename(f"{aside}{beside}")
    return aside
