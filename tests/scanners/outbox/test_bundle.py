"""Bundles: what came by no network goes by hand, as a file, and nothing is lost, doubled or altered."""

import zipfile
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from itertools import permutations
from pathlib import Path

import msgspec
import pytest

from results.board.board_projection import view_of
from results.files.exports import rankings_csv, results_csv
from scanners.outbox import Outbox, outbox_for
from scanners.outbox.bundle import BadBundle, Bundle, BundleResult, bundle_of, read_bundle, take_in, written, zipped
from scanners.outbox.salvage import read_outbox
from scanners.protocol import ITEMS_MOST
from tests.boards import desk_facts, names_of, net, stations
from tests.builders import GUN, RACE, code_of, scan
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.memory_log import MemoryLog
from tests.terminal import marathon, race_folder
from timing.folder import OpenRace, open_race
from timing.race.encoding import encode
from timing.race.events import EntrantRegistered, StationOpened

RUNS = [net(bib, 1_000 + 7 * bib) for bib in range(1, 31)]


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with closing(outbox_for(tmp_path / "finish-1.db", RACE)) as opened:
        opened.keep(StationOpened("finish-1", "finish", GUN))
        for bib in range(1, 41):
            opened.keep(scan(bib, "17:05", frame=bib), "what the camera read")
        yield opened


def items(bundle: Bundle) -> list[bytes]:
    return [bytes(item) for item in bundle.items]


def test_a_bundle_holds_the_very_bytes_and_nothing_that_stays_at_the_station(outbox: Outbox) -> None:
    data = written(bundle_of(read_outbox(outbox.path)))
    for form in (data, zipped(data)):
        back = read_bundle(form, "finish-1")
        assert (back.lineage, back.race) == (outbox.lineage, RACE)
        assert items(back) == list(outbox.batch(0, 100, 10**6).items)
    assert b"what the camera read" not in data
    assert zipped(data) == zipped(data)
    assert len(zipped(data)) < len(data) / 2


def test_taken_in_by_any_machine_any_number_of_times_it_is_there_once(outbox: Outbox) -> None:
    log, bundle = MemoryLog(RACE, ManualClock(GUN)), bundle_of(read_outbox(outbox.path))
    assert take_in(log, bundle)
    assert take_in(log, bundle) == BundleResult(True, [])
    assert log.lineage_head(outbox.lineage) == outbox.head() == bundle.head()
    assert log.head().seq == 41


def test_a_long_bundle_goes_in_portions(tmp_path: Path) -> None:
    facts = [encode(scan(bib, "17:05")) for bib in range(1, 2 * ITEMS_MOST + 3)]
    bundle, log = Bundle("ab" * 16, RACE, facts), MemoryLog(RACE, ManualClock(GUN))
    assert [len(batch.items) for batch in bundle.batches()] == [ITEMS_MOST, ITEMS_MOST, 2]
    assert take_in(log, bundle) == BundleResult(True, [])
    assert log.lineage_head("ab" * 16) == bundle.head()


def test_a_bundle_of_another_history_goes_to_quarantine_whole(outbox: Outbox) -> None:
    log, mine = MemoryLog(RACE, ManualClock(GUN)), bundle_of(read_outbox(outbox.path))
    assert take_in(log, mine).whole
    other = Bundle(mine.lineage, RACE, [*mine.items[:20], encode(scan(99, "18:00")), *mine.items[21:]])
    assert not take_in(log, other).whole
    assert len(log.quarantined()) == 21


def test_a_bundle_in_which_one_sign_was_changed_is_refused(outbox: Outbox) -> None:
    data = written(bundle_of(read_outbox(outbox.path)))
    for changed in (data.replace(code_of(7).encode(), code_of(8).encode()), data.replace(b'"frame":9', b'"frame":8')):
        with pytest.raises(BadBundle, match="missing or changed"):
            read_bundle(changed, "finish-1")


@pytest.mark.parametrize(
    "odd",
    [b"", b"1", b'"text"', b"\xff", b"{}\n", encode(EntrantRegistered("e1", "c1", "", "F", "", "1"))],
    ids=["nothing", "a number", "a text", "no text", "a line", "a desk's fact"],
)
def test_an_item_that_counts_for_nothing_travels_and_is_named(odd: bytes, outbox: Outbox) -> None:
    sound = bundle_of(read_outbox(outbox.path))
    bundle = Bundle(sound.lineage, RACE, [*sound.items[:3], odd, *sound.items[3:]])
    log = MemoryLog(RACE, ManualClock(GUN))
    assert take_in(log, read_bundle(zipped(written(bundle)), "finish-1")) == BundleResult(True, [4])
    assert [fact.data for fact in log.read()] == bundle.items


def forged(fact: object) -> bytes:
    body = {"type": "MarathonBundle/1", "lineage": "0" * 32, "race": RACE, "hash": "", "items": [fact]}
    return msgspec.json.encode(body)


