"""The commands of this room: results and explanations."""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import click

from results.board.board_projection import view_of
from results.commands.as_of import AsOf, as_of_option, facts_as_of
from results.files.csv_files import Encoding, Misfit, csv_bytes, misfit_lines
from results.files.exports import results_columns, results_json, results_rows
from results.files.result_files import FORMATS, Format, Printer, WantedFiles, result_files
from results.files.terminal_tables import print_prizes, print_results
from results.files.writing import write_results
from results.view.explain import explain
from results.view.view import View
from timing.commands.command_line import command, race_option
from timing.commands.named import named_entrant
from timing.errors import WrongUse
from timing.folder import OpenRace, open_race
from timing.language import N_, _, warning
from timing.log.checkpoint_store import note_covering
from timing.race.categories import outdated
from timing.race.fold import Race, fold
from timing.terminal.output import say

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
            self.fail(str(_("choose from {formats}: {value!r}", formats=", ".join(FORMATS), value=value)), param, ctx)
        return tuple(one for one in FORMATS if one in asked)


def results_command(printer: Printer) -> click.Command:
    """The command that shows and writes results, with the printer of the bibs for its PDF."""

    @command("results", examples=RESULTS_EXAMPLES)
    @race_option
    @as_of_option
    @click.option("--csv", "as_csv", is_flag=True, help=N_("print results.csv"))
    @click.option("--json", "as_json", is_flag=True, help=N_("results and rankings as JSON"))
    @click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        help=N_("write both files there; others by --format"),
    )
    @click.option(
        "--format",
        "formats",
        type=FormatsParam(),
        help=N_("formats for --out"),
    )
    @click.option("--all", "every", is_flag=True, help=N_("every format into --out"))
    @click.option(
        "--encoding",
        type=click.Choice(get_args(Encoding)),
        default="utf-8",
        show_default=True,
        help=N_("of the CSV files"),
    )
    @click.option(
        "--full-names",
        is_flag=True,
        help=N_("names unmasked, for officials; with --out"),
    )
    @click.option("--prizes", is_flag=True, help=N_("who wins which prize"))
    @click.option("--top", type=click.IntRange(min=1), help=N_("only the first so many"))
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
        """Results and rankings: a table, CSV, XLSX, JSON, HTML or PDF."""
        if as_csv and as_json:
            raise WrongUse(_("either --csv or --json"))
        if out is None and (formats or every or full_names):
            raise WrongUse(_("these options need --out DIR"))
        wanted = WantedFiles(FORMATS if every else formats or ("csv",), encoding, full_names)
        with open_race(race) as opened:
            folded = _race_as_of(opened, as_of)
            for text in outdated(folded, folded.rules, opened.settings.date):
                say(warning(text))
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


def _write(opened: OpenRace, view: View, out: Path, wanted: WantedFiles, printer: Printer) -> None:
    """Write the files, and print which characters did not fit into them."""
    on_paper = [one for one in wanted.formats if one in ("xlsx", "html", "pdf")]
    note = note_covering(opened.root, opened.settings.id, view.version) if on_paper else None
    made = result_files(view, wanted, printer, note)
    write_results(out, made.files)
    for name, misfits in made.misfits.items():
        _tell_misfits(name, misfits)
    if made.undrawn:
        shown = " ".join(f"{one!r}" for one in sorted(made.undrawn))
        say(_("characters that the fonts lack: {shown}", shown=shown))
    if on_paper and note is None:
        say(
            _("no signed checkpoint covers these results; make one with `marathon log checkpoint`"),
        )
    say(_("written to {out}: {files}", out=out, files=", ".join(made.files)))


def _tell_misfits(file: str, misfits: Sequence[Misfit]) -> None:
    for line in misfit_lines(file, misfits):
        say(line)


def _race_as_of(opened: OpenRace, as_of: AsOf | None) -> Race:
    """The race as of then, with the directory of today; prints the position, which paper would not tell."""
    race = fold(facts_as_of(opened.log, as_of))
    if as_of:
        say(_("as the log stood at position {facts}", facts=race.facts))
    return race


@command("explain", examples="marathon explain 1024\nmarathon explain 1024 --as-of 5310")
@race_option
@as_of_option
@click.argument("bib", type=click.IntRange(min=1))
def explain_command(race: Path | None, as_of: AsOf | None, bib: int) -> None:
    """Every fact behind one result, in order."""
    with open_race(race) as opened:
        folded = _race_as_of(opened, as_of)
        view = view_of(opened, folded)
        row = view.standings.by_bib(named_entrant(folded, str(bib)).bib or bib)
        assert row is not None  # whoever has a bib has a row
        for line in explain(view, folded, row, facts_as_of(opened.log, as_of)):
            click.echo(line)
