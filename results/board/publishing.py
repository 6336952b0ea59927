"""Writes the board into a folder that any web server, CDN or USB stick can serve: only what changed, never half a file."""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from results.board.large_pages import LARGE, LargeFileThrottle
from results.board.site import withdrawn
from results.board.snapshot import Snapshot
from results.view.names import public_name
from results.web.asset import SHORT, VERSIONED, Asset, Encoding
from timing.complaints import Complaints
from timing.errors import RaceError, Unreachable
from timing.language import _
from timing.race.clock import Clock
from timing.race.instants import SECOND, Instant
from timing.replacing import replace_file

TABLES_KEPT: Final = 10
NAME_MOST: Final = 200
"""Bytes of a file's or folder's name, with room for what is added to it."""
SLICE_S: Final = 0.5
"""Seconds that a publish spends on runners' own pages; the rest follows with the next version."""
TRIED_AGAIN: Final = _("the board's files cannot be written, trying again")
TWINS: Final[dict[Encoding, str]] = {"gzip": ".gz", "br": ".br"}
OWN: Final = ("r", "c", "s", "sex", "category", "rankings", "overall", "participation")
"""Folders of the board alone: a file there that is no longer on the board is removed."""
STAMP: Final = re.compile(r"(\d+)(-\d+)?")
"""The name of a folder of tables: version and revision; an older program wrote no revision."""
HEADERS: Final = f"""\
/s/*
  Cache-Control: {VERSIONED.decode()}
/head.json
  Cache-Control: {SHORT.decode()}
/*
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
  X-Robots-Tag: noindex
"""


@dataclass(slots=True)
class Published:
    """What a publish did."""

    written: int = 0
    removed: int = 0
    waiting: int = 0
    """Runners' files, and large ones, that a later publish will bring."""


