"""The same tables by polars, from arrays in memory: the yardstick of a rebuild. Codes are row numbers already, stations gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from benchmarks.field import Person
from timing.race.instants import SECOND
from timing.race.passings import Scan

Places = dict[str, tuple[int, ...]]
MIN_FINISH = 600 * SECOND
START_WINDOW = 900 * SECOND
NET = pl.col("net")


@dataclass(frozen=True, slots=True)
class Arrays:
    """Who runs, and every scan: whose, where and when."""

    people: pl.DataFrame
    scans: pl.DataFrame


def arrays(people: Sequence[Person], scans: Mapping[str, Sequence[Scan]]) -> Arrays:
    """What polars is given; making it costs it nothing."""
    entered = [person.entered for person in people]
    runners = pl.DataFrame(
        {
            "bib": [person.bib.bib for person in people],
            "sex": [one.sex for one in entered],
            "category": [one.category for one in entered],
            "company": [one.company for one in entered],
            "team": [one.team for one in entered],
            "gun": [person.gun for person in people],
        }
    ).with_row_index("runner")
    seen = [
        (at, scan.point == "finish", scan.instant)
        for at, one in enumerate(people)
        for scan in scans.get(one.bib.code, ())
    ]
    schema = {"runner": pl.UInt32, "finish": pl.Boolean, "at": pl.Int64}
    return Arrays(runners, pl.DataFrame(seen, schema, orient="row"))


@dataclass(frozen=True, slots=True)
class Tables:
    """Every finisher with three places, and the three group rankings."""

    finishers: pl.DataFrame
    companies: pl.DataFrame
    teams: pl.DataFrame
    turnout: pl.DataFrame


def tables(given: Arrays) -> Tables:
    """Judge and rank by the rules of a new race folder."""
    finishers = _finishers(given)
    companies = _sums(finishers, "company")
    turnout = finishers.group_by("company").len().with_columns(place=pl.col("len").rank("min", descending=True))
    return Tables(
        finishers, companies, _sums(finishers.filter(pl.col("team") != ""), "team"), turnout.sort("place", "company")
    )


def _finishers(given: Arrays) -> pl.DataFrame:
    seen = given.scans.with_columns(gun=given.people["gun"].gather(given.scans["runner"]))
    finishes = (
        seen.filter(pl.col("finish"), pl.col("at") >= pl.col("gun") + MIN_FINISH)
        .group_by("runner")
        .agg(finished=pl.col("at").min())
    )
    starts = (
        seen.filter(~pl.col("finish"), pl.col("at").is_between(pl.col("gun"), pl.col("gun") + START_WINDOW))
        .join(finishes, on="runner")
        .filter(pl.col("at") < pl.col("finished"))
        .group_by("runner")
        .agg(started=pl.col("at").max())
    )
    return (
        given.people.join(finishes, on="runner")
        .join(starts, on="runner", how="left")
        .with_columns(net=pl.col("finished") - pl.coalesce("started", "gun"))
        .sort("net", "finished", "bib")
        .with_columns(
            place=NET.rank("min"),
            sex_place=NET.rank("min").over("sex"),
            category_place=NET.rank("min").over("sex", "category"),
        )
    )


def _sums(finishers: pl.DataFrame, group: str) -> pl.DataFrame:
    return (
        finishers.group_by(group, maintain_order=True)
        .agg(score=NET.head(3).sum(), members=pl.len())
        .filter(pl.col("members") >= 3)
        .with_columns(place=pl.col("score").rank("min"))
        .sort("place", group)
    )


@dataclass(frozen=True, slots=True)
class GroupTables:
    """The group rankings of `make bench-results`, by the names of its rules: group and place."""

    finishers: pl.DataFrame
    lists: dict[str, pl.DataFrame]


def group_tables(given: Arrays, pick: int, together: int, window: int) -> GroupTables:
    """Judge, rank, and rank groups in six ways; `window` in microseconds."""
    finishers = _finishers(given)
    in_teams = finishers.filter(pl.col("team") != "")
    turnout = finishers.group_by("company").len().with_columns(score=-pl.col("len").cast(pl.Int64))
    lists = {
        "sum": _best(finishers, "company", NET, pick),
        "team": _best(in_teams, "team", NET, pick),
        "place": _best(finishers, "company", pl.col("place"), pick),
        "together": _together(finishers, together, window),
        "mix": _two_and_two(finishers),
        "count": turnout,
    }
    return GroupTables(
        finishers, {name: frame.with_columns(at=pl.col("score").rank("min")) for name, frame in lists.items()}
    )


def _best(finishers: pl.DataFrame, group: str, value: pl.Expr, pick: int) -> pl.DataFrame:
    sums = finishers.group_by(group, maintain_order=True).agg(score=value.head(pick).sum(), members=pl.len())
    return sums.filter(pl.col("members") >= pick)


def _together(finishers: pl.DataFrame, pick: int, window: int) -> pl.DataFrame:
    """The instant of the last of the first run inside the window, since the group's first gun."""
    last = pl.col("finished").shift(1 - pick).over("company")
    return (
        finishers.sort("finished")
        .with_columns(last=last, first_gun=pl.col("gun").min().over("company"))
        .filter(pl.col("last") - pl.col("finished") <= window)
        .group_by("company")
        .agg(score=(pl.col("last") - pl.col("first_gun")).min())
    )


def _two_and_two(finishers: pl.DataFrame) -> pl.DataFrame:
    return (
        finishers.group_by("company", "sex", maintain_order=True)
        .agg(score=NET.head(2).sum(), members=pl.len())
        .filter(pl.col("members") >= 2)
        .group_by("company")
        .agg(pl.col("score").sum(), sexes=pl.len())
        .filter(pl.col("sexes") == 2)
    )


def group_places_of(found: GroupTables) -> list[Places]:
    """For comparing, as `places_of`."""
    rows = found.finishers.select("bib", "place", "sex_place", "category_place").rows()
    lists = [frame.select("team" if name == "team" else "company", "at").rows() for name, frame in found.lists.items()]
    return [
        {str(bib): tuple(given) for bib, *given in rows},
        *({group: (int(place),) for group, place in one} for one in lists),
    ]


def places_of(found: Tables) -> list[Places]:
    """For comparing: overall, sex and category by bib, then each ranking by group."""
    rows = found.finishers.select("bib", "place", "sex_place", "category_place").rows()
    groups = [
        {group: (place,) for group, place in frame.select(key, "place").rows()}
        for frame, key in ((found.companies, "company"), (found.teams, "team"), (found.turnout, "company"))
    ]
    return [{str(bib): tuple(given) for bib, *given in rows}, *groups]
