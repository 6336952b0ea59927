"""The command `marathon score`: a race that was timed elsewhere, from its files to ours, judged by the code of the live race."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from results.files.writing import write_results
from results.score.scoring import race_in, scored_race
from timing.commands.command_line import F, command
from timing.errors import WrongUse
from timing.language import N_, _, ngettext
from timing.terminal.output import progress_bar, say

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
    timed = race_in(entries, reads, rulings, rules)
    with _bar(len(timed.reads)) as done:
        scored = scored_race(timed, rulings, done)
    for finding in scored.findings:
        click.echo(str(finding), err=True)
    if grave := sum(finding.grave for finding in scored.findings):
        raise WrongUse(
            ngettext(
                "{rules}: {n} error keeps these rules from being applied; nothing was written",
                "{rules}: {n} errors keep these rules from being applied; nothing was written",
                grave,
                rules=rules,
            ),
        )
    for text in scored.odd:
        say(text)
    write_results(out, scored.files)
    counts = {"finishers": scored.placed, "others": scored.unplaced}
    say(_("{finishers} with a place, {others} without; written to {out}", out=out, **counts))


@contextmanager
def _bar(reads: int) -> Iterator[Callable[[int], None]]:
    """The progress of a large race in quarters, on a terminal."""
    if reads < MANY_READS or not sys.stderr.isatty():
        yield lambda _: None
        return
    with progress_bar(length=4, label=str(_("judging and ranking"))) as bar:
        yield bar.update