def bomb() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bundle.json", b" " * 70_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b"PK\x03\x04 rubbish",
        forged("no base64!"),
        b"[" * 100_000,
    ],
    ids=["nothing", "a list", "no text", "no zip", "a text", "a deep nest"],
)
def test_what_is_no_bundle_is_refused_in_two_languages(data: bytes) -> None:
    with pytest.raises(BadBundle, match="no bundle") as refused:
        read_bundle(data, "꾸러미.json")
    assert "꾸러미.json: 스테이션의 묶음 파일이 아닙니다" in refused.value.text.to("ko")


def test_a_zip_that_unpacks_to_more_than_any_race_is_refused() -> None:
    with pytest.raises(BadBundle, match="too large"):
        read_bundle(bomb(), "꾸러미.zip")


# By hand, at the terminal.


@pytest.fixture
def gvalley(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "대회") as made:
        made.directory.keep(names_of(RUNS))
        made.log.record(desk_facts(RUNS))
        yield made


def kept_by(folder: Path, race: str) -> list[Path]:
    """The outboxes of two stations that saw everybody and had no network."""
    files = []
    for number, station in enumerate(stations(RUNS)):
        files.append(folder / f"{station.name}.db")
        with closing(Outbox(files[-1], seeded_bits(number))) as outbox:
            outbox.belong_to(race)
            outbox.keep_roster({code_of(run.bib): run.bib for run in RUNS})
            for fact in station.facts:
                outbox.keep(fact)
    return files


def results_of(opened: OpenRace) -> list[str]:
    view = view_of(opened, opened.fold())
    return [
        *results_csv(view.standings, view.names).splitlines(),
        *rankings_csv(view.rankings, view.names).splitlines(),
    ]


def test_results_are_the_same_in_whatever_form_and_order_two_lines_come_in(
    tmp_path: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    start, finish = kept_by(tmp_path, gvalley.settings.id)
    assert marathon("outbox", "export", start, tmp_path / "start.zip") == 0
    assert marathon("outbox", "export", finish, tmp_path / "finish.json") == 0
    backup = tmp_path / "empty.db"
    assert marathon("log", "backup", backup, "--race", gvalley.root) == 0
    forms = [
        (start, finish),
        (tmp_path / "start.zip", tmp_path / "finish.json"),
    ]
    found = set()
    for pair in forms:
        for number, order in enumerate(permutations(pair)):
            root = tmp_path / f"{pair[0].name}-{number}"
            root.mkdir()
            (root / "race.toml").write_bytes((gvalley.root / "race.toml").read_bytes())
            assert marathon("log", "restore", backup, "--why", "시험", "--race", root) == 0
            assert marathon("collect", *order, *order, "--race", root) == 0
            with open_race(root) as opened:
                found.add(tuple(results_of(opened)))
    (rows,) = found
    assert sum(",finished," in row for row in rows) == len(RUNS)
    assert capsys.readouterr().err.count(": 31 new") == 2 * len(forms) * 2


@pytest.mark.parametrize("data", [b"", bytes(5_000), b"SQLite format 3\0" + bytes(4_000)])
def test_a_file_that_is_no_outbox_is_refused_and_left_as_it_is(
    tmp_path: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str], data: bytes
) -> None:
    (tmp_path / "finish-1.db").write_bytes(data)
    for arguments in (["collect"], ["outbox", "list"], ["outbox", "export"]):
        rest = ["--race", gvalley.root] if arguments == ["collect"] else []
        more = [tmp_path / "x.zip"] if "export" in arguments else []
        assert marathon(*arguments, tmp_path / "finish-1.db", *more, *rest) == 2
        assert "is no outbox (empty, damaged, or another file)" in capsys.readouterr().err
    assert (tmp_path / "finish-1.db").read_bytes() == data
    assert marathon("collect", gvalley.root / "race.db", "--race", gvalley.root) == 2  # and no table is made in it


def test_a_station_s_own_list_names_the_bibs_without_any_network(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start, _ = kept_by(tmp_path, RACE)
    assert marathon("outbox", "list", start) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "station start-1" in lines[0]
    assert [line.split()[:2] for line in lines[1:]] == [[str(seq), str(seq - 1)] for seq in range(2, 32)]


def test_another_race_s_outbox_is_not_taken_in(
    tmp_path: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    start, _ = kept_by(tmp_path, "f" * 16)
    assert marathon("outbox", "export", start, tmp_path / "start.json") == 0
    before = gvalley.log.head()
    for file in (start, tmp_path / "start.json"):
        assert marathon("collect", file, "--race", gvalley.root) == 2
        assert "belongs to another race" in capsys.readouterr().err
    assert gvalley.log.head() == before


def test_a_wrong_use_says_what_to_do(tmp_path: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    start, _ = kept_by(tmp_path, gvalley.settings.id)
    (tmp_path / "폴더").mkdir()
    assert marathon("outbox", "export", start) == 2
    assert marathon("collect", tmp_path / "폴더", "--race", gvalley.root) == 2
    said = capsys.readouterr().err
    assert "BUNDLE" in said
    assert "폴더" in said
