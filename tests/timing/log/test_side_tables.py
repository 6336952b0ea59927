"""What an insider changes beside the log shows against the last signed checkpoint, and whom a note forgets it forgets for good."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from tests.builders import GUN, Station, gun, runner, scan
from tests.clock_and_chance import ManualClock
from tests.terminal import marathon
from timing.folder import OpenRace, checkpoints_of, create_race
from timing.log.notes import BESIDE
from timing.log.side_tables import SideTables, delta_of, followed
from timing.people.directory import hashed
from timing.race.chain import Batch
from timing.race.events import LogRestored
from timing.race.firms import FirmCard
from timing.race.known_names import Names
from timing.store import tables
from timing.store.database import writing
from timing.store.write_guards import GUARDED

Said = Callable[[], tuple[int, str]]
PEOPLE = {"e00001": "김하늘", "e00002": "이서연", "e00003": "박도윤"}


@pytest.fixture
def race(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenRace]:
    """A race with names, a firm's card, a station and an item in quarantine, all under a signed checkpoint."""
    if database_url.startswith("postgresql"):
        monkeypatch.setenv("MARATHON_DATABASE", database_url)
    made = create_race(tmp_path / "race", "가산", "Gasan", "GV.TEST", 4_500, ManualClock(GUN))
    made.log.record([*runner(1), *runner(2), *runner(3), gun()])
    made.directory.keep(Names(dict(PEOPLE), {"c0001": "가산정밀"}))
    made.directory.keep_consents({"e00001": True, "e00002": False})
    made.directory.keep_card(FirmCard("c0001", link="https://gasan.example"))
    made.directory.enrol("finish-1", "token")
    checkpoints_of(made).sign(made.log, "gun-1")
    yield made
    made.close()


@pytest.fixture
def verify(race: OpenRace, capsys: pytest.CaptureFixture[str]) -> Said:
    def said() -> tuple[int, str]:
        capsys.readouterr()
        return marathon("log", "verify", "--race", race.root), capsys.readouterr().err

    return said


def of(race: OpenRace) -> str:
    return race.settings.id


def swap_names(race: OpenRace, shell: Connection) -> None:
    for entrant, name in (("e00001", "이서연"), ("e00002", "김하늘")):
        shell.execute(update(tables.person).where(tables.person.c.entrant == entrant).values(name=name))


def flip_consents(race: OpenRace, shell: Connection) -> None:
    shell.execute(update(tables.consent).values(agreed=True))


def add_token(race: OpenRace, shell: Connection) -> None:
    shell.execute(insert(tables.station).values(race=of(race), name="evil", token_hash=hashed("x")))


def add_link(race: OpenRace, shell: Connection) -> None:
    row = {"race": of(race), "kind": "announcer", "holder": "", "token_hash": hashed("x")}
    shell.execute(insert(tables.private_link).values(row))


def approve(race: OpenRace, shell: Connection) -> None:
    shell.execute(update(tables.firm).values(approved=True, link="https://evil.example"))


def stuff(race: OpenRace, shell: Connection) -> None:
    rows = [{"race": of(race), "device": bytes([n] * 12), "company": "c0001", "network": b""} for n in range(50)]
    shell.execute(insert(tables.design_ballot), rows)


def drop_a_person(race: OpenRace, shell: Connection) -> None:
    shell.execute(delete(tables.person).where(tables.person.c.entrant == "e00003"))


CASES = [
    (swap_names, "person 2 (e00001, e00002)"),
    (flip_consents, "consent 1 (e00002)"),
    (add_token, "evil"),
    (add_link, "private_link 1 (announcer"),
    (approve, "firm 1 (c0001)"),
    (stuff, "design_ballot 50 (000000000000000000000000"),
    (drop_a_person, "person 1 (e00003)"),
]


