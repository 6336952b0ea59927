"""One race on several servers: three processes take scans and show the board over one PostgreSQL, and one of them is killed."""

from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event, Thread

import pytest

from scanners.outbox import Outbox
from scanners.outbox.uplink import HttpUplink
from scanners.outbox.uploader import Uploader
from tests.boards import wait_until
from tests.builders import GUN, after_gun
from tests.programs import fetch, free_port, head, running, wait_for_board
from tests.terminal import said
from timing.errors import Unreachable
from timing.folder import OpenRace, open_race
from timing.log import Receipt
from timing.log.verify import verify
from timing.race.chain import Batch
from timing.race.events import (
    Scanned,
    StationOpened,
)
from timing.race.instants import iso

PEOPLE = 30
STATIONS = ("finish-1", "finish-2", "finish-3")


class EitherServer:
    """A station that knows two servers, and turns to the other one where the first does not answer."""

    def __init__(self, *servers: HttpUplink) -> None:
        self._servers = list(servers)

    def send(self, batch: Batch) -> Receipt:
        try:
            return self._servers[0].send(batch)
        except Unreachable:
            self._servers.reverse()
            raise


def race_of(root: Path, roster: Path) -> dict[str, str]:
    """A race folder with runners, a gun and three finish stations; the stations' tokens."""
    lines = [f"가산정밀,김하늘{bib},{bib}" for bib in range(1, PEOPLE + 1)]
    roster.write_text("\n".join(["소속,성명,배번", *lines]), encoding="utf-8")
    said("init", root)
    said("import", roster, "--race", root)
    said("gun", "--race", root, "--at", iso(GUN))
    return {name: said("station", name, "--race", root).strip() for name in STATIONS}


def keep_everybody(outbox: Outbox, station: str, race: OpenRace) -> None:
    """The station sees everybody once, each a second after the other."""
    outbox.keep(StationOpened(station, "finish", GUN))
    for second, code in enumerate(sorted(race.fold().roster())):
        at = after_gun(f"17:{second:02}")
        outbox.keep(Scanned("qr", code, at, at, 5, 0, None))


def test_three_intakes_and_two_boards_over_one_postgresql_while_one_is_killed(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARATHON_DATABASE", postgres_url)
    tokens = race_of(tmp_path / "대회", tmp_path / "명단.csv")
    ports, stop = [free_port() for _ in STATIONS], Event()
    with ExitStack() as stack:
        race = stack.enter_context(open_race(tmp_path / "대회"))
        servers = []
        for port in ports:
            told = tmp_path / f"{port}.txt"
            servers.append(stack.enter_context(running(told, "serve", "--race", race.root, "--port", str(port))))
            wait_for_board(port, servers[-1], told)
        uploaders = []
        for number, (name, token) in enumerate(tokens.items()):
            outbox = stack.enter_context(closing(Outbox(tmp_path / f"{name}.db")))
            near, other = (HttpUplink(f"http://127.0.0.1:{ports[(number + step) % 3]}", token) for step in (0, 1))
            uploaders.append(Uploader(outbox, EitherServer(near, other)))
            sender = Thread(target=uploaders[-1].keep_draining, args=(stop, lambda _: None), daemon=True)
            sender.start()
            stack.callback(sender.join)
            stack.callback(stop.set)
            keep_everybody(outbox, name, race)
            if number == 0:  # the first server dies while its station is sending
                servers[0].kill()
        wait_until(lambda: all(uploader.unsent() == 0 for uploader in uploaders))

        facts = list(race.log.read())
        scans = Counter(fact.event.code for fact in facts if isinstance(fact.event, Scanned))
        assert [fact.pos for fact in facts] == list(range(1, len(facts) + 1))
        assert set(scans.values()) == {len(STATIONS)}
        assert len(scans) == PEOPLE
        assert race.log.quarantined() == []
        assert verify(race.log).damage is None

        boards = ports[1:]
        wait_until(lambda: {head(port)["version"] for port in boards} == {len(facts)})
        first, second = ({**head(port), "since": 0} for port in boards)  # each says how far back its own changes reach
        assert first == second
        assert head(boards[0])["counts"]["finished"] == PEOPLE
        for page in ("index.html", "companies.html", "index.json", "results.csv"):
            assert fetch(boards[0], page) == fetch(boards[1], page)
