"""Signs the log every five minutes while a server runs, and lets stations compare it with the notes they keep.

A person who rewrites the log and its folder cannot reach the notes on stations, so the next heartbeat of a station reveals it.
"""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Final

from msgspec import Struct

from timing.complaints import Complaints
from timing.language import _, ngettext
from timing.log import Log
from timing.log.checkpoint import NOTHING, BadNote, Tree, read_note
from timing.log.checkpoint_store import CheckpointStore
from timing.log.notes import FROM_STATIONS, NOTES
from timing.log.side_tables import SideTables
from timing.race.clock import Clock
from timing.race.instants import MINUTE, Instant, Span
from timing.replacing import replace_file

EVERY: Final = Span(5 * MINUTE)
TURN_S: Final = 3.0
CLOSING_S: Final = 12
SIZES_MOST: Final = 64
"""The most log sizes looked up at once; stations hold few different notes, so that more point to abuse, and wait."""
BROUGHT_MOST: Final = 100
UNSIGNED: Final = _("the log could not be signed")


class Attested(Struct, frozen=True):
    """The server's attestation for a station: its last signed checkpoint, the key's verifier, and the log's root at the size asked for.

    `root` is in hexadecimal: of the whole log where it holds fewer facts than that, empty while it is not known yet.
    """

    note: str = ""
    verifier: str = ""
    root: str = ""


class Notary:
    """Inside its `with` block a thread signs what is new, five minutes after the note before at the earliest."""

    def __init__(
        self,
        root: Path,
        race: str,
        log: Log,
        clock: Clock,
        complain: Callable[[str], object],
        beside: SideTables | None = None,
    ) -> None:
        self._root, self._race, self._log, self._clock, self._complain = root, race, log, clock, complain
        self._beside = beside
        self._troubles = Complaints(complain, UNSIGNED)
        self._due = Instant(0)
        self._last = Attested()
        self._size = 0
        self._roots: dict[int, bytes] = {0: NOTHING}
        self._asked: set[int] = set()
        self._lock, self._stop, self._wake = Lock(), Event(), Event()
        self._thread = Thread(target=self._run, name="notary", daemon=True)

    def __enter__(self) -> "Notary":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._wake.set()
        self._thread.join(CLOSING_S)  # one that hangs in the database is left to itself

    def attest(self, size: int) -> Attested:
        """The answer to a station that holds a note of `size` facts; from memory, without waiting."""
        with self._lock:
            root = self._roots.get(size)
            if root is None and len(self._asked) < SIZES_MOST:
                self._asked.add(size)
                self._wake.set()
            return Attested(self._last.note, self._last.verifier, root.hex() if root else "")

    def accept_note(self, station: str, text: str, verifier: str) -> None:
        """A station brings back a note that this log contradicts: keep it for `log verify`, and say so aloud.

        Raises:
            BadNote: it is no note of this race, or not signed by the holder of `verifier`'s key.
        """
        said = read_note(text, verifier)
        if said.origin != f"marathon/{self._race}":
            raise BadNote("of another race")
        self._complain(
            str(
                ngettext(
                    "{station} holds a signed checkpoint of {n} fact that this log contradicts; it was changed, or facts were lost",
                    "{station} holds a signed checkpoint of {n} facts that this log contradicts; it was changed, or facts were lost",
                    said.size,
                    station=station,
                )
            )
        )
        folder = self._root / NOTES / FROM_STATIONS
        folder.mkdir(parents=True, exist_ok=True)
        if len(list(folder.glob("*.txt"))) < BROUGHT_MOST:
            replace_file(folder / f"{said.size:08}-{station}.txt", text.encode(), durable=True)

    def turn(self) -> None:
        """Sign if it is due and the log has grown, and look up the roots that stations asked for."""
        with self._troubles.told():
            if self._clock.now() >= self._due:
                self._sign()
            self._look_up()

    def _sign(self) -> None:
        """Signing checks every earlier note against the log, so a log rewritten under a running server is reported here."""
        checkpoints = CheckpointStore(self._root, self._race, self._beside)
        if self._log.head().seq == self._size:
            return
        self._due = Instant(self._clock.now() + EVERY)
        text = checkpoints.sign(self._log, "serve", again=False)
        said = read_note(text, checkpoints.verifier)
        with self._lock:
            self._last, self._size = Attested(text, checkpoints.verifier), said.size
            self._roots = {0: NOTHING, said.size: said.root}

    def _look_up(self) -> None:
        with self._lock:
            asked = set(self._asked)
        if asked:
            found = roots(self._log, asked)
            with self._lock:
                self._roots |= found
                self._asked -= asked

    def _run(self) -> None:
        while not self._stop.is_set():
            self.turn()
            self._wake.wait(TURN_S)
            self._wake.clear()


def roots(log: Log, sizes: set[int]) -> dict[int, bytes]:
    """The log's root at each size; of the whole log for those that it does not reach."""
    found, tree = dict[int, bytes](), Tree()
    for fact in log.read():
        tree.add(fact.hash)
        if tree.size in sizes:
            found[tree.size] = tree.root()
    return {size: found.get(size, tree.root()) for size in sizes}
