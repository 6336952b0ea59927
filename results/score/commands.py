"""The command `marathon score`: a race that was timed elsewhere, from its files to ours, judged by the live race's own code."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from results.files.csv_files import csv_text
from results.files.exports import RANKINGS, rankings_rows, results_columns, results_rows
from results.files.writing import write_results
from results.ranking.rankings import rankings
from results.ranking.standings import Standings, standings
from results.score.facts import SOME_GUN, TimedElsewhere, folded
from results.score.input_files import RuleFile, decisions_of, entries_of, reads_of, rule_file
from results.score.odd import say_what_is_odd
from results.score.reach import out_of_reach
from timing.commands.command_line import F, command, progress_bar, say
from timing.errors import WrongUse
from timing.language import N_, _, ngettext
from timing.race.fold import Race
from timing.race.rules import Rules
from timing.race.rules.lint import findings

MANY_READS = 50_000  # two seconds' work: more than that is worth a bar


def _csv(option: str, text: str, required: bool = True) -> Callable[[F], F]:
    """An option that names a file to read."""
    return click.option(option, type=click.Path(path_type=Path), required=required, metavar="FILE", help=text)


@command(
    "score",
    examples="""
        marathon score --entries entries.csv --reads reads.csv --out 결과/
        marathon score --entries entries.csv --reads reads.csv --rulings rulings.csv --rules rules.toml --out 결과/
    """,
)
@_csv("--entries", N_("who is entered: bib,sex,category,company,team"))
@_csv("--reads", N_("what was read: point,bib,t_ms (or at)"))
@_csv("--rulings", N_("what officials decided: ruling,bibs,value,reason"), False)
@_csv("--rules", N_("rules and rankings: rules.toml"), False)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help=N_("write results.csv and rankings.csv there"),
)
def score(entries: Path, reads: Path, rulings: Path | None, rules: Path | None, out: Path) -> None:
    """Score a race that was timed elsewhere.

    No race folder and no database: files in, files out, judged as our own races are. CSV in UTF-8 with a header row, parted by
    commas, semicolons or tabs.

    \b
    entries  bib,sex,category,company,team[,joint_team,company_size]
             a team is its company's own, a joint_team has people of several
    reads    point,bib,t_ms|at
             point: start, finish; t_ms: milliseconds since the gun;
             at: ISO 8601 (needs gun in rules.toml)
    rulings  ruling,bibs,value,reason
             dnf, dns, dsq, withdrawn, withhold, dead_heat: bibs
             start_offset, finish_at: bibs and value in ms
             gun_offset: value alone
    rules    the TOML of `marathon rules preset`, and gun; errors of the linter stop it

    One company, team, category or sex is one however it is spaced, cased or given a legal form.
    """
    timed = _read(entries, reads, rulings, rules)
    with _bar(len(timed.reads)) as done:
        race = folded(timed)
        done(1)
        _ask_the_linter(timed, race, rules)
        ranked = standings(race)
        done(1)
        files = _files(timed, ranked)
        done(2)
    say_what_is_odd(timed, ranked, rulings)
    write_results(out, files)
    finishers, others = len(ranked.ranked), len(ranked.others)
    say(
        _("{finishers} with a place, {others} without; written to {out}", finishers=finishers, others=others, out=out),
    )


@contextmanager
def _bar(reads: int) -> Iterator[Callable[[int], None]]:
    """How far a large race has come, in quarters, where somebody looks on."""
    if reads < MANY_READS or not sys.stderr.isatty():
        yield lambda _: None
        return
    with progress_bar(length=4, label=str(_("judging and ranking"))) as bar:
        yield bar.update


def _read(entries: Path, reads: Path, rulings: Path | None, rules: Path | None) -> TimedElsewhere:
    """Everything the files say; whatever is wrong in one of them is told before anything is written."""
    ruled = rule_file(rules) if rules else RuleFile(Rules())
    entered, withheld = entries_of(entries)
    decided = decisions_of(rulings, {entry.bib for entry in entered}) if rulings else []
    seen = reads_of(reads, ruled.gun)
    return TimedElsewhere(entered, seen, decided, ruled.rules, SOME_GUN if ruled.gun is None else ruled.gun, withheld)


def _ask_the_linter(timed: TimedElsewhere, race: Race, rules: Path | None) -> None:
    """Tell what is odd about the rules.

    Raises:
        WrongUse: some of them cannot be meant, or not be applied to these files.
    """
    found = sorted([*out_of_reach(timed), *findings(timed.rules, race, timed.names)], key=lambda one: not one.grave)
    for finding in found:
        click.echo(str(finding), err=True)
    if grave := sum(finding.grave for finding in found):
        raise WrongUse(
            ngettext(
                "{rules}: {n} error keeps these rules from being applied; nothing was written",
                "{rules}: {n} errors keep these rules from being applied; nothing was written",
                grave,
                rules=rules,
            ),
        )


def _files(timed: TimedElsewhere, ranked: Standings) -> dict[str, str]:
    """Both files, with the bibs as they stand in the entries."""
    written, names = timed.written, timed.names
    people = [row | {"bib": written.get(row["bib"], "")} for row in results_rows(ranked, names)]
    groups = [
        row | {"counters": " ".join(written.get(bib, bib) for bib in row["counters"].split())}
        for row in rankings_rows(rankings(ranked, names), timed.names_in_lists)
    ]
    return {"results.csv": csv_text(results_columns(people), people), "rankings.csv": csv_text(RANKINGS, groups)}
