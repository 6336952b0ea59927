"""The commands of this room: results and explanations."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

import click

from results.as_of import AsOf, as_of_option, facts_as_of
from results.board.follow import view_of
from results.display import View
from results.explain import explain
from results.files.csv_files import Encoding, Misfit, csv_bytes
from results.files.exports import results_columns, results_json, results_rows
from results.files.files import FORMATS, Format, Printer, Wanted, result_files
from results.table import print_prizes, print_results
from timing.categories import outdated
from timing.command_line import command, race_option, say
from timing.errors import Unreachable, WrongUse
from timing.folder import OpenRace, open_race
from timing.log.witness import note_covering
from timing.lookup import entrant_of
from timing.race import Race, fold

RESULTS_EXAMPLES = """\
marathon results
marathon results --csv > results.csv
marathon results --json | less
marathon results --out 결과/
marathon results --out 결과/ --format xlsx,pdf --full-names
marathon results --out 결과/ --encoding cp949
marathon results --as-of 2026-09-03T14:30:00+09:00
"""


class FormatsParam(click.ParamType[tuple[Format, ...]]):
    """`csv,xlsx,pdf`."""

    name = "csv,xlsx,json,html,pdf"

    def convert(
        self, value: str | tuple[Format, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Format, ...]:
        if isinstance(value, tuple):
            return value
        asked = [one.strip().lower() for one in value.split(",") if one.strip()]
        unknown = [one for one in asked if one not in FORMATS]
        if unknown or not asked:
            self.fail(f"{', '.join(FORMATS)} 가운데 고르세요 / choose from {', '.join(FORMATS)}: {value!r}", param, ctx)
        return tuple(one for one in FORMATS if one in asked)


def results_command(printer: Printer) -> click.Command:
    """The command that shows and writes results, with the printer of the bibs for its PDF."""

    @command("results", examples=RESULTS_EXAMPLES)
    @race_option
    @as_of_option
    @click.option("--csv", "as_csv", is_flag=True, help="results.csv를 출력 / print results.csv")
    @click.option("--json", "as_json", is_flag=True, help="결과와 순위를 JSON으로 / results and rankings as JSON")
    @click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        help="results.csv와 rankings.csv를 이 폴더에, 다른 형식은 --format으로 / write both files there; others by --format",
    )
    @click.option(
        "--format",
        "formats",
        type=FormatsParam(),
        help="--out의 형식: results.xlsx, .json, .html, .pdf / formats for --out",
    )
    @click.option("--all", "every", is_flag=True, help="--out에 모든 형식 / every format into --out")
    @click.option(
        "--encoding",
        type=click.Choice(get_args(Encoding)),
        default="utf-8",
        show_default=True,
        help="CSV의 글자 코드 / of the CSV files",
    )
    @click.option(
        "--full-names",
        is_flag=True,
        help="이름을 가리지 않음(심판용, --out과 함께) / names unmasked, for officials; with --out",
    )
    @click.option("--prizes", is_flag=True, help="누가 무슨 상을 받는지 / who wins which prize")
    @click.option("--top", type=click.IntRange(min=1), help="앞 몇 명만 / only the first so many")
    def results(
        race: Path | None,
        as_of: AsOf | None,
        as_csv: bool,
        as_json: bool,
        out: Path | None,
        formats: tuple[Format, ...] | None,
        every: bool,
        encoding: Encoding,
        full_names: bool,
        prizes: bool,
        top: int | None,
    ) -> None:
        """결과와 순위. / Results and rankings: a table, CSV, XLSX, JSON, HTML or PDF."""
        if as_csv and as_json:
            raise WrongUse("--csv와 --json 가운데 하나만", "either --csv or --json")
        if out is None and (formats or every or full_names):
            raise WrongUse("--format, --all, --full-names에는 --out이 있어야 합니다", "these options need --out DIR")
        wanted = Wanted(FORMATS if every else formats or ("csv",), encoding, full_names)
        with open_race(race) as opened:
            folded = _race_as_of(opened, as_of)
            for korean, english in outdated(folded, folded.rules, opened.settings.date):
                say(f"⚠ {korean}", english)
            view = view_of(opened, folded)
            if as_csv:  # as bytes: the file's own encoding and line ends, whatever the terminal's are
                rows = results_rows(view.standings, view.names)
                public, misfits = csv_bytes(results_columns(rows), rows, encoding)
                _tell_misfits("results.csv", misfits)
                click.echo(public, nl=False)
            elif as_json:
                click.echo(results_json(view.standings, view.rankings, view.names).encode())
            elif prizes:
                print_prizes(view)
            elif out is None:
                print_results(view, top)
            if out:
                _write(opened, view, out, wanted, printer)

    return results


def _write(opened: OpenRace, view: View, out: Path, wanted: Wanted, printer: Printer) -> None:
    """Write the files, and tell what could not be said in them."""
    on_paper = [one for one in wanted.formats if one in ("xlsx", "html", "pdf")]
    note = note_covering(opened.root, opened.settings.id, view.version) if on_paper else None
    made = result_files(view, wanted, printer, note)
    write_results(out, made.files)
    for name, misfits in made.misfits.items():
        _tell_misfits(name, misfits)
    if made.undrawn:
        shown = " ".join(f"{one!r}" for one in sorted(made.undrawn))
        say(f"PDF: 글꼴에 없어 다른 표시로 대신한 글자 {shown}", f"characters that the fonts lack: {shown}")
    if on_paper and note is None:
        say(
            "서명한 점검표가 이 기록까지 없어 넣지 않았습니다(`marathon log checkpoint`)",
            "no signed checkpoint covers these results; make one with `marathon log checkpoint`",
        )
    say(f"{out}에 썼습니다: {', '.join(made.files)}", f"written to {out}")


def _tell_misfits(file: str, misfits: Sequence[Misfit]) -> None:
    """Each character that CP949 lacks in a text, with where it stands first and what stands instead."""
    found: dict[tuple[str, str], list[Misfit]] = {}
    for misfit in misfits:
        found.setdefault((misfit.text, misfit.character), []).append(misfit)
    for (text, character), places in found.items():
        first, lines = places[0], len({misfit.line for misfit in places})
        sign = f"{character} (U+{ord(character):04X})"
        korean, english = (f", 그 밖에 {lines - 1}행", f", and {lines - 1} more") if lines > 1 else ("", "")
        say(
            f"{file} {first.line}행{korean}, {first.column} {text!r}: CP949에 없는 {sign} 대신 {first.instead!r}",
            f"line {first.line}{english}: {first.instead!r} stands for what CP949 lacks",
        )


def _race_as_of(opened: OpenRace, as_of: AsOf | None) -> Race:
    """The race as the log told it then; names and rules are today's. Says so, since a sheet of paper would not."""
    race = fold(facts_as_of(opened.log, as_of))
    if as_of:
        say(f"기록 {race.facts}번까지입니다", f"as the log stood at position {race.facts}")
    return race


def write_results(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files into a folder; none of them takes its name before all of them are whole.

    Raises:
        Unreachable: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (folder / f"{name}.part").write_bytes(data)
        for name in files:
            (folder / f"{name}.part").replace(folder / name)
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
        row = view.standings.by_bib(entrant_of(folded, str(bib)).bib or bib)
        assert row is not None  # whoever has a bib has a row
        for line in explain(view, folded, row, facts_as_of(opened.log, as_of)):
            click.echo(line)
