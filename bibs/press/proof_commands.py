"""The command that proves finished PDFs: ours, a print shop's, or anybody's."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from bibs.drawing.sheet import Occasion
from bibs.press.inspection import Known, Seen, inspect, look
from bibs.press.packet import firms_of, spares_of
from bibs.press.proof import Eyes, Readers
from timing.codes import Code
from timing.command_line import command, race_option, say
from timing.errors import Unreachable
from timing.folder import find_race, open_race
from timing.marks import book

WHOLE_FILE: Final = "파일 / file"


def proof_command(readers: Readers) -> click.Command:
    """The command, with the eyes that judge."""

    @command(
        "proof",
        examples="marathon bibs proof bibs/c0001-한빛테크/10-배번.pdf\n"
        "marathon bibs proof 인쇄소에서온.pdf --race gvalley --layout a5",
    )
    @race_option
    @click.option(
        "--layout",
        metavar="NAME|FILE.toml",
        help="이 도안으로 봄(기본: 크기로 찾음) / its layout (default: found by size)",
    )
    @click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
    def proof(race: Path | None, layout: str | None, files: tuple[Path, ...]) -> int:
        """배번 PDF를 쪽마다 되읽어 명단과 견줍니다. / Read PDFs of bibs back, and compare every page with the race.

        쪽마다 누구의 배번인지와 틀린 것을 말합니다. 하나라도 틀리면 1로 끝납니다. 대회 폴더가 없으면 코드와 표식만 보여 줍니다.
        Says whose bib each page is and what is wrong; exit code 1 if anything is. Without a race folder it lists codes and marks.
        """
        missing = [file for file in files if not file.is_file()]
        if missing:
            raise Unreachable(f"{missing[0]}이(가) 없습니다", f"there is no {missing[0]}")
        known = _known(race, layout, readers)
        if known is None:
            return _list(files, readers)
        found = [_prove(file, *known) for file in files]
        return int(any(found))

    return proof


def _known(race: Path | None, layout: str | None, readers: Readers) -> tuple[Known, Eyes] | None:
    """The race's data, and the eyes that know its marks; None where there is no race folder and none was named."""
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
    occasion = Occasion(settings.name, settings.host, folded.course_m)
    return Known.of(firms, occasion, root, layout or settings.layout), readers.eyes(folded.book.marks)


def _prove(file: Path, known: Known, eyes: Eyes) -> bool:
    """Tell what a file holds; True if anything is wrong with it."""
    click.echo(str(file))
    bibs = faults = 0
    for seen in inspect(file, known, eyes):
        bibs += seen.holder is not None
        faults += bool(seen.wrongs)
        click.echo(f"  {_line(seen)}")
    say(
        f"{file.name}: 배번 {bibs}장, " + (f"틀린 곳 {faults}군데" if faults else "모두 맞음"),
        f"{bibs} bibs, " + (f"{faults} wrong" if faults else "all right"),
    )
    return bool(faults) or not bibs


def _line(seen: Seen) -> str:
    where = f"{seen.page}쪽 / page {seen.page}" if seen.page else WHOLE_FILE
    who = f": {seen.holder[1].number} {seen.holder[1].name}, {seen.holder[0].name}" if seen.holder else ""
    found = "; ".join(
        f"{f'배번 {wrong.number}: ' if wrong.number and not seen.holder else ''}{wrong.korean} / {wrong.english}"
        for wrong in seen.wrongs
    )
    return f"{'✗' if seen.wrongs else '✓'} {where}{who}{' — ' + found if found else ''}"


def _list(files: Sequence[Path], readers: Readers) -> int:
    """What strangers see: no data to compare with."""
    say("대회 폴더가 없어 코드와 표식만 봅니다", "no race folder: only codes and marks are listed")
    everything: Mapping[str, Code] = {mark: Code("") for mark in book()}
    eyes = readers.eyes(everything)
    for file in files:
        click.echo(str(file))
        for page in look(file, eyes):
            codes = ", ".join(text if ours else f"{text} (배번 아님 / no bib's)" for text, ours in page.codes)
            marks = ", ".join(page.marks) or "-"
            click.echo(f"  {page.page}쪽 / page {page.page}: QR {codes or '-'}; 표식 / mark {marks}")
    return 0
