"""What officials may rule, and the rules themselves: every correction there is, drawn by Hypothesis for few people."""

from typing import Final

from hypothesis import strategies as st

from tests.builders import Station, after_gun, code_of, entrant_id, gun
from timing.race.events import (
    BibReplaced,
    BibsHandedOut,
    BibsPrinted,
    BibsSwapped,
    ClockJumpRuled,
    ClockRuled,
    CompaniesMerged,
    Correction,
    CourseClosed,
    CourseOpened,
    DeadHeatRuled,
    EntrantMoved,
    EntrantRegistered,
    GunMoved,
    HeadcountDeclared,
    PassingEntered,
    PrizeHandedOut,
    ResultsHidden,
    ResultWithheld,
    RulesSet,
    ScanNamed,
    ScanVoided,
    StandInEntered,
    StartOffsetGiven,
    StationGivenUp,
    StationRepointed,
    StatusRuled,
    TimeAdjusted,
    TimeConfirmed,
    UnreadDismissed,
    UnreadNamed,
    WaveAssigned,
)
from timing.race.instants import MILLISECOND, SECOND, Span
from timing.race.rules import GroupRule, Mix, Rules

PEOPLE: Final = 6
WHO: Final = "director", "연습 판정"
STATIONS: Final = ("start-1", "start-2", "finish-1", "finish-2", "pen-1")
LINEAGES: Final = tuple(Station(name).lineage for name in STATIONS)

mixes = st.sampled_from(
    [
        (),
        (),
        (Mix("혼성", ({"M": 1, "F": 1},)),),
        (Mix("여자", ({"F": 2},)), Mix("남자", ({"M": 2}, {"M": 1, "F": 1}))),
    ]
)
group_rules = st.builds(
    GroupRule,
    name=st.sampled_from(["단체", "팀"]),
    group=st.sampled_from(["company", "team"]),
    division=st.sampled_from(["all", "sex", "category", "size"]),
    pick=st.sampled_from([1, 1, 2, 3]),
    by=st.sampled_from(["net", "gun", "place"]),
    combine=st.sampled_from(["sum", "average", "nth", "together", "count", "share", "donation"]),
    tie=st.sampled_from(
        [
            "shared",
            "best_first",
            ("each_in_turn", "head_to_head"),
            ("next", "more_finishers"),
            ("more_finishers", "earlier_last", "shared"),
        ]
    ),
    incomplete=st.sampled_from(["omit", "last"]),
    ignore=st.sampled_from([(), ("구로소프트", "구로소프트 개발팀")]),
    window_s=st.sampled_from([1.0, 30.0]),
    who=st.sampled_from(["finished", "finished", "started", "registered"]),
    won_per_km=st.just(400),
    teams=st.sampled_from(["one", "many"]),
    mix=mixes,
    displace=st.sampled_from([None, None, 2]),
    only_sex=st.sampled_from([(), (), ("F",)]),
    only_category=st.sampled_from([(), (), ("30대",)]),
    only_wave=st.sampled_from([(), (), ("1",)]),
    min_members=st.sampled_from([0, 0, 2]),
    bands=st.just((100,)),
)
plain_group_rules = st.builds(
    GroupRule,
    name=st.sampled_from(["단체", "팀"]),
    group=st.sampled_from(["company", "team"]),
    division=st.sampled_from(["all", "sex"]),
    pick=st.sampled_from([1, 1, 2, 3]),
    by=st.sampled_from(["net", "gun"]),
    combine=st.sampled_from(["sum", "average", "nth", "count"]),
    tie=st.sampled_from(["shared", "best_first"]),
    incomplete=st.sampled_from(["omit", "last"]),
    ignore=st.sampled_from([(), ("구로소프트", "구로소프트 개발팀")]),
)
"""Those that the live standings follow instead of making them anew."""
rule_books = st.builds(
    Rules,
    basis=st.sampled_from(["net", "gun"]),
    ties=st.sampled_from(["share", "arrival"]),
    missing_start=st.sampled_from(["gun", "unranked", "guard"]),
    category_within=st.sampled_from(["sex", "all"]),
    start_window_s=st.sampled_from([None, 5.0]),
    min_finish_s=st.sampled_from([None, 598.0]),
    min_run_s=st.sampled_from([None, None, 599.0]),
    start_coverage=st.sampled_from([0.98, 0.6]),
    uncertainty_ms=st.sampled_from([0, 500]),
    doubtful_ms=st.sampled_from([None, 100]),
    ranking=st.lists(group_rules | plain_group_rules, min_size=1, max_size=3).map(tuple),
)

persons = st.integers(1, PEOPLE + 1).map(entrant_id)
companies = st.sampled_from(["c0001", "c0002", "c0003"])
points = st.sampled_from(["start", "finish"])
waves = st.sampled_from("112")
stations = st.sampled_from(STATIONS)
moments = st.sampled_from(["0:01", "0:03", "10:00", "10:02", "10:04"]).map(after_gun)
amounts = st.sampled_from([-2, -1, 1, 3]).map(lambda seconds: Span(seconds * SECOND))
bibs = st.integers(1, PEOPLE + 2)

