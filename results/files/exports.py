"""Results as files: `results.csv` and `rankings.csv` in their public form, and JSON."""

import json
from collections.abc import Mapping, Sequence

from results.files.csv_files import csv_text
from results.ranking.rankings import Ranking, score_text
from results.ranking.rows import Row, Status
from results.ranking.standings import Standings
from timing.race.instants import Span, milliseconds
from timing.race.known_names import Names

RESULTS = [
    "place",
    "bib",
    "status",
    "gun_ms",
    "net_ms",
    "sex",
    "sex_place",
    "category",
    "category_place",
    "company",
    "team",
    "start_source",
]
RANKINGS = ["ranking", "division", "place", "group", "score", "counters"]
JOINT = "joint_team"
WITHHELD = "*"


def results_rows(standings: Standings, names: Names) -> list[dict[str, str]]:
    """The rows of `results.csv`; where teams have people of several companies, `joint_team` tells which these are."""
    joint = _joint_teams(standings)
    rows = [(_result(row, names), row.entrant.team in joint) for row in standings.rows]
    return (
        [row | {JOINT: row["team"] if is_joint else ""} for row, is_joint in rows]
        if joint
        else [row for row, _ in rows]
    )


def results_columns(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """The columns of these rows of `results.csv`, in their order."""
    return list(rows[0]) if rows else RESULTS


def _joint_teams(standings: Standings) -> set[str]:
    companies: dict[str, set[str]] = {}
    for row in standings.rows:
        companies.setdefault(row.entrant.team, set()).add(row.entrant.company)
    return {team for team, of in companies.items() if team and len(of) > 1}


def rankings_rows(rankings: Sequence[Ranking], names: Names) -> list[dict[str, str]]:
    """The rows of `rankings.csv`."""
    return [_ranking_row(ranking, at, names) for ranking in rankings for at in range(len(ranking.scores))]


def results_csv(standings: Standings, names: Names) -> str:
    rows = results_rows(standings, names)
    return csv_text(results_columns(rows), rows)


def rankings_csv(rankings: Sequence[Ranking], names: Names) -> str:
    return csv_text(RANKINGS, rankings_rows(rankings, names))


def results_json(standings: Standings, rankings: Sequence[Ranking], names: Names) -> str:
    document = {"results": results_rows(standings, names), "rankings": rankings_rows(rankings, names)}
    return json.dumps(document, ensure_ascii=False, indent=1)


def _result(row: Row, names: Names) -> dict[str, str]:
    """A row of `results.csv`; of a withheld runner only the place, which stays taken."""
    entrant = row.entrant
    if row.ruled.withheld:
        return dict.fromkeys(RESULTS, "") | {"place": _number(row.place), "status": "withheld"}
    return {
        "place": _number(row.place),
        "bib": _number(entrant.bib),
        "status": row.status,
        "gun_ms": _time(row.gun_time),
        "net_ms": _time(row.net_time),
        "sex": entrant.sex,
        "sex_place": _number(row.sex_place),
        "category": entrant.category,
        "category_place": _number(row.category_place),
        "company": names.companies.get(entrant.company, entrant.company),
        "team": names.teams.get(entrant.team, entrant.team),
        "start_source": row.start_source if row.status is Status.FINISHED else "",
    }


def _ranking_row(ranking: Ranking, at: int, names: Names) -> dict[str, str]:
    score = ranking.scores[at]
    called = names.companies if ranking.rule.group == "company" else names.teams
    return {
        "ranking": ranking.rule.name,
        "division": ranking.division,
        "place": str(score.place),
        "group": called.get(score.group, score.group),
        "score": "" if score.score is None else score_text(ranking.rule, score.score),
        "counters": " ".join(map(_counter, score.counters)),
    }


def _counter(row: Row) -> str:
    """The bib of somebody who counts for a group; of a withheld runner a star."""
    return WITHHELD if row.ruled.withheld else str(row.entrant.bib)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _time(time: Span | None) -> str:
    return "" if time is None else milliseconds(time)
