"""The commands of this room: results and explanations."""

from pathlib import Path

import click

from results.as_of import AsOf, as_of_option, facts_as_of
from results.display import View
from results.explain import explain
from results.exports import rankings_csv, results_csv, results_json
from results.follow import view_of
from results.table import print_results
from timing.command_line import command, race_option, say
from timing.errors import RaceError, Unreachable, WrongUse
from timing.folder import OpenRace, open_race
from timing.race import Race, fold


@command(
    "results",
    examples="marathon results\nmarathon results --csv > results.csv\nmarathon results --json | less\nmarathon results --out 결과/\nmarathon results --as-of 2026-09-03T14:30:00+09:00",
)
@race_option
@as_of_option
@click.option("--csv", "as_csv", is_flag=True, help="results.csv를 출력 / print results.csv")
@click.option("--json", "as_json", is_flag=True, help="결과와 순위를 JSON으로 / results and rankings as JSON")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="results.csv와 rankings.csv를 이 폴더에 / write both files there",
)
@click.option("--top", type=click.IntRange(min=1), help="앞 몇 명만 / only the first so many")
def results(
    race: Path | None, as_of: AsOf | None, as_csv: bool, as_json: bool, out: Path | None, top: int | None
) -> None:
    """결과와 순위. / Results and rankings: a table, CSV or JSON."""
    if as_csv and as_json:
        raise WrongUse("--csv와 --json 가운데 하나만", "either --csv or --json")
    with open_race(race) as opened:
        view = view_of(opened, _race_as_of(opened, as_of))
        if as_csv:  # as bytes: UTF-8 and these line ends, whatever the terminal's own are
            click.echo(results_csv(view.standings, view.names).encode(), nl=False)
        elif as_json:
            click.echo(results_json(view.standings, view.rankings, view.names).encode())
        elif out is None:
            print_results(view, top)
        if out:
            write_results(out, result_files(view))
            say(f"{out}에 썼습니다", f"written to {out}")


def _race_as_of(opened: OpenRace, as_of: AsOf | None) -> Race:
    """The race as the log told it then; names and rules are today's. Says so, since a sheet of paper would not."""
    race = fold(facts_as_of(opened.log, as_of))
    if as_of:
        say(f"기록 {race.facts}번까지입니다", f"as the log stood at position {race.facts}")
    return race


def result_files(view: View) -> dict[str, str]:
    """`results.csv` and `rankings.csv`."""
    return {
        "results.csv": results_csv(view.standings, view.names),
        "rankings.csv": rankings_csv(view.rankings, view.names),
    }


def write_results(folder: Path, files: dict[str, str]) -> None:
    """Write files into a folder.

    Raises:
        Unreachable: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
    except OSError as failure:
        raise Unreachable(f"{folder}에 쓸 수 없습니다: {failure}", f"cannot write to {folder}: {failure}") from failure


@command("explain", examples="marathon explain 1024\nmarathon explain 1024 --as-of 5310")
@race_option
@as_of_option
@click.argument("bib", type=click.IntRange(min=1))
def explain_command(race: Path | None, as_of: AsOf | None, bib: int) -> None:
    """한 결과 뒤의 모든 기록을 차례로 보여 줍니다. / Every fact behind one result, in order."""
    with open_race(race) as opened:
        folded = _race_as_of(opened, as_of)
        view = view_of(opened, folded)
        row = view.standings.by_bib(bib)
        if row is None:
            raise RaceError(f"배번 {bib}은(는) 없습니다", f"there is no bib {bib}")
        for line in explain(view, folded, row, facts_as_of(opened.log, as_of)):
            click.echo(line)
