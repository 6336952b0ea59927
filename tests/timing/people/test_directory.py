"""Names and tokens beside the log: they can be changed and forgotten, per race."""

import pytest
from sqlalchemy import Engine, create_engine, inspect, update

from tests.builders import GUN, opened
from tests.clock_and_chance import ManualClock
from timing.log.sql import SqlLog
from timing.people.directory import Directory
from timing.race.firms import Design, FirmCard
from timing.race.known_names import Names
from timing.race.teams import Team
from timing.store import tables
from timing.store.database import open_database, writing

SPRING, AUTUMN = "00000000000f2026", "0000000000012027"


def test_names_are_kept_and_replaced_one_by_one(engine: Engine) -> None:
    directory = Directory(engine, SPRING)
    assert directory.names() == Names()
    directory.keep(Names({"e1": "김보기", "e2": "이보기"}, {"c1": "가산정밀"}, own={"t1": Team("번개", "c1")}))
    directory.keep(Names({"e2": "이새롬"}, {"c2": "구로소프트"}, {}))
    assert directory.names() == Names(
        {"e1": "김보기", "e2": "이새롬"},
        {"c1": "가산정밀", "c2": "구로소프트"},
        {"t1": "가산정밀 번개"},
        own={"t1": Team("번개", "c1")},
    )


def test_each_race_has_its_own_names_and_stations(engine: Engine) -> None:
    spring, autumn = Directory(engine, SPRING), Directory(engine, AUTUMN)
    spring.keep(Names({"e1": "김보기"}, {}, {}))
    spring.enrol("finish-1", "a token")
    assert autumn.names() == Names()
    assert (spring.station_of("a token"), autumn.station_of("a token")) == ("finish-1", None)


def test_a_token_opens_only_its_own_station(engine: Engine) -> None:
    directory = Directory(engine, SPRING)
    directory.enrol("start-1", "one")
    directory.enrol("finish-1", "two")
    assert [directory.station_of(token) for token in ("one", "two", "three", "")] == ["start-1", "finish-1", None, None]


CARD = FirmCard(
    "c0001",
    "가산타워",
    "지하 1층",
    "https://gasan.example/채용",
    "같이 달릴 동료를 찾습니다",
    True,
    Design("#0B4F8A", shape="rounded", logo="c0001.svg", accepted="ab" * 32),
)


def test_a_firm_s_card_is_kept_whole_and_replaced_whole(engine: Engine) -> None:
    directory = Directory(engine, SPRING)
    assert directory.cards() == {}
    directory.keep_card(CARD)
    directory.keep_card(FirmCard("c0002", blurb="둘째"))
    assert directory.cards() == {"c0001": CARD, "c0002": FirmCard("c0002", blurb="둘째")}
    directory.keep_card(FirmCard("c0001"))
    assert directory.cards()["c0001"] == FirmCard("c0001")


def test_each_race_has_its_own_cards(engine: Engine) -> None:
    Directory(engine, SPRING).keep_card(CARD)
    assert Directory(engine, AUTUMN).cards() == {}


def test_a_card_changes_nothing_in_the_log(engine: Engine) -> None:
    log = SqlLog(engine, SPRING, ManualClock(GUN))
    log.record([opened()])
    before = log.head()
    Directory(engine, SPRING).keep_card(CARD)
    assert log.head() == before


@pytest.fixture
def first_version(database_url: str) -> str:
    """A database as the first version made it, with a fact and a name in it."""
    engine = open_database(database_url)
    SqlLog(engine, SPRING, ManualClock(GUN)).record([opened()])
    Directory(engine, SPRING).keep(Names({"e1": "김보기"}))
    with writing(engine) as connection:
        tables.firm.drop(connection)
        connection.execute(update(tables.schema).values(version=1))
    engine.dispose()
    return database_url


def test_a_database_of_the_first_version_gets_the_cards_and_keeps_what_it_holds(first_version: str) -> None:
    for _ in range(2):
        engine = open_database(first_version)
        directory = Directory(engine, SPRING)
        assert directory.names().people == {"e1": "김보기"}
        assert SqlLog(engine, SPRING, ManualClock(GUN)).head().seq == 1
        directory.keep_card(CARD)
        assert directory.cards() == {"c0001": CARD}
        with engine.connect() as connection:
            assert connection.execute(tables.schema.select()).all() == [(tables.SCHEMA_VERSION,)]
        engine.dispose()


def test_teams_of_a_database_of_before_are_kept_and_new_ones_get_their_firm(first_version: str) -> None:
    engine = create_engine(first_version)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE entry_group DROP COLUMN company")
        connection.exec_driver_sql(
            f"INSERT INTO entry_group (race, id, kind, name) VALUES ('{SPRING}', 't1', 'team', '가산정밀 번개')"
        )
    engine.dispose()
    engine = open_database(first_version)
    directory = Directory(engine, SPRING)
    directory.keep(Names(companies={"c1": "들판"}, own={"t2": Team("천둥", "c1")}))
    assert directory.names().teams == {"t1": "가산정밀 번개", "t2": "들판 천둥"}
    engine.dispose()


def test_a_database_that_is_only_looked_at_stays_as_it_is(first_version: str) -> None:
    engine = open_database(first_version, as_it_is=True)
    with engine.connect() as connection:
        assert connection.execute(tables.schema.select()).all() == [(1,)]
        assert not inspect(connection).has_table("firm")
    engine.dispose()


@pytest.mark.parametrize("name", ["가산\x00정밀", "반쪽 \ud83c", "가" * 10_000, "", "\u202eabc", "🏃‍♀️"])
def test_any_name_can_be_kept_and_read_again(engine: Engine, name: str) -> None:
    directory = Directory(engine, SPRING)
    directory.keep(Names({"e1": name}, {"c1": name}, {"t1": name}))
    (kept,) = {*directory.names().people.values(), *directory.names().companies.values()}
    assert len(kept) <= 200
    kept.encode()


def test_a_consent_is_kept_taken_back_and_forgotten(engine: Engine) -> None:
    directory = Directory(engine, SPRING)
    directory.keep_consents({"e1": True, "e2": True, "e3": False})
    directory.keep_consents({"e2": None, "e3": True, "e1": False})
    assert (directory.names().open, directory.names().withdrawn) == (frozenset({"e3"}), frozenset({"e1"}))
    assert Directory(engine, AUTUMN).names().open == frozenset()
    directory.keep_consents({})


def test_whatever_is_written_counts_as_an_edit_and_nothing_else_does(engine: Engine) -> None:
    directory, elsewhere = Directory(engine, SPRING), Directory(engine, SPRING)
    assert directory.edits() == 0
    directory.keep(Names({"e1": "김보기"}, {"c1": "가산정밀"}))
    assert elsewhere.edits() == 1
    directory.keep_consents({"e1": True})
    assert elsewhere.edits() == 2
    directory.keep_card(CARD)
    assert elsewhere.edits() == 3
    directory.forget("e1", GUN)
    assert elsewhere.edits() == 4
    directory.names()
    directory.enrol("finish-1", "a token")
    directory.keep(Names())
    assert elsewhere.edits() == 4
    assert Directory(engine, AUTUMN).edits() == 0
