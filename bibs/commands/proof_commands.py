"""The command that proves finished PDFs: ours, a print shop's, or anybody's."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from bibs.drawing.sheet import RaceHeader
from bibs.printing.inspection import Known, SeenPage, look, read_pages
from bibs.printing.packet import firms_of, spares_of
from bibs.printing.proof import DecoderFactory, Decoders
from timing.commands.command_line import command, race_option
from timing.errors import Unreachable
from timing.folder import find_race, open_race
from timing.language import N_, _, ngettext
from timing.race.codes import Code
from timing.race.marks import mark_book
from timing.terminal.output import say

WHOLE_FILE: Final = _("file")


def proof_command(readers: DecoderFactory) -> click.Command:
    """The command, with the decoders that judge."""

    @command(
        "proof",
        examples="marathon bibs proof bibs/c0001-한빛테크/10-배번.pdf\n"
        "marathon bibs proof 인쇄소에서온.pdf --race gvalley --layout a5",
    )
    @race_option
    @click.option(
        "--layout",
        metavar="NAME|FILE.toml",
        help=N_("its layout (default: found by size)"),
    )
    @click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
    def proof(race: Path | None, layout: str | None, files: tuple[Path, ...]) -> int:
        """Read PDFs of bibs back, and compare every page with the race.

        Says whose bib each page is and what is wrong; exit code 1 if anything is. Without a race folder it lists
        codes and marks.
        """
        missing = [file for file in files if not file.is_file()]
        if missing:
            raise Unreachable(_("there is no {missing}", missing=missing[0]))
        known = _known(race, layout, readers)
        if known is None:
            return _list(files, readers)
        found = [_prove(file, *known) for file in files]
        return int(any(found))

    return proof


def _known(race: Path | None, layout: str | None, readers: DecoderFactory) -> tuple[Known, Decoders] | None:
    """The race's data, and the decoders that know its marks; None where there is no race folder and none was named."""
    try:
        root = find_race(race)
    except Unreachable:
        if race:
            raise
        return None
    with open_race(root) as opened:
        folded, settings = opened.fold(), opened.settings
        firms = firms_of(folded, opened.names(folded))
        firms += [spares] if (spares := spares_of(folded)) else []
    occasion = RaceHeader(settings.name, settings.host, folded.course_m)
    return Known.of(firms, occasion, root, layout or settings.layout), readers.decoders(folded.office.marks)


def _prove(file: Path, known: Known, decoders: Decoders) -> bool:
    """Tell what a file holds; True if anything is wrong with it."""
    click.echo(str(file))
    bibs = faults = 0
    for seen in read_pages(file, known, decoders):
        bibs += seen.holder is not None
        faults += bool(seen.wrongs)
        click.echo(f"  {_line(seen)}")
    say(
        ngettext(
            "{file}: {n} bib, {faults} wrong", "{file}: {n} bibs, {faults} wrong", bibs, file=file.name, faults=faults
        )
        if faults
        else ngettext("{file}: {n} bib, right", "{file}: {n} bibs, all right", bibs, file=file.name)
    )
    return bool(faults) or not bibs


def _line(seen: SeenPage) -> str:
    where = str(_("page {page}", page=seen.page)) if seen.page else WHOLE_FILE
    who = f": {seen.holder[1].number} {seen.holder[1].name}, {seen.holder[0].name}" if seen.holder else ""
    found = "; ".join(
        str(
            _("bib {number}: {text}", number=wrong.number, text=wrong.text)
            if wrong.number and not seen.holder
            else wrong.text
        )
        for wrong in seen.wrongs
    )
    return f"{'✗' if seen.wrongs else '✓'} {where}{who}{' — ' + found if found else ''}"


def _list(files: Sequence[Path], readers: DecoderFactory) -> int:
    """What strangers see: no data to compare with."""
    say(_("no race folder: only codes and marks are listed"))
    everything: Mapping[str, Code] = {mark: Code("") for mark in mark_book()}
    decoders = readers.decoders(everything)
    for file in files:
        click.echo(str(file))
        for page in look(file, decoders):
            codes = ", ".join(text if ours else str(_("{text} (not a bib)", text=text)) for text, ours in page.codes)
            marks = ", ".join(page.marks) or "-"
            click.echo(_("  page {page}: QR {codes}; mark {marks}", marks=marks, page=page.page, codes=codes or "-"))
    return 0