rulings: Final[dict[str, st.SearchStrategy[Correction]]] = {
    "EntrantRegistered": st.builds(
        lambda who, company, team, sex, wave: EntrantRegistered(who, company, team, sex, "30대", wave),
        persons,
        companies,
        st.sampled_from(["t0001", "t0002", ""]),
        st.sampled_from("FM"),
        waves,
    ),
    "WaveStarted": st.builds(gun, st.sampled_from(["0:00", "0:03"]), waves),
    "GunMoved": st.builds(
        lambda wave, at: GunMoved(wave, after_gun(at), *WHO), waves, st.sampled_from(["0:01", "0:08"])
    ),
    "RulesSet": st.builds(lambda rules: RulesSet(rules, *WHO), rule_books),
    "CourseOpened": st.builds(lambda metres: CourseOpened(metres, *WHO), st.sampled_from([3_500, 4_500])),
    "WaveAssigned": st.builds(lambda who, wave: WaveAssigned(who, wave, *WHO), persons, waves),
    "EntrantMoved": st.builds(
        lambda who, company, team: EntrantMoved(who, company, team, *WHO),
        persons,
        companies,
        st.sampled_from(["t0001", "t0002", ""]),
    ),
    "CompaniesMerged": st.builds(lambda company, into: CompaniesMerged(company, into, *WHO), companies, companies),
    "HeadcountDeclared": st.builds(
        lambda company, people: HeadcountDeclared(company, people, *WHO), companies, st.sampled_from([0, 9, 320])
    ),
    "BibReplaced": st.builds(lambda who, bib: BibReplaced(who, bib, code_of(bib), *WHO), persons, bibs),
    "BibsPrinted": st.builds(lambda bib: BibsPrinted((code_of(bib),), WHO[0]), bibs),
    "BibsHandedOut": st.builds(
        lambda who, to, at: BibsHandedOut((who,), to, at, WHO[0]),
        persons,
        st.sampled_from(["self", "captain"]),
        moments,
    ),
    "PrizeHandedOut": st.builds(
        lambda place, who, at: PrizeHandedOut("개인", "all", place, who, at, WHO[0]),
        st.integers(1, 3),
        persons,
        moments,
    ),
    "BibsSwapped": st.builds(lambda one, other: BibsSwapped(one, other, *WHO), persons, persons),
    "ScanVoided": st.builds(
        lambda lineage, seq: ScanVoided(lineage, seq, *WHO), st.sampled_from(LINEAGES), st.integers(1, 5)
    ),
    "ScanNamed": st.builds(
        lambda lineage, seq, who: ScanNamed(lineage, seq, who, "", *WHO),
        st.sampled_from(LINEAGES),
        st.integers(1, 5),
        persons,
    ),
    "UnreadNamed": st.builds(
        lambda lineage, seq, who: UnreadNamed(lineage, seq, who, *WHO),
        st.sampled_from(LINEAGES),
        st.integers(1, 5),
        persons,
    ),
    "UnreadDismissed": st.builds(
        lambda lineage, seq: UnreadDismissed(lineage, seq, *WHO), st.sampled_from(LINEAGES), st.integers(1, 5)
    ),
    "StandInEntered": st.builds(
        lambda who, new, sex: StandInEntered(who, new, "", sex, "30대", *WHO),
        persons,
        st.sampled_from(["e09001", "e09002"]),
        st.sampled_from("FM"),
    ),
    "PassingEntered": st.builds(lambda who, point, at: PassingEntered(who, point, at, *WHO), persons, points, moments),
    "StartOffsetGiven": st.builds(lambda who, offset: StartOffsetGiven(who, offset, *WHO), persons, amounts),
    "TimeAdjusted": st.builds(lambda who, amount: TimeAdjusted(who, amount, *WHO), persons, amounts),
    "StatusRuled": st.builds(
        lambda who, status: StatusRuled(who, status, *WHO), persons, st.sampled_from(["dns", "dnf", "dsq", "withdrawn"])
    ),
    "TimeConfirmed": st.builds(
        lambda who, seconds: TimeConfirmed(who, Span(seconds * SECOND), *WHO), persons, st.sampled_from([598, 600])
    ),
    "ResultWithheld": st.builds(lambda who: ResultWithheld(who, *WHO), persons),
    "DeadHeatRuled": st.builds(
        lambda who, basis, seconds: DeadHeatRuled(
            tuple(who), basis, None if seconds is None else seconds * SECOND, *WHO
        ),
        st.lists(persons, min_size=2, max_size=3, unique=True),
        st.sampled_from(["net", "gun"]),
        st.sampled_from([None, None, 598]),
    ),
    "StationRepointed": st.builds(
        lambda station, point, since, until: StationRepointed(station, point, since, until, *WHO),
        stations,
        points,
        st.none() | moments,
        st.none() | moments,
    ),
    "ClockRuled": st.builds(
        lambda station, ahead, uncertainty: ClockRuled(station, ahead, Span(uncertainty * MILLISECOND), *WHO),
        stations,
        amounts | st.just(Span(0)),
        st.sampled_from([0, 20, 300]),
    ),
    "ClockJumpRuled": st.builds(
        lambda lineage, seq, whose: ClockJumpRuled(lineage, seq, whose, *WHO),
        st.sampled_from(LINEAGES),
        st.integers(1, 6),
        st.sampled_from(["server", "station"]),
    ),
    "StationGivenUp": st.builds(
        lambda station, lineage: StationGivenUp(station, (lineage,), *WHO), stations, st.sampled_from(LINEAGES)
    ),
    "ResultsHidden": st.builds(lambda hidden: ResultsHidden(hidden, *WHO), st.booleans()),
    "CourseClosed": st.builds(lambda at: CourseClosed(at, *WHO), st.sampled_from(["10:01", "10:30"]).map(after_gun)),
}
"""Every kind of correction but the undoing of another."""
corrections: st.SearchStrategy[Correction] = st.one_of(*rulings.values())
