"""What a correction would change, shown before anybody says it."""

from results.ranking.difference import Difference, difference, preview
from results.ranking.projection import StandingsProjection
from results.ranking.rankings import rankings
from results.ranking.rows import Status
from results.ranking.standings import standings
from tests.boards import Run, desk_facts, names_of, net, race_of, stations
from tests.builders import after_gun, entrant_id, log_of, opened, runner
from timing.race.events import (
    Correction,
    CourseOpened,
    DeskFact,
    EntrantMoved,
    FactUndone,
    GunMoved,
    HeadcountDeclared,
    RulesSet,
    StatusRuled,
    TimeAdjusted,
)
from timing.race.instants import SECOND, Span
from timing.race.rules import GroupRule, Rules

WHO = "director", "연습 판정"
PAIR = GroupRule("2인 단체", "company", pick=2)
FIELD = [
    net(1, 1000),
    net(2, 1010, company="c0002", sex="M"),
    net(3, 1020, company="c0002", sex="M"),
    net(4, 1025),
    net(5, 1040, company="c0003"),
]
NAMES = names_of(FIELD)


def live_race(*said: Correction) -> StandingsProjection:
    live = StandingsProjection()
    rules = RulesSet(Rules(ranking=(PAIR,)), *WHO)
    for fact in log_of([opened(), *desk_facts(FIELD), rules, *said], *stations(FIELD)).read():
        live.apply(fact)
    return live


def seen(*facts: DeskFact, live: StandingsProjection | None = None) -> Difference:
    return preview(live or live_race(), facts, NAMES)


def moved(found: Difference) -> list[tuple[int | None, int | None, int | None]]:
    """Bib, place before, place after."""
    return [
        (one.row.entrant.bib, one.before.place if one.before else None, one.after.place if one.after else None)
        for one in found.runners
    ]


def groups(found: Difference) -> list[tuple[str, int | None, int | None]]:
    return [(one.group, one.before, one.after) for one in found.groups]


def test_a_disqualification_moves_up_whoever_is_behind() -> None:
    found = seen(StatusRuled(entrant_id(1), "dsq", *WHO))
    assert moved(found) == [(2, 2, 1), (3, 3, 2), (4, 4, 3), (5, 5, 4), (1, 1, None)]
    assert [change.in_itself for change in found.runners] == [False, False, False, False, True]
    assert found.runners[-1].row.status is Status.DSQ
    assert (found.places, found.podiums) == (5, 5)  # runner 5 is third of her sex now
    assert groups(found) == [("c0002", 2, 1), ("c0001", 1, None)]


def test_a_group_that_falls_out_is_told_with_those_who_take_its_place() -> None:
    found = seen(EntrantMoved(entrant_id(3), "c0003", "", *WHO))
    assert moved(found) == [(3, 3, 3)]
    assert groups(found) == [("c0003", None, 2), ("c0002", 2, None)]
    assert [(one.ranking, one.division, one.team) for one in found.groups] == [("2인 단체", "all", 0)] * 2
    assert found.prizes == len(found.groups)


def test_a_penalty_that_moves_nobody_is_a_change_of_one_time() -> None:
    found = seen(TimeAdjusted(entrant_id(1), Span(SECOND), *WHO))
    assert moved(found) == [(1, 1, 1)]
    assert (found.places, found.podiums, found.prizes, found.groups) == (0, 0, 0, ())


def test_a_moved_gun_changes_every_gun_time_and_no_place() -> None:
    found = seen(GunMoved("1", after_gun("0:04"), *WHO))
    assert [bib for bib, _, _ in moved(found)] == [1, 2, 3, 4, 5]
    assert (found.places, bool(found)) == (0, True)


def test_what_changes_nobody_s_result_is_no_difference() -> None:
    for fact in (CourseOpened(3_500, *WHO), HeadcountDeclared("c0001", 320, *WHO), FactUndone(1, *WHO)):
        assert not seen(fact)


def test_an_undo_is_previewed_as_what_it_gives_back() -> None:
    live = live_race(StatusRuled(entrant_id(1), "dsq", *WHO))
    ruled = next(pos for pos, fact in live.race.said.items() if isinstance(fact, StatusRuled))
    back = seen(FactUndone(ruled, *WHO), live=live)
    assert moved(back)[0] == (1, None, 1)
    assert back.places == 5
    assert live.race.holds(ruled)


def test_facts_that_belong_together_are_previewed_together() -> None:
    both = seen(StatusRuled(entrant_id(1), "dsq", *WHO), StatusRuled(entrant_id(2), "dnf", *WHO))
    assert moved(both)[:3] == [(3, 3, 1), (4, 4, 2), (5, 5, 3)]


def test_the_guard_may_fall_in_a_preview_and_stands_again_after_it() -> None:
    """One start of two is unseen: all rank by the gun. Without that runner the net times hold again."""
    runs = [Run(1, "1:00", "17:50"), Run(2, "0:05", "17:00"), Run(3, None, "19:00")]
    rules = RulesSet(Rules(missing_start="guard", start_coverage=0.9, ranking=(PAIR,)), *WHO)
    live = StandingsProjection()
    for fact in log_of([opened(), *desk_facts(runs), rules], *stations(runs)).read():
        live.apply(fact)
    assert (live.standings().rules.basis, live.standings().by_id[entrant_id(2)].place) == ("gun", 1)
    found = preview(live, [StatusRuled(entrant_id(3), "dnf", *WHO)], NAMES)
    assert moved(found) == [(1, 2, 1), (2, 1, 2), (3, 3, None)]
    assert (live.standings().rules.basis, live.standings().by_id[entrant_id(2)].place) == ("gun", 1)


def test_an_entrant_who_comes_or_goes_has_one_side_only() -> None:
    before, after = race_of(FIELD[:2]), race_of(FIELD[:3])
    sides = [(ranked, rankings(ranked, NAMES)) for ranked in (standings(before), standings(after))]
    (came,) = difference(*sides).runners
    (gone,) = difference(*sides[::-1]).runners
    assert (came.before, came.row.entrant.bib, came.in_itself) == (None, 3, True)
    assert (gone.after, gone.row.entrant.bib, gone.in_itself) == (None, 3, True)


def test_a_late_entry_is_previewed_too() -> None:
    entry, bib = runner(9)
    live = live_race()
    found = preview(live, [entry, bib], NAMES)  # type: ignore[list-item]  # `runner` says facts of any kind
    assert [(one.before, one.row.entrant.bib) for one in found.runners] == [(None, 9)]
    assert live.race.by_bib(9) is None
