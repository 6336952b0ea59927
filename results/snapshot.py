"""One version of the board as files in memory: rendered when first asked for, compressed once, with their headers."""

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import brotli

from results.display import View, counts
from results.exports import rankings_csv, results_csv
from results.names import masked
from results.pages import HERE, pages
from timing.instants import clock_face

POLL_MS = 2_000
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
ROBOTS = "User-agent: *\nDisallow: /\n"  # names of people: nothing for a search engine


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the board, ready to send."""

    type: str
    etag: str
    plain: bytes
    gzip: bytes
    brotli: bytes


class Snapshot:
    """The board at one version. Files are made once, on first demand, so a version costs what is looked at."""

    def __init__(self, view: View) -> None:
        self.version = view.version
        self._makers = _files(view)
        self._assets: dict[str, Asset] = {}
        self._lock = Lock()

    def paths(self) -> list[str]:
        return list(self._makers)

    def get(self, path: str) -> Asset | None:
        """The file at a path without leading slash; None where there is none."""
        if path not in self._makers:
            return None
        with self._lock:
            if path not in self._assets:
                self._assets[path] = _asset(path, self._makers[path]().encode())
            return self._assets[path]

    def write(self, folder: Path) -> None:
        """Write every file, as any web server or a USB stick can serve it."""
        for path in self.paths():
            asset, file = self.get(path), folder / path
            assert asset is not None
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(asset.plain)


def _files(view: View) -> dict[str, Callable[[], str]]:
    return {
        **pages(view),
        "head.json": lambda: _head(view),
        "index.json": lambda: _index(view),
        "results.csv": lambda: results_csv(view.standings, view.names),
        "rankings.csv": lambda: rankings_csv(view.rankings, view.names),
        "static/board.css": lambda: (HERE / "static" / "board.css").read_text(encoding="utf-8"),
        "static/board.js": lambda: (HERE / "static" / "board.js").read_text(encoding="utf-8"),
        "robots.txt": lambda: ROBOTS,
    }


def _head(view: View) -> str:
    numbers = [number for _, number in counts(view.standings, "en")]
    tally = dict(zip(("registered", "started", "on_course", "finished"), numbers, strict=True))
    return json.dumps({"version": view.version, "state": view.state, "counts": tally, "next_ms": POLL_MS})


def _index(view: View) -> str:
    """What the browser searches: bib, masked name, firm by row, time. Nothing that the pages do not show."""
    companies = sorted({row.entrant.company for row in view.standings.rows})
    number = {company: at for at, company in enumerate(companies)}
    people = dict.fromkeys(companies, 0)
    runners = []
    for row in view.standings.rows:
        entrant = row.entrant
        people[entrant.company] += 1
        if entrant.bib is not None and not row.ruled.withheld:
            time = clock_face(row.time, view.standings.rules.rounding) if row.time is not None else ""
            runners.append([entrant.bib, masked(view.names.people.get(entrant.id, "")), number[entrant.company], time])
    firms = [[company, view.names.companies.get(company) or company, people[company]] for company in companies]
    return json.dumps({"companies": firms, "runners": runners}, ensure_ascii=False, separators=(",", ":"))


def _asset(path: str, plain: bytes) -> Asset:
    etag = f'"{hashlib.sha256(plain).hexdigest()[:20]}"'
    return Asset(
        TYPES[Path(path).suffix], etag, plain, gzip.compress(plain, 6, mtime=0), brotli.compress(plain, quality=5)
    )