class Publisher:
    """Keeps a folder current. Tables of a version are written first, then the pages, then the head that names the version."""

    def __init__(self, folder: Path, clock: Clock, compressed: bool = False) -> None:
        self._folder, self._clock, self._compressed = folder, clock, compressed
        self._there: dict[str, str] = {}
        self._sources: dict[str, object] = {}
        self._turn = 0
        self._before: Snapshot | None = None
        self._seldom = LargeFileThrottle(clock)

    def publish(self, snapshot: Snapshot, whole: bool = False) -> Published:
        """Write what differs from what is there; `whole` stays until every runner's page is written.

        Raises:
            Unreachable: the folder cannot be written.
        """
        if not (self._folder / "head.json").is_file():  # somebody emptied the folder, or the last publish did not end
            self._forget()
        done, files = Published(), list(snapshot.paths())
        _refuse_odd(files)
        later = LARGE if self._seldom.waits(snapshot, whole) else ()
        done.waiting = len(later)
        try:
            self._tables(snapshot, done)
            runners = [path for path in files if _is_runner(path)]
            for path in files:
                if path != "head.json" and path not in later and not _is_runner(path):
                    self._write(path, snapshot.get(path), done)
            self._write("_headers", Asset("_headers.txt", HEADERS.encode()), done)
            self._remove(snapshot, files, done)
            self._write("head.json", snapshot.get("head.json"), done)
            self._runners(snapshot, runners, done, whole)
        except OSError as failure:
            self._forget()
            raise Unreachable(
                _("cannot write to {folder}: {failure}", folder=self._folder, failure=failure)
            ) from failure
        return done

    def _forget(self) -> None:
        """The next publish compares each file with what is in the folder."""
        self._there, self._sources = {}, {}

    def _tables(self, snapshot: Snapshot, done: Published) -> None:
        """Write the index and the lists of this version, which never change under their address.

        Older ones stay for slow phones unless they show what the public may not see any more; those of another publisher are removed.
        """
        addresses = [f"{address}.json" for address in snapshot.site.addresses()]
        for path in ("index.json", *addresses):
            self._write(f"s/{snapshot.view.stamp}/{path}", snapshot.get(path), done)
        keep = self._before is not None and not withdrawn(self._before.site, snapshot.site)
        for stamp in self._stamps(but=snapshot.view.stamp)[TABLES_KEPT - 1 if keep else 0 :]:
            shutil.rmtree(self._folder / "s" / stamp)
            self._there = {path: tag for path, tag in self._there.items() if not path.startswith(f"s/{stamp}/")}
        self._before = snapshot

    def _stamps(self, but: str) -> list[str]:
        """The folders of tables but for one, the newest version first."""
        found = (STAMP.fullmatch(one.name) for one in (self._folder / "s").iterdir())
        others = [match for match in found if match and match[0] != but]
        return [match[0] for match in sorted(others, key=lambda match: int(match[1]), reverse=True)]

    def _runners(self, snapshot: Snapshot, paths: list[str], done: Published, whole: bool) -> None:
        """Write the last finishers' pages first, then go on where the last publish stopped."""
        until = Instant(self._clock.now() + round(SLICE_S * SECOND))
        late = {row.entrant.bib for row in snapshot.site.view.standings.latest}
        first = [path for path in paths if _bib(path) in late]
        turn = self._turn % len(paths) if paths else 0
        for at, path in enumerate([*first, *paths[turn:], *paths[:turn]]):
            source = self._source(snapshot, path)
            if path in self._sources and self._sources[path] == source:
                continue
            if not whole and at >= len(first) and self._clock.now() > until:
                done.waiting += 1
                continue
            self._write(path, snapshot.get(path), done)
            self._sources[path] = source
            self._turn = (turn + at - len(first) + 1) if at >= len(first) else turn

    def _source(self, snapshot: Snapshot, path: str) -> object:
        """All that a runner's page is made from; while it is equal, the page need not be made to be compared."""
        view, row = snapshot.site.view, snapshot.site.shown[_bib(path)]
        names = view.names
        about = (
            public_name(names, row.entrant.id),
            names.companies.get(row.entrant.company),
            names.teams.get(row.entrant.team),
        )
        return (
            row,
            about,
            snapshot.site.field_size,
            view.state,
            view.edition and view.edition.number,
            view.standings.rules,
            view.course_m,
        )

    def _write(self, path: str, asset: Asset | None, done: Published) -> None:
        if asset is None:
            raise _odd(path)
        if self._there.get(path) == asset.digest:
            return
        file = self._folder / path
        if path not in self._there and file.is_file() and file.read_bytes() == asset.plain and not self._compressed:
            self._there[path] = asset.digest
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        for encoding, ending in TWINS.items() if self._compressed else ():
            replace_file(file.with_name(file.name + ending), asset.body(encoding))
        replace_file(file, asset.plain)
        self._there[path] = asset.digest
        done.written += 1

    def _remove(self, snapshot: Snapshot, files: Iterable[str], done: Published) -> None:
        """Remove files that are no longer on the board, such as a withheld runner's."""
        known = set(files)
        for path in self._ours(snapshot):
            bare = path.removesuffix(".gz").removesuffix(".br")
            if bare not in known:
                (self._folder / path).unlink(missing_ok=True)
                self._there.pop(path, None)
                self._sources.pop(path, None)
                done.removed += 1

    def _ours(self, snapshot: Snapshot) -> Iterator[str]:
        names = [
            *(name for name in OWN if name != "s"),
            *(name for one in snapshot.site.sections for name in one.folders),
        ]
        roots = [self._folder / prefix / name for prefix in ("", "en") for name in names]
        for root in roots:
            for file in root.rglob("*") if root.is_dir() else ():
                if file.is_file():
                    yield file.relative_to(self._folder).as_posix()


def _refuse_odd(paths: Iterable[str]) -> None:
    """Refuse paths that are no file names: a log from elsewhere may hold any id, and nothing is written outside the folder."""
    for path in paths:
        if not all(map(_is_name, path.split("/"))):
            raise _odd(path)


def _is_name(part: str) -> bool:
    return 0 < len(part.encode()) <= NAME_MOST and part[0] != "." and not {"\0", "\\"} & {*part}


def _odd(path: str) -> RaceError:
    return RaceError(
        _(
            "the log holds an id that can be no file's name: {path!r}; it was not published. See `marathon log show`",
            path=path,
        ),
    )


def _is_runner(path: str) -> bool:
    return path.removeprefix("en/").startswith("r/")


def _bib(path: str) -> int:
    return int(path.rpartition("/")[2].partition(".")[0])


def keep_publishing(
    publisher: Publisher,
    current: Callable[[], Snapshot],
    told: Callable[[Snapshot, Published], None],
    wait: Callable[[], bool],
    complain: Callable[[str], object],
) -> None:
    """Publish the current version again and again; `wait` waits at least a second and returns True to end.

    Failures after the first publish (a full disk, a folder that is away, a broken page) are reported and tried again.

    Raises:
        Unreachable: the folder cannot be written at the first time.
    """
    shown, complaints = current(), Complaints(complain, str(TRIED_AGAIN))
    done = publisher.publish(shown)
    told(shown, done)
    while not wait():
        snapshot = current()
        if snapshot is not shown or done.waiting:  # a version may come again, with other names or spectators' scans
            with complaints.told():
                done = publisher.publish(snapshot)
                shown = snapshot
                told(snapshot, done)
