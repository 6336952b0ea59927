"""Names and tokens beside the log: they can be changed and forgotten, per race."""

from sqlalchemy import Engine

from timing.directory import Directory, Names

SPRING, AUTUMN = "00000000000f2026", "0000000000012027"


def test_names_are_kept_and_replaced_one_by_one(engine: Engine) -> None:
    directory = Directory(engine, SPRING)
    assert directory.names() == Names()
    directory.keep(Names({"e1": "김보기", "e2": "이보기"}, {"c1": "가산정밀"}, {"t1": "번개"}))
    directory.keep(Names({"e2": "이새롬"}, {"c2": "구로소프트"}, {}))
    assert directory.names() == Names(
        {"e1": "김보기", "e2": "이새롬"}, {"c1": "가산정밀", "c2": "구로소프트"}, {"t1": "번개"}
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
