"""Scores a race that was timed elsewhere: its files read, judged and ranked, and written as ours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from results.files.csv_files import csv_text
from results.files.exports import RANKINGS, rankings_rows, results_columns, results_rows
from results.ranking.rankings import rankings
from results.ranking.standings import Standings, standings
from results.score.facts import SOME_GUN, TimedElsewhere, folded
from results.score.input_files import RuleFile, decisions_of, entries_of, reads_of, rule_file
from results.score.odd import oddities
from results.score.reach import out_of_reach
from timing.language import Text
from timing.race.lint import RuleFinding, findings
from timing.race.rules import Rules


@dataclass(frozen=True, slots=True)
class ScoredRace:
    """The files by name, how many have a place and how many have none, and what is to be said; no file where a finding is grave."""

    findings: Sequence[RuleFinding]
    odd: Sequence[Text] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    placed: int = 0
    unplaced: int = 0


def race_in(entries: Path, reads: Path, rulings: Path | None, rules: Path | None) -> TimedElsewhere:
    """The race that these files tell.

    Raises:
        Unreachable: a file cannot be read.
        WrongUse: something in one of them is wrong.
    """
    ruled = rule_file(rules) if rules else RuleFile(Rules())
    entered, withheld = entries_of(entries)
    decided = decisions_of(rulings, {entry.bib for entry in entered}) if rulings else []
    seen = reads_of(reads, ruled.gun)
    return TimedElsewhere(entered, seen, decided, ruled.rules, SOME_GUN if ruled.gun is None else ruled.gun, withheld)


def scored_race(timed: TimedElsewhere, rulings: Path | None, done: Callable[[int], object]) -> ScoredRace:
    """Judge and rank the race; `done` hears of four steps. `rulings` is the file that warnings name.

    Rules with a grave finding are not applied: they cannot be meant, or not be answered by these files.
    """
    race = folded(timed)
    done(1)
    found = sorted([*out_of_reach(timed), *findings(timed.rules, race, timed.names)], key=lambda one: not one.grave)
    if any(one.grave for one in found):
        return ScoredRace(found)
    ranked = standings(race)
    done(1)
    files = _files(timed, ranked)
    done(2)
    return ScoredRace(found, list(oddities(timed, ranked, rulings)), files, len(ranked.ranked), len(ranked.others))


def _files(timed: TimedElsewhere, ranked: Standings) -> dict[str, str]:
    """Both files, with the bibs as they stand in the entries."""
    written, names = timed.written, timed.names
    people = [row | {"bib": written.get(row["bib"], "")} for row in results_rows(ranked, names)]
    groups = [
        row | {"counters": " ".join(written.get(bib, bib) for bib in row["counters"].split())}
        for row in rankings_rows(rankings(ranked, names), timed.names_in_lists)
    ]
    return {"results.csv": csv_text(results_columns(people), people), "rankings.csv": csv_text(RANKINGS, groups)}