@pytest.mark.parametrize(("plant", "told"), CASES, ids=lambda one: getattr(one, "__name__", ""))
def test_what_an_insider_changed_shows_against_the_last_note(
    race: OpenRace, verify: Said, plant: Callable[[OpenRace, Connection], None], told: str
) -> None:
    code, said = verify()
    assert code == 0 and "changed outside" not in said
    with writing(race.engine) as shell:
        plant(race, shell)
    code, said = verify()
    assert code == 0
    assert told in said and "changed outside the log since the last checkpoint" in said


def test_what_changed_before_the_next_note_is_told_with_that_note_for_ever(race: OpenRace, verify: Said) -> None:
    with writing(race.engine) as shell:
        swap_names(race, shell)
    for _ in range(2):
        checkpoints_of(race).sign(race.log, "serve")
    code, said = verify()
    assert code == 0
    assert "2번 확인서까지 기록 외에서 변경된 것: person 2 (e00001, e00002)" in said
    assert "since the last checkpoint" not in said


def test_who_is_erased_is_forgotten_by_the_notes_too(race: OpenRace) -> None:
    assert race.directory.forget("e00001", GUN)
    with race.engine.connect() as connection:
        salted = set(connection.scalars(select(tables.row_salt.c.entrant)))
    assert salted == {"e00002", "e00003"}
    written = b"".join(file.read_bytes() for file in (race.root / BESIDE).iterdir())
    assert not any(name.encode() in written for name in PEOPLE.values())


def test_the_same_name_has_another_digest_in_every_race_and_after_every_change(race: OpenRace) -> None:
    side = SideTables(race.engine, of(race))
    before = side.now()["person"]["e00001"]
    with writing(race.engine) as shell:
        swap_names(race, shell)
    side.salted(checkpoints_of(race).check(race.log).beside)
    with writing(race.engine) as shell:
        for entrant, name in PEOPLE.items():
            shell.execute(update(tables.person).where(tables.person.c.entrant == entrant).values(name=name))
    assert side.now()["person"]["e00001"] != before


def test_changes_lead_from_one_state_to_the_next() -> None:
    one = {"person": {"e1": "a", "e2": "b"}, "vote": {"v": "1"}}
    two = {"person": {"e1": "a", "e2": "c", "e3": "d"}}
    assert delta_of(one, two) == {"person": {"e2": "c", "e3": "d"}, "vote": {"v": None}}
    assert followed([delta_of({}, one), delta_of(one, two)]) == {**two, "vote": {}}


def test_the_file_that_a_note_vouches_for_may_not_change_or_go(race: OpenRace, verify: Said) -> None:
    (file,) = (race.root / BESIDE).iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    kept = file.read_bytes()
    file.write_bytes(kept.replace(b"e00001", b"e00009"))
    assert verify()[0] == 1
    file.unlink()
    code, said = verify()
    assert code == 1
    assert file.name in said
    file.write_bytes(kept)
    assert verify()[0] == 0


def fork(race: OpenRace) -> None:
    station = Station().says(scan(1, "17:05"))
    race.log.receive(station.batch())
    race.log.receive(Batch(station.lineage, 1, b"", [station.items[0], station.items[0]]))


def test_an_emptied_quarantine_is_missed(race: OpenRace, verify: Said) -> None:
    fork(race)
    checkpoints_of(race).sign(race.log, "serve")
    assert verify()[0] == 1  # it waits for somebody to look at it
    with writing(race.engine) as shell:
        for guarded in GUARDED:
            if shell.dialect.name == "postgresql":
                shell.exec_driver_sql(f"ALTER TABLE {guarded.name} DISABLE TRIGGER USER")
            else:
                shell.exec_driver_sql(f"DROP TRIGGER {guarded.name}_no_delete")
        shell.execute(delete(tables.quarantine))
    assert marathon("log", "guard", "--race", race.root) == 0
    for _ in range(2):
        code, said = verify()
        assert code == 1
        assert "1 item vanished from quarantine" in said
        checkpoints_of(race).sign(race.log, "serve")
    race.log.record([LogRestored(3, "desk", "디스크가 죽음")])
    assert "vanished" not in verify()[1]
