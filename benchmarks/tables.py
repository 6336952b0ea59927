"""The same tables by polars, from arrays in memory: the yardstick of a rebuild. Codes are row numbers already, stations gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from benchmarks.field import Person
from timing.instants import SECOND
from timing.passings import Scan

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


def places_of(found: Tables) -> list[Places]:
    """For comparing: overall, sex and category by bib, then each ranking by group."""
    rows = found.finishers.select("bib", "place", "sex_place", "category_place").rows()
    groups = [
        {group: (place,) for group, place in frame.select(key, "place").rows()}
        for frame, key in ((found.companies, "company"), (found.teams, "team"), (found.turnout, "company"))
    ]
    return [{str(bib): tuple(given) for bib, *given in rows}, *groups]
