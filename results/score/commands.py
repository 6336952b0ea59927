"""The command `marathon score`: a race that was timed elsewhere, from its files to ours, judged by the live race's own code."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from results.commands import write_results
from results.files.csv_files import csv_text
from results.files.exports import RANKINGS, RESULTS, rankings_rows, results_rows
from results.ranking.rankings import rankings
from results.ranking.standings import Standings, standings
from results.score.facts import SOME_GUN, TimedElsewhere, folded
from results.score.files import RuleFile, decisions_of, entries_of, reads_of, rule_file
from timing.command_line import F, command, say
from timing.rules import Rules

FIRST_FEW = 5
MANY_READS = 50_000  # two seconds' work: more than that is worth a bar


def _csv(option: str, korean: str, english: str, required: bool = True) -> Callable[[F], F]:
    """An option that names a file to read."""
    return click.option(
        option, type=click.Path(path_type=Path), required=required, metavar="FILE", help=f"{korean} / {english}"
    )


@command(
    "score",
    examples="""
        marathon score --entries entries.csv --reads reads.csv --out 결과/
        marathon score --entries entries.csv --reads reads.csv --rulings rulings.csv --rules rules.toml --out 결과/
    """,
)
@_csv("--entries", "참가자: bib,sex,category,company,team", "who is entered: bib,sex,category,company,team")
@_csv("--reads", "읽은 것: point,bib,t_ms(또는 at)", "what was read: point,bib,t_ms (or at)")
@_csv("--rulings", "심판의 결정: ruling,bibs,value,reason", "what officials decided: ruling,bibs,value,reason", False)
@_csv("--rules", "규칙과 순위: rules.toml", "rules and rankings: rules.toml", False)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="results.csv와 rankings.csv를 이 폴더에 / write results.csv and rankings.csv there",
)
def score(entries: Path, reads: Path, rulings: Path | None, rules: Path | None, out: Path) -> None:
    """다른 곳에서 잰 대회의 결과와 순위. / Score a race that was timed elsewhere.

    대회 폴더도 데이터베이스도 없이, 우리 대회와 같은 판정으로 계산합니다. 파일의 모양은 README에 있습니다.

    No race folder and no database: files in, files out, judged as our own races are. The README tells what the files hold.
    """
    timed = _read(entries, reads, rulings, rules)
    _say_what_is_odd(timed)
    with _bar(len(timed.reads)) as done:
        race = folded(timed)
        done(1)
        ranked = standings(race)
        done(1)
        files = _files(timed, ranked)
        done(2)
    write_results(out, files)
    finishers, others = len(ranked.ranked), len(ranked.others)
    say(
        f"순위에 든 {finishers}명, 그 밖의 {others}명: {out}에 썼습니다",
        f"{finishers} with a place, {others} without; written to {out}",
    )


@contextmanager
def _bar(reads: int) -> Iterator[Callable[[int], None]]:
    """How far a large race has come, in quarters, where somebody looks on."""
    if reads < MANY_READS or not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=4, label="판정과 순위 / judging and ranking", file=sys.stderr) as bar:
        yield bar.update


def _read(entries: Path, reads: Path, rulings: Path | None, rules: Path | None) -> TimedElsewhere:
    """Everything the files say; whatever is wrong in one of them is told before anything is written."""
    ruled = rule_file(rules) if rules else RuleFile(Rules())
    entered = entries_of(entries)
    decided = decisions_of(rulings, {entry.bib for entry in entered}) if rulings else []
    seen = reads_of(reads, ruled.gun)
    return TimedElsewhere(entered, seen, decided, ruled.rules, SOME_GUN if ruled.gun is None else ruled.gun)


def _files(timed: TimedElsewhere, ranked: Standings) -> dict[str, str]:
    """Both files, with the bibs as they stand in the entries."""
    written, names = timed.written, timed.names
    people = [row | {"bib": written.get(row["bib"], "")} for row in results_rows(ranked, names)]
    groups = [
        row | {"counters": " ".join(written.get(bib, bib) for bib in row["counters"].split())}
        for row in rankings_rows(rankings(ranked, names), names)
    ]
    return {"results.csv": csv_text(RESULTS, people), "rankings.csv": csv_text(RANKINGS, groups)}


def _say_what_is_odd(timed: TimedElsewhere) -> None:
    """What changes no result, or not as somebody may think."""
    strangers = timed.strangers()
    if strangers:
        first = ", ".join(f"{bib} ({count})" for bib, count in sorted(strangers.items())[:FIRST_FEW])
        more = ", ..." if len(strangers) > FIRST_FEW else ""
        say(
            f"참가자가 아닌 배번 {len(strangers)}개의 스캔 {strangers.total()}개는 세지 않습니다: {first}{more}",
            f"{strangers.total()} reads of {len(strangers)} bibs that are no entrants do not count: {first}{more}",
        )
    for company, sizes in timed.sizes().items():
        if len(sizes) > 1:
            told = ", ".join(map(str, sorted(sizes)))
            say(
                f"{company}의 임직원 수가 여럿입니다({told}). 가장 큰 {max(sizes)}명으로 셉니다",
                f"{company} has several numbers of employees ({told}); the largest counts",
            )
    shared = timed.shared_teams() if any(rule.group == "team" for rule in timed.rules.ranking) else []
    if shared:
        first, more = ", ".join(shared[:FIRST_FEW]), ", ..." if len(shared) > FIRST_FEW else ""
        say(
            f"여러 소속에 있는 팀은 한 팀으로 셉니다: {first}{more}",
            f"a team that stands beside several companies counts as one team: {first}{more}",
        )
