"""Places that the instants leave open, as the review tells them: who, how close, how sure, and which film tells."""

from pathlib import Path

import pytest

from results.office.review.review import review
from results.ranking.standings import standings
from tests.boards import SEOUL, Run, names_of, net, race_folder, race_of
from tests.builders import Station, after_gun
from tests.terminal import Typist
from timing.race.events import Unread
from timing.race.instants import wall
from timing.race.rules import Rules

PAIR = [net(1, 1_000, name="김하늘"), Run(2, "10", name="이솔"), net(3, 1_001, name="박바다")]


def unread(at: str) -> Unread:
    return Unread(after_gun(at), after_gun(at), 118, 31, after_gun(at), "estimated")


def test_a_place_that_hangs_on_the_instant_of_somebody_unread_is_told_with_the_film_until_it_is_ruled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with race_folder(tmp_path / "close", PAIR) as opened:
        opened.log.receive(Station("finish-2").says(unread("16:50.1")).batch())
        typed = Typist(opened, capsys)
        typed("unread", "name", 1, 2, "--why", "사진", "--yes")
        (told,) = (line for line in typed("rule", "review").splitlines() if "≈" in line)
        assert "영상으로 확인" in told and "look at the film" in told
        assert ": 1. 1 김하늘 16:40.000 – 2. 2 이솔 ≈16:40.100 ±0.20 s finish-2 14:16:50.1 (+0.100 s) " in told
        assert "marathon film --station finish-2 --at 14:16:48.6 --for 3 --strip; marathon rule finish" in told
        typed("rule", "finish", 2, "14:16:49.98", "--why", "영상", "--yes")
        assert "≈" not in typed("rule", "review")


def test_of_a_throng_closer_than_the_clocks_can_tell_the_first_are_named_and_how_many_more() -> None:
    throng = [net(bib, 1_000 + bib / 100) for bib in range(1, 10)]
    race = race_of(throng)
    names = names_of(throng)
    found = review(race, standings(race, Rules(uncertainty_ms=20)), names, lambda at: wall(at, SEOUL))
    (told,) = (one for one in found if "the clocks can tell" in one.text)
    assert " – 6. 6 16:40.060 (+0.010 s) … +3, ±0.020 s" in told.text and told.bibs == tuple(range(1, 10))
